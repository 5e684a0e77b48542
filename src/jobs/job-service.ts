/** What can be done with jobs, whoever asks: the command line, the API or a test. */
import type { RunRange } from '../core/ranges.ts';
import type { MediaMap } from './assets-of.ts';
import type { Job, JobState, Media } from './job.ts';
import type { Priority } from './queue/queue.ts';

/** A part of a video with settings of its own. */
export interface NewRange extends Omit<RunRange, 'map'> {
  readonly map?: MediaMap<Media> | undefined;
}

/** A run as somebody asks for it. */
export interface NewRun {
  readonly sources: readonly Media[];
  readonly map?: MediaMap<Media> | undefined;
  /** Parts of a video with settings of their own, as the option `ranges`, with media in their maps. */
  readonly ranges?: readonly NewRange[] | undefined;
  readonly target: Media;
  readonly output:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'stored'; readonly name: string };
  /** `ProcessOptions` without paths, unparsed. A preset may be named. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A job as the API asks for it: submitted at once. */
export interface NewJob {
  readonly tenant: string;
  readonly owner: string;
  readonly run: NewRun;
  readonly post?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly priority?: Priority | undefined;
  readonly callback?: Job['callback'];
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** False: work that was done before is done again. */
  readonly reuse?: boolean | undefined;
}

/** Everything that concerns one tenant's jobs throws JOB_NOT_FOUND for those of another. */
export interface JobService {
  /**
   * Checks options, media and policy, and gives the job to the queue. The same work of the same tenant is not done twice:
   * its job is given back.
   * @throws OPTION_INVALID …, NOT_FOUND for media, POLICY_FORBIDS, OVERLOADED where too much is waiting
   */
  create(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  get(tenant: string, id: string): Promise<Job>;
  list(
    tenant: string,
    request: {
      readonly states?: readonly JobState[] | undefined;
      readonly limit: number;
      readonly cursor?: string | undefined;
    },
  ): Promise<{ readonly jobs: readonly Job[]; readonly next: string | undefined }>;
  /** Ends a job that has not ended; a job that has ended stays as it is. Reaches every worker within 2 s. */
  cancel(tenant: string, id: string): Promise<Job>;
  /** Queues a failed or cancelled job again; it goes on after the last whole chunk that is still there. @throws JOB_STATE */
  retry(tenant: string, id: string): Promise<Job>;
  /**
   * Queues a failed or cancelled job for an output of what it had done: of a video, whole chunks from the first frame on.
   * Where there are none, it fails with RESUME_MISMATCH.
   * @throws JOB_STATE, also for a photo
   */
  keep(tenant: string, id: string): Promise<Job>;
  /** Jobs that wait for a worker, the next one first. */
  order(tenant: string): Promise<readonly string[]>;
  /**
   * Lets a job that waits go before another one, or behind all.
   * @throws JOB_STATE where one of both does not wait, or waits for another hardware or with another priority
   */
  move(tenant: string, id: string, before: string | undefined): Promise<void>;
  /** Removes a job that has ended, with its outputs. @throws JOB_STATE */
  remove(tenant: string, id: string): Promise<void>;
}
