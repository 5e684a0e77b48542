import { defineProvider } from './provider.ts';

export const cpu = defineProvider({
  id: 'cpu',
  ortName: 'cpu',
  title: 'processor',
  platforms: ['linux', 'win32', 'darwin'],
  sessionOptions: () => ({ provider: {} }),
  keepsCache: false,
  limits: ['ONNX Runtime runs here whatever no other provider takes, listed or not.'],
  howToGet: 'Install facefusion: it is always there.',
});
