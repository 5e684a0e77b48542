/** `face_swapper`: replaces the identity of target faces by the source's. */
import { faceSwapperOptions } from '../../core/processor-options/face-swapper.ts';
import { createMeshFaceSwapper } from './mesh-face-swapper.ts';
import { createNeuralFaceSwapper } from './neural-face-swapper.ts';
import { defineProcessor } from './processor.ts';

export const faceSwapper = defineProcessor({
  id: 'face_swapper',
  kind: 'face',
  options: faceSwapperOptions,
  needsSource: true,
  needsFaces: true,
  create: (context) =>
    context.options.faceSwapperModel === 'mesh' ? createMeshFaceSwapper(context) : createNeuralFaceSwapper(context),
});
