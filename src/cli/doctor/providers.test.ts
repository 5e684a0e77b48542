import { describe, expect, it } from 'vitest';
import { EXECUTION_PROVIDERS } from '../../core/execution-providers.ts';
import { providerRows, tryProviders } from './providers.ts';

describe('the table of providers that doctor prints', () => {
  it('has every provider, tried on this machine; whoever does not work says why and how to get it', async () => {
    const reports = await tryProviders();
    expect(reports.map(({ id }) => id)).toEqual(EXECUTION_PROVIDERS);
    expect(reports.find(({ id }) => id === 'cpu')).toMatchObject({ works: true });
    for (const { id, works, milliseconds, reason, howToGet } of reports) {
      if (works) expect(milliseconds, id).toBeGreaterThan(0);
      else expect([reason, howToGet], id).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/^[A-Z]/)]);
      // It may be shown to others.
      expect(reason ?? '', id).not.toContain(process.cwd());
    }
  });

  it('shows what works first', () => {
    const rows = providerRows([
      { id: 'cuda', title: 'CUDA', works: false, reason: 'no card', howToGet: 'Buy one.' },
      { id: 'cpu', title: 'processor', works: true, milliseconds: 12.34 },
    ]);
    expect(rows).toEqual([
      ['available', 'cpu', 'processor', 'ran the trial in 12.3 ms'],
      ['not here', 'cuda', 'CUDA', 'no card'],
    ]);
  });
});
