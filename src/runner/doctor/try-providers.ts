/** Tries every execution provider, for whoever wants to know what this machine can do. */
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../../core/execution-providers.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { PROVIDERS } from '../../engine/providers/registry.ts';
import { platformName } from '../providers/choose-providers.ts';
import { type TrialFault, tryInChild } from '../providers/trial-child.ts';
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

/** Each in a process of its own, one after another: they would slow each other down. */
export async function tryProviders(): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const id of EXECUTION_PROVIDERS) {
    const definition = PROVIDERS[id];
    const { title, howToGet } = definition;
    if (!isForPlatform(definition)) {
      reports.push({
        id,
        title,
        works: false,
        reason: `does not exist on ${platformName()}`,
        fault: 'platform',
        howToGet,
      });
      continue;
    }
    const outcome = await tryInChild(id, 0);
    if (outcome.works) reports.push({ id, title, works: true, milliseconds: outcome.milliseconds });
    else {
      const { fault, library } = outcome;
      reports.push({
        ...{ id, title, works: false, reason: withoutPaths(outcome.reason), howToGet },
        ...(fault ? { fault } : {}),
        ...(library ? { library } : {}),
      });
    }
  }
  return reports;
}
