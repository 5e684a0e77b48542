/** Runs a job of the command line in a process of its own, to be killed: `local-job-child.ts <folder> <job>`. */
import { join } from 'node:path';
import { createLocalJobs } from '../../src/jobs/local-jobs.ts';
import { openSqliteStore } from '../../src/jobs/store/sqlite-store.ts';

const [folder = '', job = ''] = process.argv.slice(2);
await using store = openSqliteStore(join(folder, 'jobs.sqlite'));
const jobs = createLocalJobs({ store, folder: join(folder, 'work') });
await jobs.run(job, {
  onProgress: ({ stage, done }, step) => process.stdout.write(`${JSON.stringify({ step, stage, done })}\n`),
});
