import { defineProvider } from './provider.ts';

export const xnnpack = defineProvider({
  id: 'xnnpack',
  ortName: 'xnnpack',
  title: 'XNNPACK',
  platforms: ['linux', 'darwin', 'win32'],
  sessionOptions: () => ({ provider: {} }),
  keepsCache: false,
  limits: ['onnxruntime-node 1.30 is built without it on every platform.', 'Fast on processors of phones, not here.'],
  howToGet: 'Build onnxruntime-node with --use_xnnpack; on this kind of machine cpu is as fast.',
});
