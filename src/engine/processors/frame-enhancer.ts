/** `frame_enhancer`: enlarges whole frames. */
import type { RgbImage } from '../../core/image.ts';
import { frameEnhancerOptions } from '../../core/processor-options/frame-enhancer.ts';
import { type EsrganScale, openEsrgan } from '../enhance/esrgan.ts';
import { enlargeByTiles, type TileLayout } from '../enhance/tiles.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { fromTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { FrameEnhancerFacts } from '../models/catalogue/frame-enhancers.ts';
import {
  defineProcessor,
  type FrameProcessor,
  type Note,
  type ProcessorContext,
  REMEMBERS_NOTHING,
  type WholePicture,
} from './processor.ts';

/** Of the embedded models: memory stays below 200 MB whatever the frame; a pixel depends on ten around it. */
const EMBEDDED_TILE = { size: 256, pad: 0, overlap: 12 } as const;
const EMBEDDED = /^esrgan_x([2348])$/;

interface Enlarger {
  readonly layout: TileLayout;
  readonly enlarge: (tile: RgbImage) => Promise<RgbImage | undefined>;
}

async function openEnlarger({ store, options: { frameEnhancerModel: id } }: ProcessorContext): Promise<Enlarger> {
  const embedded = EMBEDDED.exec(id);
  if (embedded) {
    const scale = Number(embedded[1]) as EsrganScale;
    return { layout: { ...EMBEDDED_TILE, scale, border: 'mirror' }, enlarge: await openEsrgan(store, scale) };
  }
  const { scale, tile } = (await store.userModel(id)).model.facts as FrameEnhancerFacts;
  const session = await store.session(id);
  const output = session.outputs[0]!.name;
  return {
    layout: { ...tile, scale, border: 'black' },
    async enlarge(image) {
      const pixels = fromTensor((await session.run({ input: toTensor(image) }))[output]!);
      // Cut off, as numpy casts.
      return pixels && { ...pixels, data: Uint8Array.from(pixels.data) };
    },
  };
}

async function create(context: ProcessorContext): Promise<FrameProcessor> {
  const { layout, enlarge } = await openEnlarger(context);
  const { scale } = layout;
  const { outputImageScale, outputVideoScale, frameEnhancerBlend } = context.options;
  const share = frameEnhancerBlend / 100;
  const wanted = Math.max(outputImageScale, outputVideoScale);
  return {
    kind: 'frame',
    ...REMEMBERS_NOTHING,
    id: 'frame_enhancer',
    notes: wanted < scale ? [scaledNote(scale)] : [],
    scale,
    givesAlpha: false,
    async processFrame(picture) {
      const large = await enlargeByTiles(picture, layout, enlarge);
      if (!large) return { kind: 'left-alone', reason: 'invalid-output' };
      const alpha = picture.alpha && enlargeAlpha(picture, scale);
      if (share === 1) return { kind: 'changed', picture: { ...large, alpha } };
      const plain = resizeBilinear(picture, large.width, large.height);
      for (let at = 0; at < plain.data.length; at++) {
        plain.data[at] = plain.data[at]! * (1 - share) + large.data[at]! * share;
      }
      return { kind: 'changed', picture: { ...plain, alpha } };
    },
  };
}

function enlargeAlpha({ alpha, width, height }: WholePicture, scale: number): Uint8Array {
  return Uint8Array.from(resizePlane(Float32Array.from(alpha!), width, height, width * scale, height * scale));
}

const scaledNote = (scale: number): Note => ({
  code: 'enhanced-then-scaled',
  message: `Frames were enlarged ${scale} times and brought back to the size of the output.`,
  hint: `To keep the size, add --output-image-scale ${scale} for a photo or --output-video-scale ${scale} for a video.`,
});

export const frameEnhancer = defineProcessor<FrameProcessor>({
  id: 'frame_enhancer',
  kind: 'frame',
  options: frameEnhancerOptions,
  needsSource: false,
  needsFaces: false,
  create,
});
