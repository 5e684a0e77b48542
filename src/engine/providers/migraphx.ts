import { join } from 'node:path';
import { defineProvider } from './provider.ts';

export const migraphx = defineProvider({
  id: 'migraphx',
  ortName: 'migraphx',
  title: 'AMD MIGraphX',
  platforms: ['linux-x64', 'win32-x64'],
  sessionOptions: ({ deviceId, cacheFolder }) => ({
    provider: { deviceId, migraphx_model_cache_dir: join(cacheFolder, 'migraphx') },
  }),
  keepsCache: true,
  limits: ['onnxruntime-node 1.30 is built without it on every platform.', 'Compiles each model for minutes at first.'],
  howToGet: 'Build onnxruntime-node with --use_migraphx and put it in the place of the published one, or use webgpu.',
});
