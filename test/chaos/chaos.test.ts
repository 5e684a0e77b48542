/** The short form of `npm run chaos`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../e2e/support/cli.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { runChaos } from './run-chaos.ts';

const SECONDS = 20;
const JOBS = 5;
const folder = createRunFolder();
beforeAll(ensureBuilt);
afterAll(folder.remove);

it('every job ends once with the right output, whatever fails meanwhile', { timeout: 300_000 }, async () => {
  const log: string[] = [];
  const report = await runChaos({
    ...{ folder: folder.path, seconds: SECONDS, jobs: JOBS, workers: 3, seed: 7, leaseSeconds: 3 },
    say: (message, fields) => log.push(`${message} ${JSON.stringify(fields ?? {})}`),
  });
  expect(report, log.join('\n')).toMatchObject({
    ok: true,
    rightOutputs: JOBS,
    duplicates: [],
    orphans: [],
    faults: [],
  });
  const happened = Object.values(report.trouble).reduce((sum, times) => sum + times, 0);
  expect(happened).toBeGreaterThan(2);
});
