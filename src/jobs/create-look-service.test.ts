import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAsset, openTestBackend } from '../../test/helpers/embedded-jobs.ts';
import { AppError } from '../core/errors.ts';
import type { Asset } from './asset.ts';
import type { Backend } from './backend.ts';
import { createLookService } from './create-look-service.ts';
import { installedRules } from './installed-rules.ts';
import type { LookService } from './look-service.ts';
import type { Attempt, QueueWorker, TaskHandler } from './queue/queue.ts';

let backend: Backend;
let looks: LookService;
let photo: Asset;
const workers: QueueWorker[] = [];

beforeEach(async () => {
  backend = await openTestBackend();
  looks = createLookService({ backend });
  photo = await addAsset(backend, 'acme', { fileName: 'party.jpg' });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await backend[Symbol.asyncDispose]();
});

const work = (handler: TaskHandler): void => {
  workers.push(backend.queue.work({ lanes: () => ['look-common'], concurrency: 1, handler }));
};
const waiting = async (): Promise<number> =>
  (await backend.queue.stats()).reduce((sum, lane) => sum + lane.waiting + lane.active, 0);
const target = (asset: Asset) => ({ kind: 'asset' as const, id: asset.id });

describe('look', () => {
  it('asks a worker and gives its answer', async () => {
    let asked: Attempt | undefined;
    work(async (attempt) => {
      asked = attempt;
      return { value: { faces: [1, 2] }, picture: 'looks/x/preview.png' };
    });
    const source = await addAsset(backend, 'acme');
    const answer = await looks.look({
      ...{ tenant: 'acme', what: 'preview', target: target(photo), sources: [target(source)] },
      options: { preset: 'fast' },
    });
    expect(answer).toEqual({ value: { faces: [1, 2] }, picture: 'looks/x/preview.png' });
    expect(asked?.task).toMatchObject({
      ...{ kind: 'look', tenant: 'acme', priority: 'high', lane: 'look-common' },
      payload: {
        ...{ what: 'preview', frameNumber: 0, target: { key: photo.key, fileName: 'party.jpg' } },
        ...{ sources: [{ key: source.key }], options: { outputImageQuality: 75 } },
      },
    });
  });

  it('carries the ranges of a preview, and whom they give another face', async () => {
    let asked: Attempt | undefined;
    work(async (attempt) => {
      asked = attempt;
      return { value: {}, picture: 'looks/x/preview.png' };
    });
    const [source, other] = [await addAsset(backend, 'acme'), await addAsset(backend, 'acme')];
    const video = await addAsset(backend, 'acme', {
      fileName: 'clip.mp4',
      media: { kind: 'video', format: 'mp4', width: 640, height: 360, durationSeconds: 4, frames: 100 },
    });
    const rule = (asset: Asset) => [{ person: 'person1', sources: [target(asset)] }];
    const request = {
      ...{ tenant: 'acme', what: 'preview' as const, map: rule(source), frameNumber: 20 },
      ranges: [
        { start: 0, end: 10, off: true },
        { start: 10, end: 30, options: { faceMaskBlur: 0.9 }, map: rule(other) },
      ],
    };
    await looks.look({ ...request, target: target(video) });
    expect(asked?.task.payload).toMatchObject({
      options: { ranges: [request.ranges[0], { start: 10, end: 30, options: { faceMaskBlur: 0.9 } }] },
      rangeMaps: [[], [{ person: 'person1', sources: [{ key: other.key }] }]],
    });
    await expect(looks.look({ ...request, frameNumber: 0, target: target(photo) })).rejects.toMatchObject({
      ...{ code: 'OPTION_INVALID', details: { option: 'ranges' } },
    });
  });

  it('looks through a target once for its people, and keeps who was seen beside it', async () => {
    const { storage } = backend;
    let asked = 0;
    work(async () => {
      const crop = `looks/look_${++asked}/person1.png`;
      await storage.put(crop, Buffer.from('a face'), { contentType: 'image/png' });
      return { value: { frames: 25, persons: [{ id: 'person1', crop }, { id: 'person2' }] } };
    });
    const ask = async () => (await looks.look({ tenant: 'acme', what: 'people', target: target(photo) })).value;
    const first = await ask();
    const crop = expect.stringMatching(new RegExp(`^people/${photo.key}/\\w+/person1.png$`));
    expect(first).toEqual({ frames: 25, persons: [{ id: 'person1', crop }, { id: 'person2' }] });
    await storage.removePrefix('looks/');
    expect(await ask()).toEqual(first);
    expect(asked).toBe(1);
    const [kept] = (first as { persons: { crop: string }[] }).persons;
    expect(await storage.head(kept?.crop ?? '')).toBeDefined();

    // Other models may see others.
    const rules = await installedRules()();
    const other = createLookService({ backend, rules: async () => ({ ...rules, models: 'others' }) });
    await other.look({ tenant: 'acme', what: 'people', target: target(photo) });
    expect(asked).toBe(2);
  });

  it('keeps nobody of a target that is removed meanwhile', async () => {
    work(async () => {
      await backend.store.remove('asset', photo.id);
      return { value: { frames: 1, persons: [] } };
    });
    await looks.look({ tenant: 'acme', what: 'people', target: target(photo) });
    for await (const { key } of backend.storage.list('people/')) throw new Error(`${key} was left behind.`);
  });

  it('throws what the task throws', async () => {
    work(async () => {
      throw new AppError('TARGET_NO_FACE', 'Nobody is there.', { hint: 'Another photo.' });
    });
    await expect(looks.look({ tenant: 'acme', what: 'faces', target: target(photo) })).rejects.toMatchObject({
      ...{ code: 'TARGET_NO_FACE', message: 'Nobody is there.', hint: 'Another photo.' },
    });
  });

  it('takes the task away where nobody waits any more', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const asked = looks.look({ tenant: 'acme', what: 'faces', target: target(photo), signal });
    // A worker that begins is what shows that it was added.
    await new Promise<void>((resolve) => {
      work(async (attempt) => {
        resolve();
        await new Promise((_, reject) => attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason)));
      });
    });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    for (const worker of workers) await worker.close();
    expect(await waiting()).toBe(0);
  });

  it('does not wait for ever', async () => {
    const hasty = createLookService({ backend, timeouts: { faces: 50 } });
    await expect(hasty.look({ tenant: 'acme', what: 'faces', target: target(photo) })).rejects.toMatchObject({
      ...{ code: 'OVERLOADED', retryable: true, details: { retryAfterSeconds: 10 } },
    });
    expect(await waiting()).toBe(0);
  });

  it('refuses what is not there, is of others, or makes no sense', async () => {
    const foreign = await addAsset(backend, 'beta');
    const ask = (more: Partial<Parameters<LookService['look']>[0]>): Promise<unknown> =>
      looks.look({ tenant: 'acme', what: 'faces', target: target(photo), ...more });
    await expect(ask({ target: target(foreign) })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask({ target: { kind: 'file', path: '/etc/passwd' } })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    const sound = target(await addAsset(backend, 'acme', { kind: 'audio' }));
    await expect(ask({ what: 'people', target: sound })).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    await expect(ask({ what: 'preview', options: { modelFolder: '/x' } })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(await waiting()).toBe(0);
  });
});
