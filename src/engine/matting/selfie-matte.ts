/** Mattes of people by the network of this copy. */
import { createSceneCutDetector } from '../faces/scene-cut.ts';
import { gridOver } from '../frames/coarse-grid.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore } from '../inference/session.ts';
import type { MatteFinder } from './matte.ts';
import { refineMatte } from './refine-matte.ts';
import { settleMask } from './settle-mask.ts';
import { createSteadyMask } from './steady-mask.ts';

/** Name of the network. */
export const SELFIE_SEGMENTATION = 'selfie_segmentation';

/** Edge in pixels of what it sees, and of its mask. */
const SIZE = 256;
/** Cells along the longer side in which edges are looked for: in a video, and in a photo, which has time. */
const [VIDEO_CELLS, STILL_CELLS] = [512, 1024];

/**
 * Remembers the mask of the frame before, so that a still picture has a still edge.
 * @throws what opening the model throws
 */
export async function openSelfieMatte(store: ModelStore): Promise<MatteFinder> {
  const session = await store.session(SELFIE_SEGMENTATION);
  const steady = createSteadyMask();
  const cuts = createSceneCutDetector();
  return {
    async find(picture, { isStill }) {
      const small = resizeArea(picture, SIZE, SIZE);
      const input = toTensor(small, { layout: 'NHWC' });
      const result = (await session.run({ input })).mask!;
      if (!isFiniteTensor(result)) return undefined;
      const mask = result.data.map((value) => Math.min(1, Math.max(0, value)));
      if (!isStill) {
        if (cuts.step(picture)) steady.forget();
        steady.step(mask, brightness(small.data));
      }
      const grid = gridOver(picture, isStill ? STILL_CELLS : VIDEO_CELLS);
      return { mask: refineMatte(picture, settleMask(mask, SIZE), SIZE, grid) };
    },
    save: () => ({ steady: steady.save(), cuts: cuts.save() }),
    restore(state) {
      const from = state as { readonly steady: unknown; readonly cuts: unknown };
      steady.restore(from.steady);
      cuts.restore(from.cuts);
    },
  };
}

function brightness(data: Uint8Array): Float32Array {
  const out = new Float32Array(data.length / 3);
  for (let pixel = 0, at = 0; pixel < out.length; pixel++, at += 3) {
    out[pixel] = (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;
  }
  return out;
}
