import { join } from 'node:path';
import { defineProvider } from './provider.ts';

export const openvino = defineProvider({
  id: 'openvino',
  ortName: 'openvino',
  title: 'Intel OpenVINO',
  platforms: ['linux-x64', 'win32-x64'],
  sessionOptions: ({ deviceId, cacheFolder }) => ({
    provider: {
      device_type: deviceId === 0 ? 'GPU' : `GPU.${deviceId}`,
      precision: 'FP32',
      cache_dir: join(cacheFolder, 'openvino'),
    },
  }),
  keepsCache: true,
  limits: ['onnxruntime-node 1.30 is built without it on every platform.'],
  howToGet: 'Build onnxruntime-node with --use_openvino and put it in the place of the published one.',
});
