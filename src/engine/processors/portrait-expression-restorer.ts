/** `live_portrait` of `expression_restorer`: LivePortrait with the user's files. */
import { warpCrop } from '../frames/face-crop.ts';
import { blendExpression } from '../live-portrait/blend-expression.ts';
import { placePoints } from '../live-portrait/motion.ts';
import { extractFeatures, extractMotion, generate, openPortrait, PORTRAIT_SIZE } from '../live-portrait/portrait.ts';
import { type CropInput, type CropOutput, createCropProcessor } from './crop-processor.ts';
import type { FaceProcessor, ProcessorContext } from './processor.ts';

const PARTS = ['feature_extractor', 'motion_extractor', 'generator'] as const;

/** @throws what opening the models throws */
export async function createPortraitExpressionRestorer(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options } = context;
  const parts = await openPortrait(store, options.expressionRestorerModel, PARTS);
  const share = { percent: options.expressionRestorerFactor, areas: options.expressionRestorerAreas };

  const work = async ({ crop, original, matrix }: CropInput): Promise<CropOutput | undefined> => {
    const wanted = await extractMotion(parts, warpCrop(original, matrix, PORTRAIT_SIZE));
    const motion = await extractMotion(parts, crop);
    if (!wanted || !motion) return undefined;
    const expression = blendExpression(motion.expression, wanted.expression, share);
    const target = placePoints(motion, { expression });
    const pixels = await generate(parts, await extractFeatures(parts, crop), target, placePoints(motion));
    return pixels && { pixels };
  };
  return createCropProcessor(context, {
    ...{ id: 'expression_restorer', template: 'arcface_128', size: PORTRAIT_SIZE, needsOriginal: true },
    ...{ masks: ['occlusion'], alwaysMasks: ['box'], usePadding: false, work },
  });
}
