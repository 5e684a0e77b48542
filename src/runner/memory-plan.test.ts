import { describe, expect, it } from 'vitest';
import { isAppError } from '../core/errors.ts';
import { VIDEO_PRESETS } from '../core/output-options.ts';
import { LOOK_AHEAD_FRAMES } from '../engine/faces/steady-tracks.ts';
import { type MemoryPlan, type MemorySubject, planMemory } from './memory-plan.ts';

type Options = Parameters<typeof planMemory>[0];
const GB = 1e9;
const base: Options = {
  lite: false,
  systemMemoryLimit: 0,
  executionThreadCount: undefined,
  outputVideoPreset: 'veryfast',
  outputVideoScale: 1,
};
const video = (frameWidth: number, frameHeight: number, more: object = {}): MemorySubject => ({
  kind: 'video',
  info: { frameWidth, frameHeight, bitDepth: 8, toneMapped: false, ...more },
  output: { chunkEncoder: 'libx264', bitDepth: 8 },
});
const HD = video(1280, 720);
const FULL_HD = video(1920, 1080);
const UHD = video(3840, 2160);

function refusalOf(options: Options, subject: MemorySubject, cores = 2) {
  try {
    planMemory(options, subject, cores);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  return expect.unreachable();
}

describe('the estimate', () => {
  // Peaks of the process tree, shared pages counted once, on two cores: one encoder at the time of the sample.
  it.each([
    ['720p', HD, 1, 519e6],
    ['1080p', FULL_HD, 1, 684e6],
    ['2160p', UHD, 1, 1393e6],
    ['720p, two threads', HD, 2, 585e6],
    ['720p, four threads', HD, 4, 765e6],
  ] as const)('is between a measured peak and a quarter above it: %s', (_, subject, threads, measured) => {
    // A limit that two encoders at once exceed, and one does not.
    const options = { ...base, executionThreadCount: threads, systemMemoryLimit: (1.25 * measured) / GB };
    const { estimateBytes, encodersAtOnce } = planMemory(options, subject, 2);
    expect(encodersAtOnce).toBe(1);
    expect(estimateBytes).toBeGreaterThan(measured);
  });

  it.each([
    [4000, 3202, 470e6],
    [8000, 6404, 1033e6],
  ])('holds for a photo of %i x %i', (width, height, measured) => {
    const { estimateBytes } = planMemory(base, { kind: 'image', width, height }, 2);
    expect(estimateBytes).toBeGreaterThan(measured);
    expect(estimateBytes).toBeLessThan(1.25 * measured);
  });

  const estimate = (options: Partial<Options>, subject: MemorySubject, cores = 2): number =>
    planMemory({ ...base, ...options }, subject, cores).estimateBytes;

  it('grows with size, depth, cores and slower presets', () => {
    expect(estimate({}, FULL_HD)).toBeGreaterThan(estimate({}, HD));
    expect(estimate({ outputVideoScale: 2 }, HD)).toBeGreaterThan(estimate({}, HD));
    expect(estimate({}, video(1280, 720, { bitDepth: 10, toneMapped: true }))).toBeGreaterThan(estimate({}, HD));
    expect(estimate({ executionThreadCount: 1 }, HD, 8)).toBeGreaterThan(estimate({ executionThreadCount: 1 }, HD, 4));
    const byPreset = VIDEO_PRESETS.map((outputVideoPreset) => estimate({ outputVideoPreset }, HD));
    expect(byPreset).toEqual([...byPreset].sort((a, b) => a - b));
  });
});

describe('planMemory', () => {
  it('takes what helps where there is no limit, whatever it needs', () => {
    expect(planMemory(base, video(7680, 4320), 64)).toMatchObject({
      lookAheadFrames: LOOK_AHEAD_FRAMES,
      readAheadFrames: 3,
      threads: 5,
      encodersAtOnce: 2,
      notes: [],
    });
  });

  it('gives up time before quality, and never takes more for a smaller limit', () => {
    const subject = UHD;
    const options = { ...base, executionThreadCount: 4 };
    const plans: MemoryPlan[] = [];
    let limit = planMemory(options, subject, 4).estimateBytes / GB + 0.1;
    for (; limit > 0; limit -= 0.005) {
      try {
        const plan = planMemory({ ...options, systemMemoryLimit: limit }, subject, 4);
        expect(plan.estimateBytes).toBeLessThanOrEqual(limit * GB);
        plans.push(plan);
      } catch (error) {
        expect(error).toMatchObject({ code: 'MEMORY_LIMIT' });
        break;
      }
    }
    expect(plans[0]).toMatchObject({ threads: 4, encodersAtOnce: 2, lookAheadFrames: LOOK_AHEAD_FRAMES });
    expect(plans.at(-1)).toMatchObject({ threads: 1, encodersAtOnce: 1, readAheadFrames: 1, lookAheadFrames: 1 });
    for (const name of ['threads', 'encodersAtOnce', 'readAheadFrames', 'lookAheadFrames', 'estimateBytes'] as const) {
      const values = plans.map((plan) => plan[name]);
      expect(values, name).toEqual([...values].sort((a, b) => b - a));
    }
    for (const plan of plans) if (plan.lookAheadFrames < LOOK_AHEAD_FRAMES) expect(plan.threads).toBe(1);
    expect(plans.at(-1)!.notes[0]!.message).toMatch(
      /one thread instead of 4 and a look-ahead of one frame instead of 3\.$/,
    );
  });

  it('runs lite with the smallest look-ahead and one thread, below 2 GB', () => {
    const options = { ...base, lite: true, executionThreadCount: 8 };
    const plan = planMemory(options, FULL_HD, 8);
    expect(plan).toMatchObject({ lookAheadFrames: 1, readAheadFrames: 1, threads: 1, encodersAtOnce: 1 });
    expect(plan.estimateBytes).toBeLessThan(2 * GB);
    expect(planMemory({ ...options, systemMemoryLimit: 64 }, FULL_HD, 8)).toEqual(plan);
    expect(refusalOf(options, video(7680, 4320)).message).toContain('at most 2 GB');
  });

  it('refuses what cannot fit, and what it says would fit does', () => {
    const options = { ...base, systemMemoryLimit: 1.5, outputVideoPreset: 'slow' } as const;
    const error = refusalOf(options, UHD);
    expect(error.code).toBe('MEMORY_LIMIT');
    expect(error.message).toMatch(
      /^Expected a run that needs at most 1\.5 GB of memory, but this one needs about \d\.\d GB\.$/,
    );
    const [, preset, limit] = /--output-video-preset (\w+), or with --system-memory-limit ([\d.]+)\.$/.exec(
      error.hint!,
    )!;
    const faster = { ...options, outputVideoPreset: preset as 'fast' };
    expect(planMemory(faster, UHD, 2).estimateBytes).toBeLessThanOrEqual(1.5 * GB);
    expect(planMemory({ ...options, systemMemoryLimit: Number(limit) }, UHD, 2).threads).toBe(1);
    expect(refusalOf({ ...options, systemMemoryLimit: 0.05 }, HD).hint).not.toContain('preset');
  });

  it('names no preset for a photo', () => {
    const error = refusalOf({ ...base, systemMemoryLimit: 0.2 }, { kind: 'image', width: 8000, height: 6000 });
    expect(error.hint).toMatch(/^It would fit with --system-memory-limit [\d.]+\.$/);
  });
});
