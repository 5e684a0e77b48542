/** Runners that are kept: what a warm one gives, and what happens to one run when another's runner dies. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOptions } from '../../src/core/options.ts';
import type { ProcessResult } from '../../src/runner/process-result.ts';
import { runInChild } from '../../src/runner/runner-client.ts';
import { createRunnerPool, type RunnerPool } from '../../src/runner/runner-pool.ts';
import { ffmpeg, refusal } from '../helpers/make-media.ts';
import { createRunFolder, type RunFolder } from '../helpers/run-folder.ts';
import { sampleVideoPath } from '../helpers/sample-media.ts';
import { MEDIA } from './support/cli.ts';

let folder: RunFolder;
let pool: RunnerPool;
let source: string;
let photo: string;
let video: string;
beforeAll(async () => {
  folder = createRunFolder();
  [source, photo, video] = [folder.at('me.png'), folder.at('you.png'), folder.at('clip.mp4')];
  await sharp(MEDIA.threeWomen).extract({ left: 1000, top: 120, width: 520, height: 640 }).png().toFile(source);
  await sharp(MEDIA.fourWomen)
    .extract({ left: 1330, top: 60, width: 560, height: 640 })
    .resize(420)
    .png()
    .toFile(photo);
  await ffmpeg('-i', sampleVideoPath('cap12_edit'), '-an', '-frames:v', '12', '-crf', '10', video);
  pool = createRunnerPool({ size: 1 });
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  folder.remove();
});

const optionsOf = (targetPath: string, name: string, more: Partial<ProcessOptions> = {}): ProcessOptions => ({
  ...{ sourcePaths: [source], targetPath, outputPath: folder.at(name), executionThreadCount: 1 },
  ...more,
});

/** Where what is done does not matter: the lightest work. */
const sketch = (name: string): ProcessOptions => ({
  ...{ processors: ['stylizer'], stylizerModel: 'sketch', targetPath: video, outputPath: folder.at(name) },
});

/** Decoded pixels: files differ by the time in their Content Credentials. */
const pixelsOf = async (path: string): Promise<Buffer> => {
  if (path.endsWith('.png')) return sharp(path).raw().toBuffer();
  return execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'rawvideo', '-'], { maxBuffer: 1e9 });
};

const idsOf = ({ models }: ProcessResult): string[] => models.map(({ id, sha256 }) => `${id} ${sha256}`);

/** Ids of the processes that this one has started as runners. */
const runners = (): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('runner-process'))
    .map((line) => Number.parseInt(line, 10));

describe('a warm runner', () => {
  it('gives the pixels of a cold one, for photos and videos', async () => {
    for (const [target, ending, rounds] of [
      [photo, 'png', [1, 2]],
      [video, 'mp4', [1]],
    ] as const) {
      const cold = await runInChild(optionsOf(target, `cold.${ending}`));
      for (const round of rounds) {
        const name = `warm-${round}.${ending}`;
        const result = await pool.run({ name: 'process', options: optionsOf(target, name) });
        const { frames, notes, sources } = cold;
        expect(result).toMatchObject({ outcome: 'completed', frames, notes, sources });
        expect(idsOf(result)).toEqual(idsOf(cold));
        expect((await pixelsOf(folder.at(name))).equals(await pixelsOf(folder.at(`cold.${ending}`))), name).toBe(true);
      }
    }
    expect(runners()).toHaveLength(1);
  });

  it('loads no model for a photo, not even for the first one when it was warmed up', async () => {
    await using fresh = createRunnerPool({ size: 1 });
    const loaded: string[] = [];
    const debug = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      loaded.push(message === 'model loaded' ? String(fields?.id) : message);
    };
    const logger = { debug, info: () => {}, warn: () => {} };
    await fresh.warmUp({ logger });
    expect(loaded).toContain('face_mesh_attention');
    loaded.length = 0;
    await fresh.run({ name: 'process', options: optionsOf(photo, 'first.png') }, { logger });
    await pool.run({ name: 'process', options: optionsOf(photo, 'again.png') }, { logger });
    expect(loaded.filter((message) => message !== 'model released')).toEqual([
      ...['run begins', 'run ended', 'run begins', 'run ended'],
    ]);
  });

  it('looks at faces and people, writes their crops, and verifies', async () => {
    const cropsFolder = folder.at('crops');
    const { faces, ...size } = await pool.run({ name: 'faces', path: photo, cropsFolder });
    expect(size).toEqual({ width: 420, height: 480 });
    expect(faces[0]).toMatchObject({ gender: 'female' });
    expect(faces[0]?.landmarks5).toHaveLength(5);
    expect(JSON.stringify(faces)).not.toContain('embedding');
    expect((await sharp(faces[0]!.crop!).metadata()).width).toBe(256);

    const { persons, frames } = await pool.run({ name: 'people', path: video, cropsFolder });
    expect(frames).toBe(12);
    expect(persons.map(({ id, crop }) => ({ id, isThere: existsSync(crop ?? '') }))).toEqual([
      { id: 'person1', isThere: true },
    ]);

    const verdict = await pool.run({ name: 'verify', path: folder.at('warm-1.png') });
    expect(verdict.recorded.filter(({ isSame }) => isSame)).toMatchObject([{ job: verdict.mark?.job }]);
  });

  it('goes on after an error of a run', async () => {
    const [before] = runners();
    const error = await refusal(pool.run({ name: 'process', options: optionsOf(folder.at('nothing.png'), 'x.png') }));
    expect(error.code).toBe('INPUT_NOT_FOUND');
    expect((await pool.run({ name: 'faces', path: photo })).faces).toHaveLength(1);
    expect(runners()).toEqual([before]);
  });

  it('is replaced when it is killed, and the place of the output is tidied', async () => {
    const [before] = runners();
    const run = pool.run(
      { name: 'process', options: sketch('killed.mp4') },
      { onProgress: ({ stage }) => stage === 'process' && process.kill(before!, 'SIGKILL') },
    );
    const error = await refusal(run);
    expect(error).toMatchObject({ code: 'RUNNER_FAILED', retryable: true });
    expect(folder.list().filter((name) => name.startsWith('killed'))).toEqual([]);
    await pool.run({ name: 'process', options: sketch('killed.mp4') });
    expect(readFileSync(folder.at('killed.mp4')).length).toBeGreaterThan(0);
  });
});

describe('a pool', () => {
  let own: RunnerPool | undefined;
  afterEach(async () => own?.[Symbol.asyncDispose]());

  it('takes runs in turn, and lets a waiting one be cancelled', async () => {
    own = createRunnerPool({ size: 1 });
    const order: string[] = [];
    const controller = new AbortController();
    const first = own.run({ name: 'verify', path: photo }).then(() => order.push('first'));
    const second = own.run({ name: 'verify', path: photo }, { signal: controller.signal });
    const third = own.run({ name: 'verify', path: photo }).then(() => order.push('third'));
    expect([own.active, own.waiting]).toEqual([1, 2]);
    controller.abort();
    expect((await refusal(second)).code).toBe('CANCELLED');
    await Promise.all([first, third]);
    expect(order).toEqual(['first', 'third']);
    expect([own.active, own.waiting]).toEqual([0, 0]);
  });

  it.each([
    ['so many runs', { maxRuns: 1 }, ['runner replaced', 'runner ended']],
    ['more memory than it may have', { maxMemoryBytes: 1e6 }, ['runner replaced', 'runner ended']],
    ['a time without work', { idleSeconds: 0.05 }, ['runner ended']],
  ])('ends a runner after %s', async (_what, limits, expected) => {
    const seen: string[] = [];
    let ended = (): void => {};
    const hasEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const debug = (message: string): void => {
      seen.push(message);
      if (message === 'runner ended') ended();
    };
    own = createRunnerPool({ size: 1, ...limits, logger: { debug, info: () => {}, warn: () => {} } });
    await own.run({ name: 'verify', path: photo });
    await hasEnded;
    expect(seen).toEqual(expected);
    expect(await own.run({ name: 'verify', path: photo })).toMatchObject({ saysAltered: false });
  });

  it('kills a runner that does not react, and no other', async () => {
    own = createRunnerPool({ size: 2 });
    const controller = new AbortController();
    const known = runners();
    const frozen = refusal(
      own.run(
        { name: 'process', options: sketch('frozen.mp4') },
        {
          signal: controller.signal,
          onProgress: ({ stage }) => {
            if (stage !== 'process' || controller.signal.aborted) return;
            for (const id of runners().filter((one) => !known.includes(one))) process.kill(id, 'SIGSTOP');
            controller.abort();
          },
        },
      ),
    );
    expect((await frozen).code).toBe('CANCELLED');
    expect(runners()).toEqual(known);
    expect((await own.run({ name: 'faces', path: photo })).faces).toHaveLength(1);
    expect(folder.list().filter((name) => name.startsWith('frozen'))).toEqual([]);
  });

  it('cancels what goes on and refuses what comes when it is disposed', async () => {
    const closed = createRunnerPool({ size: 1 });
    let begun = (): void => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const going = refusal(
      closed.run({ name: 'process', options: sketch('stopped.mp4') }, { onProgress: () => begun() }),
    );
    const waiting = refusal(closed.run({ name: 'verify', path: photo }));
    await hasBegun;
    await closed[Symbol.asyncDispose]();
    expect((await going).code).toBe('CANCELLED');
    expect((await waiting).code).toBe('OVERLOADED');
    expect((await refusal(closed.run({ name: 'verify', path: photo }))).code).toBe('OVERLOADED');
    expect(folder.list()).not.toContain('stopped.mp4');
  });
});
