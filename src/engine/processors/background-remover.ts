/** `background_remover`: takes away what is behind people, and leaves it transparent or lays a colour there. */
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { backgroundRemoverOptions } from '../../core/processor-options/background-remover.ts';
import { alphaOf, despill, fillBehind, toRgba } from '../matting/backdrop.ts';
import { openPublishedMatte } from '../matting/published-matte.ts';
import { openSelfieMatte, SELFIE_SEGMENTATION } from '../matting/selfie-matte.ts';
import { defineProcessor, type FrameProcessor, type ProcessorContext } from './processor.ts';

/** A colour that is opaque leaves nothing transparent. */
const givesAlpha = ({ backgroundRemoverFillColor: fill }: ResolvedProcessOptions): boolean => toRgba(fill)[3] < 255;

async function create({ store, options }: ProcessorContext): Promise<FrameProcessor> {
  const { backgroundRemoverModel: model } = options;
  const fill = toRgba(options.backgroundRemoverFillColor);
  const spill = toRgba(options.backgroundRemoverDespillColor);
  const matte = model === SELFIE_SEGMENTATION ? await openSelfieMatte(store) : await openPublishedMatte(store, model);
  return {
    kind: 'frame',
    id: 'background_remover',
    notes: [],
    scale: 1,
    givesAlpha: givesAlpha(options),
    async processFrame(picture, _faces, time) {
      const found = await matte.find(picture, time);
      if (!found) return { kind: 'left-alone', reason: 'invalid-output' };
      const { mask, foreground = picture } = found;
      const data = fillBehind(despill(foreground.data, spill), mask, fill);
      const { width, height } = picture;
      return { kind: 'changed', picture: { data, width, height, alpha: alphaOf(mask, fill[3], picture.alpha) } };
    },
    // What is remembered belongs to the whole frame.
    forget() {},
    save: () => matte.save(),
    restore: async (state) => matte.restore(state),
    async [Symbol.asyncDispose]() {},
  };
}

export const backgroundRemover = defineProcessor({
  id: 'background_remover',
  kind: 'frame',
  options: backgroundRemoverOptions,
  needsSource: false,
  needsFaces: false,
  givesAlpha,
  create,
});
