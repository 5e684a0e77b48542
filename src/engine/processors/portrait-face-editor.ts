/** `live_portrait` of `face_editor`: LivePortrait with the user's files. */

import { limitExpression } from '../live-portrait/expression-limits.ts';
import { editExpression } from '../live-portrait/expression-sliders.ts';
import { turnHead } from '../live-portrait/head-turn.ts';
import { placePoints } from '../live-portrait/motion.ts';
import {
  extractFeatures,
  extractMotion,
  generate,
  openPortrait,
  PORTRAIT_SIZE,
  stitch,
} from '../live-portrait/portrait.ts';
import { moveEyes, moveLips } from '../live-portrait/retarget.ts';
import { type CropInput, type CropOutput, createCropProcessor } from './crop-processor.ts';
import type { FaceProcessor, ProcessorContext } from './processor.ts';

/** The crop shows the head, with its hair: landmarks are drawn apart about the nose, so that less of them fits. */
const ABOUT_NOSE = 1.5;
const PARTS = [
  'feature_extractor',
  'motion_extractor',
  'eye_retargeter',
  'lip_retargeter',
  'stitcher',
  'generator',
] as const;

/** @throws what opening the models throws */
export async function createPortraitFaceEditor(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options } = context;
  const parts = await openPortrait(store, options.faceEditorModel, PARTS);

  const work = async ({ crop, at }: CropInput): Promise<CropOutput | undefined> => {
    const motion = await extractMotion(parts, crop);
    if (!motion) return undefined;
    const now = placePoints(motion);
    const expression = limitExpression(editExpression(motion.expression, options));
    const wanted = placePoints(motion, { angles: turnHead(motion.angles, options), expression });
    await moveEyes(parts.eye_retargeter, wanted, now, at.landmarks68, options.faceEditorEyeOpenRatio);
    await moveLips(parts.lip_retargeter, wanted, now, at.landmarks68, options.faceEditorLipOpenRatio);
    const stitched = await stitch(parts, wanted, now);
    const pixels = await generate(parts, await extractFeatures(parts, crop), stitched, now);
    return pixels && { pixels };
  };
  return createCropProcessor(context, {
    ...{ id: 'face_editor', template: 'ffhq_512', size: PORTRAIT_SIZE, aboutNose: ABOUT_NOSE },
    ...{ masks: [], alwaysMasks: ['box'], usePadding: false, work },
  });
}
