/** The jobs of this machine, as the command line works with them. */
import { join, resolve } from 'node:path';
import type { JoinVideos } from '../../jobs/local/publish-shared.ts';
import type { LocalJobs } from '../../jobs/local-jobs.ts';

export interface JobsValues {
  readonly jobsPath?: string;
}

/**
 * Opens the store of jobs for the time of `work`.
 * @throws STORE_FAILED, and what `work` throws
 */
export async function withJobs<T>({ jobsPath }: JobsValues, work: (jobs: LocalJobs) => Promise<T>): Promise<T> {
  const { openSqliteStore, createLocalJobs, jobsFolder, joinInChild } = await load();
  const folder = jobsPath === undefined ? jobsFolder() : resolve(jobsPath);
  await using store = openSqliteStore(join(folder, 'jobs.sqlite'));
  const joinVideos: JoinVideos = async (parts, outputPath, { force, signal }) => {
    await joinInChild({ parts: [...parts], outputPath, force }, { signal });
  };
  return await work(createLocalJobs({ store, folder: join(folder, 'work'), join: joinVideos }));
}

/** In a function of its own: beside `await using`, TypeScript 6 leaves the endings of imported files as they are. */
const load = async () => ({
  ...(await import('../../jobs/store/sqlite-store.ts')),
  ...(await import('../../jobs/local-jobs.ts')),
  ...(await import('../../jobs/open-backend.ts')),
  ...(await import('../../runner/runner-client.ts')),
});
