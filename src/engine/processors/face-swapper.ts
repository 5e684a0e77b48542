/** `face_swapper`: replaces the identity of target faces by the source's. */
import { faceSwapperOptions } from '../../core/processor-options/face-swapper.ts';
import type { FaceSwapperFacts } from '../models/catalogue/face-swappers.ts';
import { boostFactor } from '../neural-swap/pixel-boost.ts';
import { createMeshFaceSwapper } from './mesh-face-swapper.ts';
import { createNeuralFaceSwapper } from './neural-face-swapper.ts';
import { defineProcessor } from './processor.ts';

export const faceSwapper = defineProcessor({
  id: 'face_swapper',
  kind: 'face',
  options: faceSwapperOptions,
  needsSource: true,
  needsFaces: true,
  checkOptions({ faceSwapperModel, faceSwapperPixelBoost }, modelOf) {
    const model = modelOf(faceSwapperModel);
    if (model) boostFactor(faceSwapperPixelBoost, (model.facts as FaceSwapperFacts).size, faceSwapperModel);
  },
  create: (context) =>
    context.options.faceSwapperModel === 'mesh' ? createMeshFaceSwapper(context) : createNeuralFaceSwapper(context),
});
