import { defineProvider } from './provider.ts';

export const webgpu = defineProvider({
  id: 'webgpu',
  ortName: 'webgpu',
  title: 'WebGPU (Dawn)',
  platforms: ['linux-x64', 'win32', 'darwin'],
  // It refuses options that it does not know, a device among them.
  sessionOptions: () => ({ provider: {} }),
  keepsCache: false,
  limits: [
    'Chooses the graphics card by itself: --execution-device-ids has no effect.',
    'Needs Vulkan on Linux, Direct3D 12 on Windows, Metal on a Mac. A Vulkan that draws in software is slower than cpu.',
  ],
  howToGet:
    'Install a graphics driver with Vulkan (Linux: mesa-vulkan-drivers or the NVIDIA driver); the published onnxruntime-node brings the rest.',
});
