/** Tries every execution provider, for whoever wants to know what this machine can do. */
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../../core/execution-providers.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { PROVIDERS } from '../../engine/providers/registry.ts';
import { platformName } from '../providers/choose-providers.ts';
import { type TrialFault, tryAllInChild } from '../providers/trial-child.ts';
import { withoutPaths } from './check.ts';

/** One line of the table of providers. */
export interface ProviderReport {
  readonly id: ExecutionProviderId;
  readonly title: string;
  readonly works: boolean;
  /** Of one run of the trial's network, in milliseconds; where it works. */
  readonly milliseconds?: number;
  /** Where it does not work. */
  readonly reason?: string;
  /** The same for pages with words of their own; left out where only the reason is known. */
  readonly fault?: TrialFault | 'platform';
  /** That is lacking, of `library`. */
  readonly library?: string;
  readonly howToGet?: string;
}

/** In a process of their own. */
export async function tryProviders(): Promise<ProviderReport[]> {
  const outcomes = await tryAllInChild(
    EXECUTION_PROVIDERS.filter((id) => isForPlatform(PROVIDERS[id])),
    0,
  );
  return EXECUTION_PROVIDERS.map((id) => {
    const { title, howToGet } = PROVIDERS[id];
    const outcome = outcomes.get(id);
    if (!outcome) {
      const reason = `does not exist on ${platformName()}`;
      return { id, title, works: false, reason, fault: 'platform', howToGet };
    }
    if (outcome.works) return { id, title, works: true, milliseconds: outcome.milliseconds };
    const { fault, library } = outcome;
    return {
      ...{ id, title, works: false, reason: withoutPaths(outcome.reason), howToGet },
      ...(fault ? { fault } : {}),
      ...(library ? { library } : {}),
    };
  });
}
