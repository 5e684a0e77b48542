import { defineProvider } from './provider.ts';

export const directml = defineProvider({
  id: 'directml',
  ortName: 'dml',
  title: 'DirectML',
  platforms: ['win32'],
  // ONNX Runtime refuses it with memory patterns or parallel execution.
  sessionOptions: ({ deviceId }) => ({
    provider: { deviceId },
    session: { enableMemPattern: false, executionMode: 'sequential' },
  }),
  keepsCache: false,
  limits: ['One run at a time on a device.', 'Any graphics card with DirectX 12.'],
  howToGet: 'Use Windows 10 (1903) or newer with a graphics driver: the published onnxruntime-node brings it.',
});
