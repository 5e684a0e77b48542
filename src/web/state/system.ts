/** What the service says of its machine: the same as `facefusion doctor`. */
import { computed, signal } from '@preact/signals';
import { type ApiError, api, ask, type Schemas } from './api.ts';

export const system = signal<Schemas['System'] | undefined>(undefined);
export const usage = signal<Schemas['Usage'] | undefined>(undefined);
export const systemError = signal<ApiError | undefined>(undefined);
export const isChecking = signal(false);

/** Reads the report anew; what went wrong is told by `systemError`. */
export async function loadSystem(): Promise<void> {
  isChecking.value = true;
  try {
    system.value = await ask(api().GET('/v1/system'));
    systemError.value = undefined;
    // Not everybody may see what was used.
    usage.value = await ask(api().GET('/v1/usage', { params: { query: {} } })).catch(() => undefined);
  } catch (error) {
    systemError.value = error as ApiError;
  } finally {
    isChecking.value = false;
  }
}

/** The first that works: providers are listed in the order in which they are tried. */
export const provider = computed(() => system.value?.providers.find(({ works }) => works));

/** How well the machine does: the worst of what was checked. */
export const health = computed<'success' | 'warning' | 'danger' | undefined>(() => {
  const checks = system.value?.checks;
  if (!checks) return undefined;
  if (!provider.value || checks.some(({ status }) => status === 'FAIL')) return 'danger';
  return checks.some(({ status }) => status === 'WARN') ? 'warning' : 'success';
});

const NAMES: Readonly<Record<string, string>> = {
  ...{ cpu: 'CPU', cuda: 'CUDA', tensorrt: 'TensorRT', openvino: 'OpenVINO', coreml: 'Core ML', directml: 'DirectML' },
  ...{ rocm: 'ROCm', migraphx: 'MIGraphX', qnn: 'QNN', webgpu: 'WebGPU', xnnpack: 'XNNPACK' },
};

/** A provider in as few letters as tell it. */
export const providerName = (id: string): string => NAMES[id] ?? id;
