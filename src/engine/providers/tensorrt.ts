import { join } from 'node:path';
import { defineProvider } from './provider.ts';

/** Of TensorRT's 0..5: how long it searches for a fast engine. */
const BUILDER_LEVEL = 4;

export const tensorrt = defineProvider({
  id: 'tensorrt',
  ortName: 'tensorrt',
  title: 'NVIDIA TensorRT',
  platforms: ['linux-x64'],
  sessionOptions({ deviceId, cacheFolder }) {
    const folder = join(cacheFolder, 'tensorrt');
    return {
      provider: {
        deviceId,
        trt_engine_cache_enable: true,
        trt_engine_cache_path: folder,
        trt_timing_cache_enable: true,
        trt_timing_cache_path: folder,
        trt_builder_optimization_level: BUILDER_LEVEL,
      },
    };
  },
  keepsCache: true,
  limits: [
    'Builds an engine for each model and size of input, which takes minutes for large models.',
    'onnxruntime-node 1.30 passes on the device alone, so that engines are built anew in every run; `auto` leaves it out for that.',
    'Put cuda behind it for what TensorRT cannot run: --execution-providers tensorrt cuda',
  ],
  howToGet:
    'Install TensorRT 10 beside what cuda needs, then: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
});
