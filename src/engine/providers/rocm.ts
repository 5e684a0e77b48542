import { defineProvider } from './provider.ts';

export const rocm = defineProvider({
  id: 'rocm',
  ortName: 'rocm',
  title: 'AMD ROCm',
  platforms: ['linux-x64'],
  sessionOptions: ({ deviceId }) => ({ provider: { deviceId } }),
  keepsCache: false,
  limits: ['onnxruntime-node 1.30 is built without it; ONNX Runtime has given it up for migraphx.'],
  howToGet: 'Build onnxruntime-node with --use_rocm from a version that still has it, or use webgpu.',
});
