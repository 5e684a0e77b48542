/** Answers that somebody waits for, through the same queue as jobs, ahead of them. */
import type { JobProgress, Media } from './job.ts';
import type { NewRange } from './job-service.ts';

/** How far a look is. */
export type LookProgress = Omit<JobProgress, 'chunks'>;

export interface LookRequest {
  readonly tenant: string;
  readonly what: 'faces' | 'people' | 'preview' | 'verify';
  readonly target: Media;
  readonly sources?: readonly Media[] | undefined;
  readonly map?: readonly { readonly person: string; readonly sources: readonly Media[] }[] | undefined;
  /** Of a preview of a video: as of its job. */
  readonly ranges?: readonly NewRange[] | undefined;
  /** Of a video, from 0. */
  readonly frameNumber?: number | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called at most ten times a second, for `people` of a video only; what gets lost on the way is not told again. */
  readonly onProgress?: ((progress: LookProgress) => void) | undefined;
}

export interface LookAnswer {
  /** As the runner gave it: faces, people, a `PreviewResult` or a `FileVerdict`, without paths. */
  readonly value: unknown;
  /** Storage key of the picture of a preview. */
  readonly picture?: string | undefined;
}

export interface LookService {
  /**
   * Waits for the answer. Aborting `signal` takes the task away.
   * @throws NOT_FOUND for media, OVERLOADED where no worker has answered in time or can begin, and what the task throws
   */
  look(request: LookRequest): Promise<LookAnswer>;
}
