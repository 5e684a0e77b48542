import { describe, expect, it } from 'vitest';
import { errorFactsOf } from './error-facts.ts';

describe('facts of an error', () => {
  it('are what is known among its details', () => {
    const details = {
      ...{
        category: 'listed-face',
        role: 'source',
        policyKey: 'blocklist.threshold',
        blocklistEntries: ['0123456789ab'],
      },
      ...{ auditEntry: 41, run: '0a1b2c3d' },
    };
    expect(errorFactsOf({ details })).toEqual(details);
  });

  it('leave out what may not be told, and what is not as it should be', () => {
    const details = {
      persons: [{ id: '0123456789ab', similarity: 0.98 }],
      ...{ path: '/home/somebody/me.jpg', embedding: [0.1], matches: ['word'] },
      ...{ category: 'something else', blocklistEntries: ['A Name'], frame: -1, limit: 0.75 },
    };
    expect(errorFactsOf({ details })).toEqual({ limit: 0.75 });
  });

  it('are none where there are none', () => {
    expect(errorFactsOf({})).toBeUndefined();
    expect(errorFactsOf({ details: { path: 'x' } })).toBeUndefined();
  });
});
