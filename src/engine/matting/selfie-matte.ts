/** Mattes of people by the network of this copy. */
import { createSceneCutDetector } from '../faces/scene-cut.ts';
import { gridOver } from '../frames/coarse-grid.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore } from '../inference/session.ts';
import type { MatteFinder } from './matte.ts';
import { refineMatte } from './refine-matte.ts';
import { settleMask } from './settle-mask.ts';
import { cutView, joinViews, squareViews } from './square-views.ts';
import { createSteadyMask } from './steady-mask.ts';

/** Name of the network. */
export const SELFIE_SEGMENTATION = 'selfie_segmentation';

/** Edge in pixels of what it sees, and of its mask. It takes people in squares for far surer than in wide pictures. */
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
      const views = squareViews(picture, SIZE);
      const masks: Float32Array[] = [];
      const lights: Float32Array[] = [];
      for (const offset of views.offsets) {
        const small = resizeArea(cutView(picture, views, offset), SIZE, SIZE);
        const result = (await session.run({ input: toTensor(small, { layout: 'NHWC' }) })).mask!;
        if (!isFiniteTensor(result)) return undefined;
        masks.push(result.data.map((value) => Math.min(1, Math.max(0, value))));
        lights.push(brightness(small.data));
      }
      const { width, height } = views;
      const data = joinViews(views, masks);
      if (!isStill) {
        if (cuts.step(picture)) steady.forget();
        steady.step(data, joinViews(views, lights));
      }
      const grid = gridOver(picture, isStill ? STILL_CELLS : VIDEO_CELLS);
      return { mask: refineMatte(picture, settleMask({ data, width, height }), grid) };
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
