/** Workers as processes of their own, on a real Redis and an S3. */
import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Job, JobEvent } from '../../src/jobs/job.ts';
import { jobStream } from '../../src/jobs/job.ts';
import { storeChange } from '../../src/jobs/job-documents.ts';
import { listWorkers } from '../../src/jobs/worker-document.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { type Cluster, startCluster, type WorkerProcess } from '../chaos/cluster-processes.ts';
import { countVideoFrames, createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { allEnded, putAsset, submitJob } from '../helpers/submit-job.ts';
import { ensureBuilt } from './support/cli.ts';

type TaskEvent = Extract<JobEvent, { type: 'task' }>;

const FRAMES = 40;
const folder = createRunFolder();
let cluster: Cluster;
let workers: WorkerProcess[];
let source: string;
let photo: string;
let video: string;

beforeAll(async () => {
  ensureBuilt();
  const face = sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 });
  await face.clone().png().toFile(folder.at('source.png'));
  await face.clone().resize(440).flop().jpeg().toFile(folder.at('photo.jpg'));
  ffmpeg(
    ...['-i', sampleVideoPath('cap12_edit'), '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100'],
    ...['-t', String(FRAMES / 25), '-vf', 'scale=200:150', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '10'],
    ...['-c:a', 'aac', folder.at('clip.mp4')],
  );
  cluster = await startCluster({ folder: folder.path, leaseSeconds: 4, durable: false });
  source = await putAsset(cluster.backend, folder.at('source.png'), 'image');
  photo = await putAsset(cluster.backend, folder.at('photo.jpg'), 'image');
  video = await putAsset(cluster.backend, folder.at('clip.mp4'), 'video');
  workers = await Promise.all([cluster.startWorker(), cluster.startWorker()]);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  folder.remove();
});

const submitVideo = (): Promise<Job> =>
  submitJob(cluster.backend, {
    ...{ source, target: video, name: 'result.mp4', kind: 'video', options: { videoChunkSize: 10 } },
  });

async function tasksOf(id: string): Promise<readonly TaskEvent[]> {
  const events = await cluster.backend.store.events(jobStream(id), 0, 1000);
  return events.map(({ value }) => value as JobEvent).filter((event): event is TaskEvent => event.type === 'task');
}

/** Resolves with the first event of a job that is meant. */
function nextEvent(id: string, isMeant: (event: JobEvent) => boolean): Promise<JobEvent> {
  return new Promise((resolve) => {
    const stop = cluster.backend.store.watch((stream, { value }) => {
      if (stream !== jobStream(id) || !isMeant(value as JobEvent)) return;
      stop();
      resolve(value as JobEvent);
    });
  });
}

async function storedOf(id: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of cluster.backend.storage.list(`jobs/${id}/`)) keys.push(key);
  return keys;
}

/** The published output of a job that must have exactly one. */
async function outputOf(job: Job): Promise<string> {
  expect(job.error).toBeUndefined();
  expect(job.state).toBe('completed');
  const path = folder.at(`${job.id}-${job.outputs[0]!.name}`);
  await cluster.backend.storage.getFile(job.outputs[0]!.key!, path);
  return path;
}

async function expectRightVideo(job: Job): Promise<void> {
  const path = await outputOf(job);
  expect(job.frames).toMatchObject({ total: FRAMES, changed: FRAMES });
  expect(countVideoFrames(path)).toBe(FRAMES);
  const verdict = await verifyFile(path);
  expect(verdict).toMatchObject({ mark: { job: job.audit!.job }, credentials: { state: 'trusted' } });
  await vi.waitFor(async () => expect(await storedOf(job.id)).toEqual([job.outputs[0]!.key]), { timeout: 20_000 });
}

describe('a cluster', () => {
  it('knows its workers, and what they can run', async () => {
    const known = await listWorkers(cluster.backend);
    expect(known.map(({ id }) => id).sort()).toEqual(workers.map(({ id }) => id).sort());
    expect(known[0]).toMatchObject({ state: 'ready', concurrency: 1, lanes: ['common'], memoryBytes: 3e9 });
    expect(known[0]!.installation).toBe(known[1]!.installation);
  });

  it('makes a photo by the short path', async () => {
    const { id } = await submitJob(cluster.backend, { source, target: photo, name: 'out.jpg', kind: 'image' });
    const [job] = await allEnded(cluster.backend, [id]);
    expect(await verifyFile(await outputOf(job!))).toMatchObject({ mark: { job: job!.audit!.job } });
    expect((await tasksOf(id)).map(({ kind }) => kind)).toEqual(['whole', 'whole']);
  });

  it('spreads the chunks of a video over both workers, and joins them', async () => {
    const { id } = await submitVideo();
    const [job] = await allEnded(cluster.backend, [id]);
    await expectRightVideo(job!);
    const begun = (await tasksOf(id)).filter(({ outcome }) => outcome === 'begun');
    expect(begun.filter(({ kind }) => kind === 'chunk')).toHaveLength(job!.plan!.chunks);
    expect(new Set(begun.map(({ worker }) => worker)).size).toBe(2);
  });

  it('ends a job whose worker was killed in mid-chunk', async () => {
    const victim = await cluster.startWorker();
    const { id } = await submitVideo();
    await nextEvent(id, (event) => event.type === 'task' && event.kind === 'chunk' && event.worker === victim.id);
    victim.child.kill('SIGKILL');
    const [job] = await allEnded(cluster.backend, [id]);
    await expectRightVideo(job!);
    await vi.waitFor(() =>
      expect(cluster.processes().filter((line) => line.includes('runner-process'))).toHaveLength(2),
    );
  });

  it('lets a worker that is told to stop finish what it has in hand', async () => {
    const leaving = await cluster.startWorker();
    const { id } = await submitVideo();
    await nextEvent(id, (event) => event.type === 'task' && event.kind === 'chunk' && event.worker === leaving.id);
    leaving.child.kill('SIGTERM');
    expect(await leaving.exited).toBe(0);
    const [job] = await allEnded(cluster.backend, [id]);
    await expectRightVideo(job!);
    const ends = (await tasksOf(id)).filter(({ worker, outcome }) => worker === leaving.id && outcome !== 'begun');
    expect(ends.map(({ outcome }) => outcome)).toEqual(['completed']);
    expect(readdirSync(cluster.scratch)).not.toContain(leaving.id);
  });

  it('stops a job that is cancelled on every worker, before another job is begun', async () => {
    const { id } = await submitVideo();
    await nextEvent(id, (event) => event.type === 'task' && event.kind === 'chunk' && event.outcome === 'begun');
    await storeChange(cluster.backend.store, id, { type: 'cancelled' }, Date.now());
    await cluster.backend.queue.cancel(id);
    const after = await submitJob(cluster.backend, { source, target: photo, name: 'after.jpg', kind: 'image' });
    const [job] = await allEnded(cluster.backend, [after.id]);
    await outputOf(job!);
    const told = await tasksOf(id);
    expect(told.filter(({ outcome }) => outcome === 'failed' || outcome === 'retried')).toEqual([]);
    expect(told.filter(({ kind }) => kind === 'stitch')).toEqual([]);
    await vi.waitFor(async () =>
      expect((await cluster.backend.queue.stats()).every(({ active }) => active === 0)).toBe(true),
    );
    await vi.waitFor(async () => expect(await storedOf(id)).toEqual([]), { timeout: 20_000 });
  });

  it('leaves a task alone that no worker can run, and does it when one comes', async () => {
    const requires = { providers: [], models: [], memoryBytes: 4e9 };
    const request = { source, target: photo, name: 'large.jpg', kind: 'image', requires } as const;
    const { id } = await submitJob(cluster.backend, request);
    const other = await submitJob(cluster.backend, { source, target: photo, name: 'small.jpg', kind: 'image' });
    await allEnded(cluster.backend, [other.id]);
    expect(await tasksOf(id)).toEqual([]);
    const large = await cluster.startWorker(['--memory-limit', '5']);
    const [job] = await allEnded(cluster.backend, [id]);
    await outputOf(job!);
    expect((await tasksOf(id)).every(({ worker }) => worker === large.id)).toBe(true);
    large.child.kill('SIGTERM');
    expect(await large.exited).toBe(0);
  });

  it('refuses a worker with the keys of another installation', async () => {
    const stranger = cluster.startWorker([], { FACEFUSION_KEYS: folder.at('other-keys') });
    await expect(stranger).rejects.toThrow(/KEYS_UNUSABLE.*|Expected the keys of installation/s);
  });
});
