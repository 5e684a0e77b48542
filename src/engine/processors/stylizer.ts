/** `stylizer`: gives whole pictures another look. */
import { AppError } from '../../core/errors.ts';
import { stylizerOptions } from '../../core/processor-options/stylizer.ts';
import { blendPictures } from '../frames/blend-pictures.ts';
import { createLutLook } from '../style/apply-lut.ts';
import { createCartoonLook } from '../style/cartoon.ts';
import { readCubeLut } from '../style/cube-lut.ts';
import { type ModelLook, openImageToImage } from '../style/image-to-image.ts';
import { createSketchLook } from '../style/sketch.ts';
import { defineProcessor, type FrameProcessor, type ProcessorContext, REMEMBERS_NOTHING } from './processor.ts';

/** @throws OPTION_MISSING for the look `lut` without a file */
async function openLook({ store, options }: ProcessorContext): Promise<ModelLook> {
  switch (options.stylizerModel) {
    case 'cartoon': {
      const look = createCartoonLook();
      return async (picture) => look(picture);
    }
    case 'sketch': {
      const look = createSketchLook();
      return async (picture) => look(picture);
    }
    case 'lut': {
      if (options.stylizerLut === undefined) {
        throw new AppError('OPTION_MISSING', 'Expected --stylizer-lut, received nothing.', {
          hint: 'Name a .cube file: --stylizer-model lut --stylizer-lut look.cube',
          details: { option: 'stylizerLut' },
        });
      }
      const look = createLutLook(await readCubeLut(options.stylizerLut));
      return async (picture) => look(picture);
    }
    default:
      return openImageToImage(store, options.stylizerModel);
  }
}

async function create(context: ProcessorContext): Promise<FrameProcessor> {
  const look = await openLook(context);
  const share = context.options.stylizerBlend / 100;
  return {
    kind: 'frame',
    ...REMEMBERS_NOTHING,
    id: 'stylizer',
    notes: [],
    scale: 1,
    givesAlpha: false,
    async processFrame(picture) {
      const made = await look(picture);
      if (!made) return { kind: 'left-alone', reason: 'invalid-output' };
      return { kind: 'changed', picture: { ...picture, data: blendPictures(picture.data, made.data, share) } };
    },
  };
}

export const stylizer = defineProcessor({
  id: 'stylizer',
  kind: 'frame',
  options: stylizerOptions,
  needsSource: false,
  needsFaces: false,
  create,
});
