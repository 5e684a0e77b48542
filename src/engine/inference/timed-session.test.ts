import { describe, expect, it } from 'vitest';
import { countRuns } from './timed-session.ts';

const session = (run: () => Promise<Record<string, never>>) => ({
  ...{ id: 'model', inputs: [], outputs: [] },
  run,
  async release() {},
});

describe('runs of a session', () => {
  it('are counted with their time, also those that fail', async () => {
    let isBroken = false;
    const { session: counted, spent } = countRuns(
      session(async () => {
        if (isBroken) throw new Error('no memory');
        return {};
      }),
    );
    expect(spent()).toEqual({ runs: 0, seconds: 0 });
    await counted.run({});
    isBroken = true;
    await expect(counted.run({})).rejects.toThrow('no memory');
    expect(spent().runs).toBe(2);
    expect(spent().seconds).toBeGreaterThan(0);
  });

  it('are counted for each store by itself where they share a session', async () => {
    const shared = session(async () => ({}));
    const [one, other] = [countRuns(shared), countRuns(shared)];
    await one.session.run({});
    expect([one.spent().runs, other.spent().runs]).toEqual([1, 0]);
  });
});
