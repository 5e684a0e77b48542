import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { I420Frame } from '../../core/image.ts';
import { silentLogger } from '../../core/logger.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { createFaceAnalyser } from '../faces/analyse.ts';
import { meshInRegion } from '../faces/mesh-in-region.ts';
import { createFaceTracker, type TrackedFace } from '../faces/track.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { faceSwapper } from './face-swapper.ts';
import type { FaceOutcome, FaceProcessor, SourcePhoto } from './processor.ts';

const FRAMES = 30;
const FRAME_SECONDS = 1 / 25;

let store: ModelStore;
let source: SourcePhoto;
let frames: readonly I420Frame[];
let tracks: readonly (readonly TrackedFace[])[];

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const image = await readSamplePhoto(6);
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const [face] = await analyser.analyse(image, {});
  source = { path: 'a.jpg', image, face };
  frames = readSampleFrames('cap12_edit', 1, FRAMES);
  const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
  const found: TrackedFace[][] = [];
  for (const [i, frame] of frames.entries()) found.push(await tracker.update(frame, i * FRAME_SECONDS));
  tracks = found;
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const create = (options: Readonly<Record<string, unknown>> = {}, models = store): Promise<FaceProcessor> =>
  faceSwapper.create({
    store: models,
    sources: [source],
    logger: silentLogger,
    options: parseProcessOptions({ ...options, sourcePaths: ['a'], targetPath: 'b', outputPath: 'c' }),
  });

/** The store, and what counts the searches for hands. */
function countingStore(): { readonly models: ModelStore; readonly searches: () => number } {
  let searches = 0;
  const models: ModelStore = {
    ...store,
    async session(id) {
      const session = await store.session(id);
      if (!id.startsWith('palm_detection')) return session;
      const run: typeof session.run = (feeds) => {
        searches++;
        return session.run(feeds);
      };
      return { ...session, run };
    },
  };
  return { models, searches: () => searches };
}

async function swapFrame(processor: FaceProcessor, index: number): Promise<Uint8Array> {
  const frame = { ...frames[index], data: new Uint8Array(frames[index].data) };
  expect(tracks[index]).toHaveLength(1);
  const [face] = tracks[index];
  const outcome = await processFace(processor, frame, face, index);
  expect(outcome.kind).toBe('changed');
  return frame.data;
}

async function processFace(
  processor: FaceProcessor,
  frame: I420Frame,
  face: TrackedFace,
  frameIndex: number,
): Promise<FaceOutcome> {
  const region = processor.regionOf(face, frame);
  const pixels = processor.takePixels(frame, region);
  const mesh = meshInRegion(face.mesh, region);
  const time = { frameIndex, timeSeconds: frameIndex * FRAME_SECONDS, isStill: false };
  const outcome = await processor.processFace(pixels, { ...face, mesh }, time);
  if (outcome.kind === 'changed') pixels.writeBack();
  return outcome;
}

describe('face_swapper', () => {
  // 14 is between two estimates of outliers, of the target's shape and of hands; 2 is among the first frames.
  it.each([2, 14])('goes on in another process after frame %i as if nothing had happened', async (stop) => {
    const expected: Uint8Array[] = [];
    let middle: Buffer | undefined;
    {
      await using whole = await create();
      for (let i = 0; i < FRAMES; i++) {
        expected.push(await swapFrame(whole, i));
        // Taken from the one that goes on: saving changes nothing, and nothing that comes later changes what was saved.
        if (i === stop) middle = serialize(whole.save());
      }
    }
    await using second = await create();
    // What it has seen itself is gone after `restore`.
    await swapFrame(second, FRAMES - 1);
    const state: unknown = deserialize(middle!);
    await second.restore(state);
    for (let i = stop + 1; i < FRAMES; i++) {
      expect(Buffer.compare(await swapFrame(second, i), expected[i]), `frame ${i}`).toBe(0);
    }
    // `restore` took a copy: the same state serves again.
    await second.restore(state);
    expect(Buffer.compare(await swapFrame(second, stop + 1), expected[stop + 1])).toBe(0);
  });

  it.each([
    ['fast', 2],
    ['balanced', 3],
    ['premium', 7],
  ])('searches for hands as often as the mask quality %s asks', async (faceMaskQuality, expected) => {
    const { models, searches } = countingStore();
    await using processor = await create({ faceMaskQuality }, models);
    for (let i = 0; i < 28; i++) await swapFrame(processor, i);
    expect(searches()).toBe(expected);
  });

  it('swaps or leaves a face for frames on end where it is near a limit', async () => {
    await using processor = await create();
    const [face] = tracks[0];
    const scores = [0.9, 0.04, 0.9, 0.07, 0.07, 0.07, 0.07, 0.04, 0.04, 0.04, 0.9, 0.9, 0.9];
    const kinds: string[] = [];
    for (const [i, meshScore] of scores.entries()) {
      const frame = { ...frames[0], data: new Uint8Array(frames[0].data) };
      kinds.push((await processFace(processor, frame, { ...face, meshScore }, i)).kind);
    }
    const [changed, alone] = ['changed', 'left-alone'];
    expect(kinds).toEqual([...Array(9).fill(changed), alone, alone, alone, changed]);
  });
});
