/** What sessions run on, in ONNX Runtime's words. */
import type { InferenceSession } from 'onnxruntime-node';
import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import { openProviderCache, providerCacheRoot } from '../providers/cache-folder.ts';
import { PROVIDERS } from '../providers/registry.ts';

/** What the sessions of a store run on. */
export interface Execution {
  /** In order of preference: what the first cannot run goes to the next. */
  readonly providers: readonly ExecutionProviderId[];
  readonly deviceId: number;
  /** Folder of compiled models. Default: in the user's cache. */
  readonly cacheRoot?: string;
}

/** The processor alone. */
export const CPU_ONLY: Execution = { providers: ['cpu'], deviceId: 0 };

/**
 * The part of session options that depends on providers. Makes their cache folder where one of them uses it.
 * @param version of ONNX Runtime
 */
export async function providerOptions(
  { providers, deviceId, cacheRoot = providerCacheRoot() }: Execution,
  version: string,
  isHalf: boolean,
): Promise<InferenceSession.SessionOptions> {
  const chosen = providers.map((id) => PROVIDERS[id]);
  const keepsCache = chosen.some((provider) => provider.keepsCache);
  const cacheFolder = keepsCache ? await openProviderCache(version, cacheRoot) : cacheRoot;
  const asked = chosen.map((definition) => ({
    name: definition.ortName,
    ...definition.sessionOptions({ deviceId, cacheFolder, isHalf }),
  }));
  return {
    executionProviders: asked.map(({ name, provider }) => ({ name, ...provider })),
    ...Object.assign({}, ...asked.map(({ session }) => session)),
  };
}
