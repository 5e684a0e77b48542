import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import { coreml } from './coreml.ts';
import { cpu } from './cpu.ts';
import { cuda } from './cuda.ts';
import { directml } from './directml.ts';
import { migraphx } from './migraphx.ts';
import { openvino } from './openvino.ts';
import type { ProviderDefinition } from './provider.ts';
import { qnn } from './qnn.ts';
import { rocm } from './rocm.ts';
import { tensorrt } from './tensorrt.ts';
import { webgpu } from './webgpu.ts';
import { xnnpack } from './xnnpack.ts';

/** Every provider. Adding one is a file, its name in `core/execution-providers.ts` and a line here. */
export const PROVIDERS: Readonly<Record<ExecutionProviderId, ProviderDefinition>> = {
  cuda,
  tensorrt,
  openvino,
  coreml,
  directml,
  rocm,
  migraphx,
  qnn,
  webgpu,
  xnnpack,
  cpu,
};

/** Those that `auto` compares with the processor. TensorRT would build its engines anew in every run. */
export const AUTO_PROVIDERS: readonly ExecutionProviderId[] = [
  'cuda',
  'coreml',
  'directml',
  'migraphx',
  'rocm',
  'openvino',
  'qnn',
  'webgpu',
];
