/** A cluster under fire: jobs are handed in while workers, runners, Redis and S3 fail; then it is looked at what became of them. */
import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '../../src/core/ids.ts';
import type { Job } from '../../src/jobs/job.ts';
import { allEnded, putAsset, submitJob } from '../helpers/submit-job.ts';
import { type Cluster, startCluster } from './cluster-processes.ts';
import { type Findings, findFaults, leftOf } from './find-faults.ts';
import { makeTrouble, type Say, type Trouble } from './make-trouble.ts';
import { CHUNK, makeMedia } from './media.ts';
import { createRandom } from './random.ts';

export interface ChaosOptions {
  /** Of trouble; what is left to do then is waited for. */
  readonly seconds: number;
  readonly jobs: number;
  readonly workers: number;
  readonly seed: number;
  readonly leaseSeconds: number;
  /** Of all files; removed by its creator. */
  readonly folder: string;
  readonly say: Say;
}

export interface ChaosReport extends Findings {
  readonly ok: boolean;
  readonly seed: number;
  readonly jobs: number;
  readonly videos: number;
  readonly trouble: Trouble;
  /** Of all, the wait for the last jobs included. */
  readonly seconds: number;
}

/** Every third job is a video. */
const isVideo = (number: number): boolean => number % 3 === 2;
/** Jobs come during this part of the trouble. */
const COMING = 0.7;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seconds, jobs: count, seed, leaseSeconds, folder, say } = options;
  const begun = performance.now();
  const random = createRandom(seed);
  await using cluster = await startCluster({ folder, leaseSeconds });
  const workers = await Promise.all(Array.from({ length: options.workers }, () => cluster.startWorker()));
  const [trouble, ids] = await Promise.all([
    makeTrouble({ cluster, workers, seconds, leaseSeconds, random, say }),
    submitAll(cluster, options),
  ]);
  say('no more trouble', { ...trouble });
  const jobs = await allEnded(cluster.backend, ids);
  say('all jobs have ended', { completed: jobs.filter(({ state }) => state === 'completed').length });
  // Takes over what those left that were killed last.
  workers.push(await cluster.startWorker());
  const findings = await findFaults(cluster, jobs, folder);
  for (const worker of workers) worker.child.kill('SIGTERM');
  const codes = await Promise.all(workers.map(({ exited }) => exited));
  const faults = [
    ...findings.faults,
    ...codes.filter((code) => code !== 0).map((code) => `a worker ended with ${code}`),
  ];
  const orphans = [...findings.orphans, ...leftOf(cluster)];
  return {
    ok: faults.length + orphans.length + findings.duplicates.length === 0 && findings.rightOutputs === count,
    ...{ seed, jobs: count, videos: ids.filter((_, number) => isVideo(number)).length, trouble },
    ...{ ...findings, faults, orphans },
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

/** Hands in the jobs one after another. @returns their ids */
async function submitAll(cluster: Cluster, { folder, jobs, seconds, say }: ChaosOptions): Promise<readonly string[]> {
  const media = await makeMedia((name) => `${folder}/${name}`);
  const put = (path: string, kind: 'image' | 'video'): Promise<string> =>
    untilTaken(() => putAsset(cluster.backend, path, kind), say);
  const source = await put(media.source, 'image');
  const photos = [];
  for (const path of media.photos) photos.push(await put(path, 'image'));
  const videos = [];
  for (const path of media.videos) videos.push(await put(path, 'video'));
  const ids: string[] = [];
  for (let number = 0; number < jobs; number++) {
    const kind: 'video' | 'image' = isVideo(number) ? 'video' : 'image';
    const targets = kind === 'video' ? videos : photos;
    const request = {
      ...{ id: newId('job'), source, kind, target: targets[number % targets.length]! },
      name: kind === 'video' ? 'result.mp4' : 'result.jpg',
      options: { videoChunkSize: CHUNK },
    };
    const job: Job = await untilTaken(() => submitJob(cluster.backend, request), say);
    say('job', { job: job.id, kind });
    ids.push(job.id);
    await wait((seconds * COMING * 1000) / jobs);
  }
  return ids;
}

/** As a client would: what cannot be taken now is handed in again. */
async function untilTaken<T>(work: () => Promise<T>, say: Say): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      say('not taken', { reason: String(error) });
      await wait(1000);
    }
  }
}
