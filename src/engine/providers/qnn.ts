import { defineProvider } from './provider.ts';

export const qnn = defineProvider({
  id: 'qnn',
  ortName: 'qnn',
  title: 'Qualcomm QNN',
  platforms: ['win32-arm64', 'linux-arm64'],
  sessionOptions: () => ({ provider: { backendType: 'htp', enableFp16Precision: true } }),
  keepsCache: false,
  limits: ['onnxruntime-node 1.30 is built without it on every platform.', 'Takes graphs with fixed sizes only.'],
  howToGet: "Build onnxruntime-node with --use_qnn and Qualcomm's SDK and put it in the place of the published one.",
});
