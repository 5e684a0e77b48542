import { join } from 'node:path';
import { defineProvider } from './provider.ts';

/** From ONNX Runtime's coreml_provider_factory.h. */
const CREATE_MLPROGRAM = 0x010;
const USE_CPU_AND_GPU = 0x020;

export const coreml = defineProvider({
  id: 'coreml',
  ortName: 'coreml',
  title: 'Apple Core ML',
  platforms: ['darwin'],
  // Halves are fast as ML programs, and then only off the neural engine: as FaceFusion has it.
  sessionOptions: ({ cacheFolder, isHalf }) => ({
    provider: {
      coreMlFlags: isHalf ? CREATE_MLPROGRAM | USE_CPU_AND_GPU : 0,
      SpecializationStrategy: 'FastPrediction',
      ModelCacheDirectory: join(cacheFolder, 'coreml'),
    },
  }),
  keepsCache: true,
  limits: [
    'onnxruntime-node 1.30 passes on the flags alone; models are compiled anew in every run.',
    'Graphs with open sizes run on the processor in part.',
  ],
  howToGet: 'Use a Mac with Apple silicon: the published onnxruntime-node brings it.',
});
