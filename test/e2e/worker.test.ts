/** A worker on the embedded backend, in this process. */
import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src/core/logger.ts';
import type { Backend } from '../../src/jobs/backend.ts';
import type { JobEvent } from '../../src/jobs/job.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import { COMMON_LANE } from '../../src/jobs/queue/lanes.ts';
import type { Task, TaskEnd } from '../../src/jobs/queue/queue.ts';
import { lookResultSchema } from '../../src/jobs/tasks.ts';
import { listWorkers } from '../../src/jobs/worker-document.ts';
import { startWorker, type Worker } from '../../src/worker/start-worker.ts';
import { countVideoFrames, createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { allEnded, putAsset, submitJob, TENANT } from '../helpers/submit-job.ts';

type TaskEvent = Extract<JobEvent, { type: 'task' }>;

const folder = createRunFolder();
let backend: Backend;
let worker: Worker;
let source: string;
let photo: string;

beforeAll(async () => {
  await sharp(samplePhotoPath(3))
    .extract({ left: 1000, top: 120, width: 520, height: 640 })
    .png()
    .toFile(folder.at('source.png'));
  await sharp(samplePhotoPath(3))
    .extract({ left: 1000, top: 120, width: 520, height: 640 })
    .flop()
    .jpeg()
    .toFile(folder.at('two, people.jpg'));
  backend = await openBackend({ folder: folder.at('data') });
  source = await putAsset(backend, folder.at('source.png'), 'image');
  photo = await putAsset(backend, folder.at('two, people.jpg'), 'image');
  worker = await startWorker({
    ...{ backend, concurrency: 1, scratch: folder.at('scratch'), logger: silentLogger, memoryBytes: 4e9 },
    tryProviders: async () => new Map(),
  });
});

afterAll(async () => {
  await worker.close();
  expect(await listWorkers(backend)).toEqual([]);
  await backend[Symbol.asyncDispose]();
  folder.remove();
});

/** Waits for the end of a look. */
async function look(payload: Readonly<Record<string, unknown>>): Promise<TaskEnd> {
  const task: Task = {
    ...{
      id: `look-${Math.random().toString(36).slice(2)}`,
      kind: 'look',
      job: 'look',
      tenant: TENANT,
      priority: 'high',
    },
    ...{ cost: 1, lane: COMMON_LANE },
    payload: { tenant: TENANT, sources: [], map: [], frameNumber: 0, options: {}, ...payload },
  };
  return new Promise((resolve) => {
    const stop = backend.queue.watchEnds((end) => {
      if (end.task.id !== task.id) return;
      stop();
      resolve(end);
    });
    void backend.queue.add([task]);
  });
}

const targetOf = async (asset: string) => {
  const { key, fileName } = (await backend.store.read('asset', asset))!.value as { key: string; fileName: string };
  return { key, fileName };
};

const answerOf = (end: TaskEnd) => {
  if (end.outcome === 'failed') throw new Error(JSON.stringify(end.error));
  return lookResultSchema.parse(end.value);
};

describe('a worker', () => {
  it('makes a photo, publishes it once, and leaves nothing behind', async () => {
    const { id } = await submitJob(backend, { source, target: photo, name: 'result.jpg', kind: 'image' });
    const [job] = await allEnded(backend, [id]);
    expect(job).toMatchObject({ state: 'completed', frames: { total: 1, changed: 1 } });
    expect(job!.outputs).toEqual([
      expect.objectContaining({ name: 'result.jpg', role: 'main', contentType: 'image/jpeg' }),
    ]);
    const stored = [];
    for await (const { key } of backend.storage.list(`jobs/${id}/`)) stored.push(key);
    expect(stored).toEqual([job!.outputs[0]!.key]);
    await vi.waitFor(() => expect(readdirSync(folder.at('scratch/tasks'))).toEqual([]));
    const verdict = answerOf(await look({ what: 'verify', target: { key: stored[0]!, fileName: 'result.jpg' } }));
    expect(verdict.value).toMatchObject({ mark: expect.anything(), credentials: { state: 'trusted' } });
    expect(JSON.stringify(verdict)).not.toContain(folder.path);
  });

  it('post-processes what it has made, and publishes all of it', async () => {
    const post = [{ type: 'thumbnail', width: 160 }];
    const { id } = await submitJob(backend, { source, target: photo, name: 'my photo.jpg', kind: 'image', post });
    const [job] = await allEnded(backend, [id]);
    expect(job?.error).toBeUndefined();
    expect(job!.outputs.map(({ role }) => role)).toEqual(['main', 'poster']);
    expect(job!.outputs[0]).toMatchObject({ name: 'my photo.jpg' });
    for (const { key, bytes } of job!.outputs) expect(await backend.storage.head(key!)).toMatchObject({ bytes });
    expect(job!.timings.post).toBeGreaterThan(0);
  });

  it('answers with faces and their crops', async () => {
    const { value } = answerOf(await look({ what: 'faces', target: await targetOf(photo) }));
    const { faces } = value as { faces: readonly { crop: string }[] };
    expect(faces.length).toBe(1);
    expect(await backend.storage.head(faces[0]!.crop)).toMatchObject({ contentType: 'image/png' });
  });

  it('answers with a preview', async () => {
    const [target, face] = [await targetOf(photo), await targetOf(source)];
    const { picture, value } = answerOf(await look({ what: 'preview', target, sources: [face] }));
    expect(await backend.storage.head(picture!)).toMatchObject({ contentType: 'image/png' });
    expect(JSON.stringify(value)).not.toContain(folder.path);
  });

  it('ends a job with the reason where the input has no face, without a second try', async () => {
    await sharp({ create: { width: 200, height: 150, channels: 3, background: '#888' } })
      .png()
      .toFile(folder.at('grey.png'));
    const target = await putAsset(backend, folder.at('grey.png'), 'image');
    const { id } = await submitJob(backend, { source, target, name: 'out.png', kind: 'image' });
    const end = await new Promise<TaskEnd>((resolve) => {
      const stop = backend.queue.watchEnds((told) => {
        if (told.task.job !== id) return;
        stop();
        resolve(told);
      });
    });
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'TARGET_NO_FACE', retryable: false } });
    const events = await backend.store.events(`job:${id}`, 0, 100);
    expect(events.filter(({ value }) => (value as { outcome?: string }).outcome === 'begun')).toHaveLength(1);
    expect(JSON.stringify(end)).not.toContain(folder.path);
  });
});

describe('two workers that share a video', () => {
  it('make its chunks, join them once, and leave nothing but the output', async () => {
    const clip = folder.at('clip.mp4');
    ffmpeg(
      ...['-i', sampleVideoPath('cap12_edit'), '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100'],
      ...[
        '-t',
        '1.2',
        '-vf',
        'scale=200:150',
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-g',
        '10',
        '-c:a',
        'aac',
        clip,
      ],
    );
    const shared: Backend = { ...backend, isShared: true };
    const workers = await Promise.all(
      [1, 2].map(() =>
        startWorker({
          ...{ backend: shared, concurrency: 1, scratch: folder.at('shared'), logger: silentLogger, memoryBytes: 4e9 },
          tryProviders: async () => new Map(),
        }),
      ),
    );
    // The embedded service knows nothing of plans.
    await worker.close();
    const target = await putAsset(backend, clip, 'video');
    const options = { videoChunkSize: 10 };
    const { id } = await submitJob(shared, { source, target, name: 'result.mp4', kind: 'video', options });
    const [job] = await allEnded(backend, [id]);
    expect(job?.error).toBeUndefined();
    expect(job).toMatchObject({ state: 'completed', frames: { total: 30, changed: 30 }, plan: { frames: 30 } });
    expect(job!.plan!.chunks).toBeGreaterThan(2);
    const tasks = (await backend.store.events(`job:${id}`, 0, 1000)).map(({ value }) => value as TaskEvent);
    const begun = tasks.filter(({ type, kind, outcome }) => type === 'task' && kind === 'chunk' && outcome === 'begun');
    expect(new Set(begun.map((event) => event.worker)).size).toBe(2);

    const path = folder.at('result.mp4');
    const [output] = job!.outputs;
    await backend.storage.getFile(output!.key!, path);
    expect(countVideoFrames(path)).toBe(30);
    for (const one of workers) await one.close();
    const stored = [];
    for await (const { key } of backend.storage.list(`jobs/${id}/`)) stored.push(key);
    expect(stored).toEqual([output!.key]);
    expect(readdirSync(folder.at('shared'))).toEqual([]);
  });
});
