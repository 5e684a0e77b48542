import type { ExecutionProviderId } from '../../core/execution-providers.ts';

/** Where a provider exists: `process.platform`, and the processor where that matters. */
export type Platform = 'linux' | 'linux-x64' | 'linux-arm64' | 'win32' | 'win32-x64' | 'win32-arm64' | 'darwin';

/** What a provider is told for one session. */
export interface ProviderRequest {
  /** Of several devices of the kind, counted from 0. */
  readonly deviceId: number;
  /** Where compiled models may be kept; bounded, see `cache-folder.ts`. The provider makes folders below it. */
  readonly cacheFolder: string;
  /** True where the model computes with halves. */
  readonly isHalf: boolean;
}

/** The part of ONNX Runtime's session options that depends on the provider. */
export interface ProviderOptions {
  /** Beside `name`: what this provider's entry in `executionProviders` holds. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** Options of the whole session. */
  readonly session?: { readonly enableMemPattern?: boolean; readonly executionMode?: 'sequential' };
}

/** One execution provider of ONNX Runtime. */
export interface ProviderDefinition {
  /** FaceFusion's name. */
  readonly id: ExecutionProviderId;
  /** The name that ONNX Runtime's binding for Node has for it, or would have. */
  readonly ortName: string;
  /** For people: `NVIDIA CUDA`. */
  readonly title: string;
  readonly platforms: readonly Platform[];
  /**
   * How sessions are opened on it.
   * @see FaceFusion 3.8.1's choices, as far as ONNX Runtime's binding for Node can be told
   */
  sessionOptions(request: ProviderRequest): ProviderOptions;
  /** True where it keeps compiled models in the cache folder. */
  readonly keepsCache: boolean;
  /** What one must know before choosing it, as sentences. */
  readonly limits: readonly string[];
  /** What to install so that it works, as a sentence that begins with a verb. */
  readonly howToGet: string;
}

/** Declares a provider. */
export const defineProvider = (definition: ProviderDefinition): ProviderDefinition => definition;

/** Whether a provider exists on a machine at all. */
export const isForPlatform = (
  { platforms }: Pick<ProviderDefinition, 'platforms'>,
  platform: string = process.platform,
  arch: string = process.arch,
): boolean => (platforms as readonly string[]).some((name) => name === platform || name === `${platform}-${arch}`);
