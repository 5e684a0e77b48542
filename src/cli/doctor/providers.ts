/** The execution providers in the report of the doctor. */
import type { ProviderReport } from '../../runner/doctor/try-providers.ts';

export { tryProviders } from '../../runner/doctor/try-providers.ts';

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
