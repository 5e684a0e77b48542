/** `frame_colorizer`: colours black-and-white pictures. */
import { frameColorizerOptions } from '../../core/processor-options/frame-colorizer.ts';
import { openColourizer } from '../colour/colourize.ts';
import { blendPictures } from '../frames/blend-pictures.ts';
import { defineProcessor, type FrameProcessor, type ProcessorContext } from './processor.ts';

async function create({ store, options }: ProcessorContext): Promise<FrameProcessor> {
  const edge = Number.parseInt(options.frameColorizerSize, 10);
  const colourize = await openColourizer(store, options.frameColorizerModel, edge);
  const share = options.frameColorizerBlend / 100;
  return {
    kind: 'frame',
    id: 'frame_colorizer',
    notes: [],
    scale: 1,
    givesAlpha: false,
    async processFrame(picture) {
      const made = await colourize(picture);
      if (!made) return { kind: 'left-alone', reason: 'invalid-output' };
      return { kind: 'changed', picture: { ...picture, data: blendPictures(picture.data, made.data, share) } };
    },
    // Each frame is coloured by itself.
    forget() {},
    save: () => undefined,
    restore: async () => {},
    async [Symbol.asyncDispose]() {},
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
