import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ellipticMesh } from '../../../test/helpers/elliptic-mesh.ts';
import { readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { silentLogger } from '../../core/logger.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { meshInRegion } from '../faces/mesh-in-region.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { type CropOutput, type CropProcessorOptions, createCropProcessor } from './crop-processor.ts';
import type { FaceOutcome, FaceProcessor } from './processor.ts';

const SIZE = 128;
/** Middle of a hand of sample2.jpg, which is brighter than what is left of and behind it. */
const HAND = { x: 414, y: 1132 } as const;

let store: ModelStore;
let photo: RgbImage;
beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  photo = await readSamplePhoto(2);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const green = (): CropOutput => {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let at = 1; at < data.length; at += 3) data[at] = 255;
  return { pixels: { data, width: SIZE, height: SIZE } };
};

const create = (
  settings: Partial<CropProcessorOptions> = {},
  options: Readonly<Record<string, unknown>> = {},
): Promise<FaceProcessor> =>
  createCropProcessor(
    {
      ...{ store, sources: [], logger: silentLogger },
      options: parseProcessOptions({ targetPath: 'a', outputPath: 'b', faceMaskTypes: ['occlusion'], ...options }),
    },
    {
      ...{ id: 'green', template: 'ffhq_512', size: SIZE, masks: ['occlusion'], usePadding: true },
      ...{ work: async () => green(), ...settings },
    },
  );

/** A made-up face over the hand, so that its crop begins far from the picture's first pixel. */
const face = {
  trackId: 3,
  meshScore: 1,
  mesh: ellipticMesh({ centreX: HAND.x, centreY: HAND.y, width: 280 }),
};

async function process(processor: FaceProcessor, frameIndex = 0): Promise<{ result: RgbImage; outcome: FaceOutcome }> {
  const result = { ...photo, data: photo.data.slice() };
  const region = processor.regionOf(face, result);
  const pixels = processor.takePixels(result, region);
  const time = { frameIndex, timeSeconds: frameIndex / 25, isStill: false };
  const outcome = await processor.processFace(pixels, { ...face, mesh: meshInRegion(face.mesh, region) }, time);
  if (outcome.kind === 'changed') pixels.writeBack();
  return { result, outcome };
}

describe('a processor of crops', () => {
  it('leaves the hand alone that is before the face in the picture', async () => {
    await using processor = await create();
    const { result, outcome } = await process(processor);
    expect(outcome.kind).toBe('changed');
    let [hand, handKept, behind, behindChanged] = [0, 0, 0, 0];
    for (let y = HAND.y - 60; y < HAND.y + 60; y++) {
      for (let x = HAND.x - 60; x < HAND.x + 20; x++) {
        const p = (y * photo.width + x) * 3;
        const isKept = [0, 1, 2].every((c) => Math.abs(result.data[p + c]! - photo.data[p + c]!) < 40);
        if (photo.data[p]! > 140) {
          hand++;
          if (isKept) handKept++;
        } else if (photo.data[p]! < 50) {
          behind++;
          if (!isKept) behindChanged++;
        }
      }
    }
    expect(Math.min(hand, behind)).toBeGreaterThan(500);
    expect(handKept / hand).toBeGreaterThan(0.85);
    expect(behindChanged / behind).toBeGreaterThan(0.6);
  });

  it('goes on from a saved state, its own and that of its masks', async () => {
    let counter = 0;
    const counting: Partial<CropProcessorOptions> = {
      save: () => counter,
      restore: async (state) => {
        counter = state as number;
      },
      work: async () => {
        counter++;
        return green();
      },
    };
    await using first = await create(counting);
    await process(first, 0);
    const state: unknown = deserialize(serialize(first.save()));
    const { result: wanted } = await process(first, 1);
    expect(counter).toBe(2);
    await using second = await create(counting);
    await second.restore(state);
    expect(counter).toBe(1);
    expect(Buffer.compare((await process(second, 1)).result.data, wanted.data)).toBe(0);
    // A tracker that has seen the hand, and one that has been forgotten.
    expect(serialize(second.save()).length).toBeGreaterThan(serialize((await create()).save()).length);
    second.forget(face.trackId);
    expect(second.save()).toEqual({ own: 2, masks: new Map() });
  });

  it('leaves a face alone where there is nothing to show', async () => {
    await using processor = await create({ work: async () => undefined });
    const { result, outcome } = await process(processor);
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
    expect(Buffer.compare(result.data, photo.data)).toBe(0);
  });
});
