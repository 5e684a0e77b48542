/** Runs jobs and tells what they left behind: `jobs.ts` starts this file. */
import { type JobsTask, runJobs } from './jobs.ts';

const measures = await runJobs(JSON.parse(process.argv[2]) as JobsTask);
process.send?.(measures, () => process.disconnect());
