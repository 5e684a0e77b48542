/** Runs jobs and tells what they left behind: `jobs.ts` starts this file. */
import { type JobsTask, runJobs } from './jobs.ts';

// Whoever asked is gone.
process.on('disconnect', () => process.exit());
const measures = await runJobs(JSON.parse(process.argv[2]) as JobsTask);
process.send?.(measures, () => process.disconnect());
