import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beside, hide, photoFrame } from '../../../test/helpers/planar-frames.ts';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { createTrackSteadier } from './steady-tracks.ts';
import { createFaceTracker, type FaceTrackerOptions, type TrackedFace } from './track.ts';

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
  options: Partial<FaceTrackerOptions> = {},
): Promise<TrackedFace[][]> {
  const tracker = await createFaceTracker(store, { ...OPTIONS, ...options });
  const result: TrackedFace[][] = [];
  for (const [i, frame] of frames.entries()) result.push(await tracker.update(frame, i * FRAME));
  return result;
}

/** In which frames the real detector runs, and how often in the first of them. */
async function searchesOf(
  frames: readonly (I420Frame | RgbImage)[],
  options: Partial<FaceTrackerOptions> = {},
): Promise<{ frames: number[]; first: number }> {
  let runs = 0;
  const counting: ModelStore = {
    ...store,
    session: async (id) => {
      const session = await store.session(id);
      const run: typeof session.run = (feeds) => {
        if (id === 'face_detection_full_range') runs++;
        return session.run(feeds);
      };
      return { ...session, run };
    },
  };
  const tracker = await createFaceTracker(counting, { ...OPTIONS, ...options });
  const counts: number[] = [];
  for (const [i, frame] of frames.entries()) {
    runs = 0;
    await tracker.update(frame, i * FRAME);
    counts.push(runs);
  }
  return {
    frames: counts.flatMap((count, i) => (count > 0 ? [i] : [])),
    first: counts.find((count) => count > 0) ?? 0,
  };
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

  it('searches in the first frame and every so many frames while a face is followed', async () => {
    const clip = readSampleFrames('cap12_edit', 4, 62);
    expect((await searchesOf(clip)).frames).toEqual([0, 15, 30, 45, 60]);
    expect((await searchesOf(clip, { interval: 40 })).frames).toEqual([0, 40]);
    expect((await searchesOf(clip.slice(0, 5), { interval: 1 })).frames).toEqual([0, 1, 2, 3, 4]);
  });

  it('searches at once after a cut and a loss, and now and then where nobody is', async () => {
    const clip = readSampleFrames('cap12_edit', 4, 40);
    const hidden = clip.map((frame, i) => (i >= 5 && i < 8 ? hide(frame, 140, 260) : frame));
    expect((await searchesOf(hidden)).frames).toEqual([0, 5, 6, 7, 8, 23, 38]);
    const photo = photoFrame(await readSamplePhoto(6, 400), clip[0]!);
    const cut = clip.map((frame, i) => (i < 3 ? frame : photo));
    expect((await searchesOf(cut)).frames).toEqual([0, 3, 18, 33]);
    const empty = clip.slice(0, 10).map((frame) => hide(frame, 0, 400));
    expect((await searchesOf(empty)).frames).toEqual([0, 4, 8]);
  });

  it('looks at more tiles where it is asked for smaller faces', async () => {
    const [frame] = readSampleFrames('cap12_edit', 4, 1);
    const runs = (tiles: number): Promise<number> => searchesOf([frame!], { tiles }).then(({ first }) => first);
    const [one, two, three] = [await runs(1), await runs(2), await runs(3)];
    expect(two).toBeGreaterThanOrEqual(one + 4);
    expect(three).toBeGreaterThanOrEqual(two + 9);
  });

  it('smooths as far as it is asked to', async () => {
    const clip = readSampleFrames('cap12_edit', 4, 12);
    const [raw, half, full] = [
      await follow(clip, { smoothing: 0 }),
      await follow(clip, { smoothing: 0.5 }),
      await follow(clip),
    ];
    expect(full[11]![0]!.mesh).not.toEqual(full[11]![0]!.rawMesh);
    for (const [i] of clip.entries()) {
      expect(raw[i]![0]!.mesh).toEqual(raw[i]![0]!.rawMesh);
      expect(raw[i]![0]!.mesh).not.toBe(raw[i]![0]!.rawMesh);
      const [a, b] = [raw[i]![0]!.mesh, full[i]![0]!.mesh];
      const distances = half[i]![0]!.mesh.map((value, k) => Math.abs(value - (a[k]! + b[k]!) / 2));
      expect(Math.max(...distances)).toBeLessThan(1e-4);
    }
  });

  it('tells of cuts', async () => {
    const [one, two] = [await readSamplePhoto(3, 960), await readSamplePhoto(6, 960)];
    const tracker = await createFaceTracker(store, OPTIONS);
    const cuts: boolean[] = [];
    for (const [i, photo] of [one, one, two, two].entries()) {
      await tracker.update(photo, i * FRAME);
      cuts.push(tracker.lastWasCut);
    }
    expect(cuts).toEqual([false, false, true, false]);
  });

  it('never gives an id a second time', async () => {
    const clip = readSampleFrames('cap12_edit', 4, 12);
    const photo = photoFrame(await readSamplePhoto(6, 400), clip[0]!);
    const tracker = await createFaceTracker(store, OPTIONS);
    const scenes: number[][] = [];
    for (let i = 0; i < 24; i++) {
      const faces = await tracker.update(Math.floor(i / 4) % 2 === 0 ? clip[i % 12]! : photo, i * FRAME);
      if (i % 4 === 3) scenes.push(faces.map(({ trackId }) => trackId));
    }
    expect(scenes.every((scene) => scene.length > 0)).toBe(true);
    expect(scenes.flat()).toEqual([...scenes.flat().keys()]);
  });

  it('misses a hidden face for no longer than the look-ahead bridges, close to where it was', async () => {
    const left = readSampleFrames('cap12_edit', 4, 40);
    const right = readSampleFrames('cap13_edit2', 4, 40);
    const open = left.map((frame, i) => beside(frame, right[i]!));
    const seen = await follow(open.map((frame, i) => (i === 20 || i === 21 ? hide(frame, 540, 660) : frame)));
    expect(ids(seen).slice(19, 24)).toEqual([[0, 1], [0], [0], [0], [0, 1]]);
    const steadier = createTrackSteadier<TrackedFace>();
    const steady = seen.flatMap((faces, index) => steadier.push({ index, timeSeconds: index * FRAME, faces }));
    expect(steady.every(({ faces }) => faces.length === 2)).toBe(true);
    const truth = await follow(open);
    for (const i of [20, 21, 22]) {
      const [bridged, real] = [steady[i]!.faces[1]!.mesh, truth[i]![1]!.mesh];
      const eyes = Math.hypot(real[263 * 3]! - real[33 * 3]!, real[263 * 3 + 1]! - real[33 * 3 + 1]!);
      let sum = 0;
      for (let k = 0; k < 468 * 3; k += 3) sum += Math.hypot(bridged[k]! - real[k]!, bridged[k + 1]! - real[k + 1]!);
      expect(sum / 468 / eyes).toBeLessThan(0.03);
    }
  });
});
