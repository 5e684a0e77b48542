/** Tries every execution provider, for the report of the doctor. */
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../../core/execution-providers.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { PROVIDERS } from '../../engine/providers/registry.ts';
import { platformName } from '../../runner/providers/choose-providers.ts';
import { tryInChild } from '../../runner/providers/trial-child.ts';
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
  readonly howToGet?: string;
}

/** Each in a process of its own, one after another: they would slow each other down. */
export async function tryProviders(): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const id of EXECUTION_PROVIDERS) {
    const definition = PROVIDERS[id];
    const { title, howToGet } = definition;
    if (!isForPlatform(definition)) {
      reports.push({ id, title, works: false, reason: `does not exist on ${platformName()}`, howToGet });
      continue;
    }
    const outcome = await tryInChild(id, 0);
    if (outcome.works) reports.push({ id, title, works: true, milliseconds: outcome.milliseconds });
    else reports.push({ id, title, works: false, reason: withoutPaths(outcome.reason), howToGet });
  }
  return reports;
}

/** Cells of a table: what works first. */
export function providerRows(reports: readonly ProviderReport[]): string[][] {
  const rows = [...reports].sort((a, b) => Number(b.works) - Number(a.works));
  return rows.map(({ id, title, works, milliseconds, reason }) => [
    works ? 'available' : 'not here',
    id,
    title,
    works ? `ran the trial in ${milliseconds?.toFixed(1)} ms` : (reason ?? ''),
  ]);
}
