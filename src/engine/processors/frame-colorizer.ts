/** `frame_colorizer`: colours black-and-white pictures. */
import { frameColorizerOptions } from '../../core/processor-options/frame-colorizer.ts';
import { openColourizer } from '../colour/colourize.ts';
import { blendPictures } from '../frames/blend-pictures.ts';
import { defineProcessor, type FrameProcessor, type ProcessorContext, REMEMBERS_NOTHING } from './processor.ts';

async function create({ store, options }: ProcessorContext): Promise<FrameProcessor> {
  const edge = Number.parseInt(options.frameColorizerSize, 10);
  const colourize = await openColourizer(store, options.frameColorizerModel, edge);
  const share = options.frameColorizerBlend / 100;
  return {
    kind: 'frame',
    ...REMEMBERS_NOTHING,
    id: 'frame_colorizer',
    notes: [],
    scale: 1,
    givesAlpha: false,
    async processFrame(picture) {
      const made = await colourize(picture);
      if (!made) return { kind: 'left-alone', reason: 'invalid-output' };
      return { kind: 'changed', picture: { ...picture, data: blendPictures(picture.data, made.data, share) } };
    },
  };
}

export const frameColorizer = defineProcessor({
  id: 'frame_colorizer',
  kind: 'frame',
  options: frameColorizerOptions,
  needsSource: false,
  needsFaces: false,
  create,
});
