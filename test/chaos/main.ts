/** `npm run chaos -- --seconds 180 --jobs 20 --workers 3 --seed 1`: the log on stderr, the report as JSON on stdout. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../e2e/support/cli.ts';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    jobs: { type: 'string', default: '20' },
    workers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    lease: { type: 'string', default: '6' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'facefusion-chaos-'));
// Workers are given the same keys, log and lists, and none of this machine's own.
process.env.FACEFUSION_KEYS = join(folder, 'keys');
process.env.FACEFUSION_AUDIT = join(folder, 'audit');
process.env.FACEFUSION_DATA_FOLDER = join(folder, 'data');
const begun = performance.now();
ensureBuilt();
try {
  const report = await runChaos({
    ...{ folder, seconds: Number(values.seconds), jobs: Number(values.jobs), workers: Number(values.workers) },
    ...{ seed: Number(values.seed), leaseSeconds: Number(values.lease) },
    say(message, fields) {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds} s  ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
    },
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
