import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beside, hide } from '../../../test/helpers/planar-frames.ts';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { createFaceTracker, type TrackedFace } from './track.ts';

const FRAME = 1 / 25;
const OPTIONS = { minimumScore: 0.5 };

let store: ModelStore;
beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function follow(
  frames: readonly (I420Frame | RgbImage)[],
  timeOf = (i: number): number => i * FRAME,
): Promise<TrackedFace[][]> {
  const tracker = await createFaceTracker(store, OPTIONS);
  const result: TrackedFace[][] = [];
  for (const [i, frame] of frames.entries()) result.push(await tracker.update(frame, timeOf(i)));
  return result;
}

const ids = (result: TrackedFace[][]): number[][] => result.map((faces) => faces.map(({ trackId }) => trackId));

describe('createFaceTracker', () => {
  it('follows one face over a clip under one id', async () => {
    const result = await follow(readSampleFrames('cap12_edit', 4, 50));
    expect(ids(result)).toEqual(Array.from({ length: 50 }, () => [0]));
    for (const [face] of result) {
      expect(face!.meshScore).toBeGreaterThan(0.5);
      expect(face!.score).toBeGreaterThan(0.5);
    }
  });

  it('halves the jitter and keeps up with the mouth', async () => {
    const result = (await follow(readSampleFrames('cap12_edit', 4, 100, 960, 720))).map(([face]) => face!);
    const jitter = (key: 'mesh' | 'rawMesh'): number => {
      let sum = 0;
      for (let t = 11; t < 99; t++) {
        const [a, b, c] = [result[t - 1]![key], result[t]![key], result[t + 1]![key]];
        for (let i = 0; i < 468 * 3; i += 3) {
          sum += Math.hypot(b[i]! - (a[i]! + c[i]!) / 2, b[i + 1]! - (a[i + 1]! + c[i + 1]!) / 2);
        }
      }
      return sum;
    };
    expect(jitter('mesh')).toBeLessThan(jitter('rawMesh') / 2);
    const gap = (mesh: Float32Array, a: number, b: number): number =>
      Math.hypot(mesh[a * 3]! - mesh[b * 3]!, mesh[a * 3 + 1]! - mesh[b * 3 + 1]!);
    for (const { mesh, rawMesh } of result.slice(10)) {
      const interOcular = gap(rawMesh, 33, 263);
      for (const [upper, lower] of [
        [13, 14],
        [159, 145],
        [386, 374],
      ] as const) {
        const lag = Math.abs(gap(mesh, upper, lower) - gap(rawMesh, upper, lower)) / interOcular;
        expect(lag).toBeLessThan(0.04);
      }
    }
  });

  it('finds a newcomer within a second, and does not confuse the two', async () => {
    const left = readSampleFrames('cap12_edit', 4, 40);
    const right = readSampleFrames('cap13_edit2', 4, 40);
    const both = left.map((frame, i) => beside(frame, right[i]!));
    const result = await follow(both.map((frame, i) => (i < 10 ? hide(frame, 400, 800) : frame)));
    expect(ids(result).slice(0, 10)).toEqual(Array.from({ length: 10 }, () => [0]));
    const first = ids(result).findIndex((frame) => frame.length === 2);
    expect(first).toBeGreaterThanOrEqual(10);
    expect(first).toBeLessThan(35);
    expect(ids(result).slice(first)).toEqual(Array.from({ length: 40 - first }, () => [0, 1]));
    for (const [a, b] of result.slice(first)) {
      expect(a!.mesh[4 * 3]).toBeLessThan(400);
      expect(b!.mesh[4 * 3]).toBeGreaterThan(400);
    }
  });

  it('gives a face that was hidden for a moment its id back, and one that was gone a new one', async () => {
    const frames = readSampleFrames('cap12_edit', 4, 60);
    // Only the middle is hidden: the rest of the picture goes on, so this is no cut.
    const hidden = frames.map((frame, i) =>
      (i >= 10 && i < 16) || (i >= 25 && i < 45) ? hide(frame, 140, 260) : frame,
    );
    const seen = ids(await follow(hidden));
    expect(seen[12]).toEqual([]);
    expect(seen[22]).toEqual([0]);
    expect(seen[40]).toEqual([]);
    expect(seen[59]).toEqual([1]);
  });

  it('starts again after a cut', async () => {
    const [one, two] = [await readSamplePhoto(3, 960), await readSamplePhoto(6, 960)];
    const result = await follow([one, one, two, two]);
    const seen = ids(result);
    expect(seen[0]).toHaveLength(3);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toHaveLength(4);
    expect(seen[2]!.some((id) => seen[0]!.includes(id))).toBe(false);
    expect(seen[3]).toEqual(seen[2]);
  });

  it('finds small faces too, when it looks thoroughly', async () => {
    const small = await readSamplePhoto(5, 960);
    const frame: RgbImage = { data: new Uint8Array(1920 * 1080 * 3).fill(60), width: 1920, height: 1080 };
    for (let y = 0; y < small.height; y++) {
      frame.data.set(small.data.subarray(y * 960 * 3, (y + 1) * 960 * 3), (200 + y) * 1920 * 3 + 300);
    }
    const [faces] = await follow([frame]);
    expect(faces).toHaveLength(5);
  });

  it('returns nothing where nobody is', async () => {
    const empty: I420Frame = {
      data: new Uint8Array(320 * 240 * 1.5).fill(128),
      width: 320,
      height: 240,
      colour: { matrix: 'bt709', range: 'limited' },
    };
    expect(await follow([empty, empty, empty])).toEqual([[], [], []]);
  });
});
