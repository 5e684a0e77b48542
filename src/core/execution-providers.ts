/** Hardware that models can run on, by FaceFusion's names. `engine/providers` has one file for each. */
export const EXECUTION_PROVIDERS = [
  'cuda',
  'tensorrt',
  'openvino',
  'coreml',
  'directml',
  'rocm',
  'migraphx',
  'qnn',
  'webgpu',
  'xnnpack',
  'cpu',
] as const;
export type ExecutionProviderId = (typeof EXECUTION_PROVIDERS)[number];

/** What the option takes: `auto` stands for the fastest that works. */
export const EXECUTION_PROVIDER_CHOICES = [...EXECUTION_PROVIDERS, 'auto'] as const;
