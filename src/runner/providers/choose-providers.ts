/** Which execution providers a run uses: found out before anything of the target is touched. */
import { AppError } from '../../core/errors.ts';
import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { AUTO_PROVIDERS, PROVIDERS } from '../../engine/providers/registry.ts';
import { type TrialOutcome, tryInChild } from './trial-child.ts';

/** Tries a provider; see `tryInChild`. */
export type TryProvider = (id: ExecutionProviderId, deviceId: number) => Promise<TrialOutcome>;

/**
 * Every provider that is named must pass a trial on every device that is named. `auto` compares those of this platform
 * with the processor and takes the fastest; it never fails.
 * @returns in order of preference, each once. ONNX Runtime runs on the processor what none of them takes.
 * @throws PROVIDER_UNAVAILABLE with the reason and what to install; OPTION_INVALID for `auto` beside others
 */
export async function chooseProviders(
  options: Pick<ResolvedProcessOptions, 'executionProviders' | 'executionDeviceIds'>,
  tryProvider: TryProvider = tryInChild,
): Promise<readonly ExecutionProviderId[]> {
  const { executionProviders: names, executionDeviceIds: deviceIds } = options;
  if (names.includes('auto')) {
    if (names.some((name) => name !== 'auto')) {
      throw new AppError(
        'OPTION_INVALID',
        `Expected auto alone for --execution-providers, received ${names.join(' ')}.`,
        {
          hint: 'Leave auto out to name providers in order of preference.',
          details: { option: 'executionProviders' },
        },
      );
    }
    return [await fastest(deviceIds[0]!, tryProvider)];
  }
  const ids = [...new Set(names)] as ExecutionProviderId[];
  for (const id of ids) {
    if (id === 'cpu') continue;
    for (const deviceId of new Set(deviceIds)) {
      const outcome = await tryProvider(id, deviceId);
      if (!outcome.works) throw unavailable(id, outcome.reason);
    }
  }
  return ids;
}

async function fastest(deviceId: number, tryProvider: TryProvider): Promise<ExecutionProviderId> {
  const passed: { id: ExecutionProviderId; milliseconds: number }[] = [];
  const candidates = AUTO_PROVIDERS.filter((id) => isForPlatform(PROVIDERS[id]));
  for (const id of [...candidates, 'cpu'] as const) {
    // Nothing to compare the processor with: it need not be tried.
    if (id === 'cpu' && passed.length === 0) return 'cpu';
    const outcome = await tryProvider(id, deviceId);
    if (outcome.works) passed.push({ id, milliseconds: outcome.milliseconds });
  }
  return passed.sort((a, b) => a.milliseconds - b.milliseconds)[0]?.id ?? 'cpu';
}

function unavailable(id: ExecutionProviderId, reason: string): AppError {
  const definition = PROVIDERS[id];
  const why = isForPlatform(definition) ? reason : `${definition.title} does not exist on ${platformName()}`;
  return new AppError('PROVIDER_UNAVAILABLE', `The execution provider ${id} cannot be used here: ${why}.`, {
    hint: `${definition.howToGet.replace(/[.:]$/, '')}. Or choose another: facefusion doctor tries all of them.`,
    details: { provider: id, reason: why },
  });
}

const PLATFORM_NAMES: Readonly<Record<string, string>> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };

/** Of this machine, in words: `Linux x64`. */
export const platformName = (): string => `${PLATFORM_NAMES[process.platform] ?? process.platform} ${process.arch}`;
