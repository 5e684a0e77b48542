/** What was done before a run was stopped, as a video of its own: by an option, and by the API. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient, type FaceFusionClient } from '../../src/client/index.ts';
import { isAppError } from '../../src/core/errors.ts';
import type { ProcessOptions } from '../../src/core/options.ts';
import { processVideo } from '../../src/runner/process.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { countVideoFrames, createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';

const folder = createRunFolder();
const [face, clip] = [folder.at('face.png'), folder.at('talk.mp4')];
const FRAMES = 400;

beforeAll(async () => {
  const area = { left: 1000, top: 120, width: 520, height: 640 };
  await sharp(samplePhotoPath(3)).extract(area).resize(260).png().toFile(face);
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '15', '-pix_fmt', 'yuv420p'];
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${FRAMES / 25}`];
  ffmpeg(
    '-i',
    sampleVideoPath('cap12_edit'),
    ...sound,
    '-frames:v',
    String(FRAMES),
    '-vf',
    'scale=200:150',
    ...encode,
    clip,
  );
});
afterAll(() => folder.remove());

const secondsOf = (path: string, stream: 'a' | 'v'): number =>
  Number(
    execFileSync(
      'ffprobe',
      ['-v', 'error', '-select_streams', stream, '-show_entries', 'stream=duration', '-of', 'csv=p=0', path],
      { encoding: 'utf8' },
    ).trim(),
  );

describe('a run that was stopped', () => {
  const options: ProcessOptions = {
    ...{ sourcePaths: [face], targetPath: clip, outputPath: folder.at('out.mp4'), videoChunkSize: 15 },
  };

  it('gives its whole chunks as a video that is marked, signed and logged', async () => {
    await expect(processVideo({ ...options, publishPartial: true })).rejects.toMatchObject({ code: 'RESUME_MISMATCH' });
    const stop = new AbortController();
    const run = processVideo(options, {
      signal: stop.signal,
      onProgress: ({ stage, done }) => stage === 'process' && done >= 40 && stop.abort(),
    });
    // It stops at the next frame: by then another chunk may be whole.
    const stopped = await run.catch((error: unknown) => error);
    if (!isAppError(stopped)) throw stopped;
    expect(stopped.code).toBe('CANCELLED');
    const frames = Number(stopped.details?.framesKept);
    expect([30, 45]).toContain(frames);

    const kept = await processVideo({ ...options, publishPartial: true });
    expect(kept).toMatchObject({ outcome: 'completed', frames: { total: frames, changed: frames } });
    expect(kept.notes.map(({ code }) => code)).toContain('partial');
    expect(countVideoFrames(kept.outputPath)).toBe(frames);
    expect(secondsOf(kept.outputPath, 'v')).toBeCloseTo(frames / 25, 1);
    expect(secondsOf(kept.outputPath, 'a')).toBeCloseTo(frames / 25, 1);
    const verdict = await verifyFile(kept.outputPath);
    expect(verdict.mark?.job).toBe(kept.audit?.job);
    expect(verdict.recorded).toMatchObject([{ isSame: true }]);
    expect(verdict.credentials.state).toBe('trusted');
    expect(folder.list().filter((name) => name.includes('.chunks'))).toEqual([]);
  });
});

describe('a cancelled job', () => {
  let service: TestService;
  let key: string;
  let client: FaceFusionClient;
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await service.call(key, path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const upload = async (path: string): Promise<string> =>
    (
      await client.uploadFile(new Blob([Uint8Array.from(readFileSync(path))]), {
        fileName: path.split('/').at(-1) ?? '',
      })
    ).id;

  beforeAll(async () => {
    service = await openService({ auth: { required: true } }, { withWorker: true });
    key = await service.key();
    client = createClient({ baseUrl: service.url, key });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('keeps what it had done', async () => {
    const [source, target] = [await upload(face), await upload(clip)];
    const asked = {
      ...{ sources: [source], target, options: { videoChunkSize: 15 } },
      ranges: [{ start: 0, end: 5, off: true }],
    };
    const { body: job } = await call('POST', '/v1/jobs', asked);
    const path = `/v1/jobs/${job.id}`;
    expect(job.ranges).toEqual([{ start: 0, end: 5, off: true }]);
    expect((await call('POST', `${path}/keep`)).body).toMatchObject({ code: 'JOB_STATE' });
    const now = async () => (await call('GET', path)).body;
    await vi.waitFor(async () => expect(Number(Object((await now()).progress).done ?? 0)).toBeGreaterThan(40), {
      ...{ timeout: 60_000, interval: 200 },
    });
    expect((await call('POST', `${path}/cancel`)).body.state).toBe('cancelled');
    expect((await call('POST', `${path}/keep`)).body).toMatchObject({ state: 'queued', runs: 2 });
    await vi.waitFor(async () => expect(await now()).toMatchObject({ state: 'completed' }), {
      ...{ timeout: 60_000, interval: 200 },
    });
    const kept = await now();
    expect(kept.error).toBeUndefined();
    const { total, changed } = kept.frames as { total: number; changed: number };
    expect(total % 15).toBe(0);
    expect(total).toBeGreaterThanOrEqual(30);
    expect(total).toBeLessThan(FRAMES);
    expect(changed).toBe(total - 5);
    expect(kept).toMatchObject({ state: 'completed', audit: expect.any(String), outputs: [{ role: 'main' }] });
    expect(JSON.stringify(kept.notes)).toContain('"partial"');

    // Whoever asks for the whole gets the whole.
    const again = await call('POST', '/v1/jobs', asked);
    expect([again.status, again.body.id === job.id]).toEqual([201, false]);
    await call('POST', `/v1/jobs/${again.body.id}/cancel`);
  });
});
