import { defineProvider } from './provider.ts';

/** Tries every algorithm of cuDNN for a convolution once and keeps the fastest, as FaceFusion does. */
const SEARCH = 'EXHAUSTIVE';

export const cuda = defineProvider({
  id: 'cuda',
  ortName: 'cuda',
  title: 'NVIDIA CUDA',
  platforms: ['linux-x64'],
  sessionOptions: ({ deviceId }) => ({ provider: { deviceId, cudnn_conv_algo_search: SEARCH } }),
  keepsCache: false,
  limits: [
    'Needs CUDA 12 with cuDNN 9; the first frame of a size takes seconds, because cuDNN compares its algorithms.',
    'onnxruntime-node 1.30 passes on the device alone; the search of algorithms is what ONNX Runtime has as default.',
    'On GeForce GTX 16xx FaceFusion searches less (DEFAULT), which cannot be set here.',
  ],
  howToGet:
    'Install the NVIDIA driver, CUDA 12 and cuDNN 9, then let onnxruntime-node fetch its CUDA libraries (Linux x64): ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node',
});
