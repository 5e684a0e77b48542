/** The work of the commands about jobs. */
import { basename, extname } from 'node:path';
import { EXIT } from '../../core/errors.ts';
import type { Job, JobState } from '../../jobs/job.ts';
import type { BatchResult, LocalJobs } from '../../jobs/local-jobs.ts';
import type { CommonValues, Session } from '../session.ts';
import { type JobsValues, withJobs } from './open-jobs.ts';
import { runContext } from './run-context.ts';
import { describeJob, jobTable, showBatch, showRunJob, toDocument } from './show-jobs.ts';

type Values = CommonValues & JobsValues & { readonly haltOnError?: boolean };

export async function listJobs(session: Session, values: Values, state: JobState | undefined): Promise<void> {
  const terminal = session.open('job-list', values);
  const jobs = await withJobs(values, (all) => all.list(state === undefined ? undefined : [state]));
  terminal.result('job-list', { jobs }, () => {
    if (jobs.length === 0) terminal.say('There are no jobs. Make one: facefusion job-create <job-id>');
    else for (const line of jobTable(jobs)) terminal.data(line);
  });
}

export async function showJob(session: Session, values: Values, id: string): Promise<void> {
  const terminal = session.open('job-show', values);
  const [job, log] = await withJobs(values, async (jobs) => [await jobs.get(id), await jobs.log(id)] as const);
  terminal.result('job-show', { ...toDocument(job), log }, () => {
    for (const line of describeJob(job)) terminal.data(line);
    for (const event of log) terminal.data(`  ${JSON.stringify(event)}`);
  });
}

export async function changeOne(
  session: Session,
  command: string,
  values: Values,
  act: (jobs: LocalJobs) => Promise<unknown>,
): Promise<void> {
  const terminal = session.open(command, values);
  const job = (await withJobs(values, act)) as Job | undefined;
  terminal.result(command, job ? toDocument(job) : {}, () => {
    for (const line of job ? describeJob(job) : ['Done.']) terminal.say(line);
  });
}

export async function changeAll(
  session: Session,
  command: string,
  values: Values,
  act: (jobs: LocalJobs) => Promise<BatchResult>,
): Promise<void> {
  const terminal = session.open(command, values);
  const result = await withJobs(values, act);
  showBatch(terminal, command, result);
  if (result.failed.length > 0) session.endWith(EXIT.partialBatch);
}

export async function runOne(
  session: Session,
  command: string,
  values: Values,
  method: 'run' | 'retry',
  id: string,
): Promise<void> {
  const terminal = session.open(command, values);
  const job = await withJobs(values, (jobs) => session.withKill((kill) => jobs[method](id, runContext(session, kill))));
  showRunJob(terminal, command, job);
}

export async function runAll(
  session: Session,
  command: string,
  values: Values,
  method: 'run' | 'retry',
): Promise<void> {
  const terminal = session.open(command, values);
  const { haltOnError = false } = values;
  const result = await withJobs(values, (jobs) =>
    session.withKill((kill) => {
      const context = runContext(session, kill);
      return method === 'run' ? jobs.runAll({ haltOnError }, context) : jobs.retryAll({ haltOnError }, context);
    }),
  );
  showBatch(terminal, command, result);
  if (result.failed.length > 0) session.endWith(EXIT.partialBatch);
}

export async function importJob(session: Session, values: Values, file: string): Promise<void> {
  const terminal = session.open('job-import', values);
  const { readFacefusionJob } = await import('../../jobs/facefusion-jobs.ts');
  const { id, steps, notes } = await readFacefusionJob(file);
  const job = await withJobs(values, (jobs) => jobs.importJob(id, steps));
  for (const message of notes) terminal.note({ code: 'job-imported', message });
  terminal.result('job-import', { ...toDocument(job), notes }, () => {
    for (const line of describeJob(job)) terminal.say(line);
  });
}

export async function exportJob(session: Session, values: Values, id: string, file: string): Promise<void> {
  const terminal = session.open('job-export', values);
  const [{ toFacefusionJob }, { writeNew }] = await Promise.all([
    import('../../jobs/facefusion-jobs.ts'),
    import('../../runner/persons/blocklist.ts'),
  ]);
  const job = await withJobs(values, (jobs) => jobs.get(id));
  const { text, notes } = toFacefusionJob(job);
  await writeNew(file, text);
  const wanted = `${job.id}.json`;
  if (basename(file, extname(file)) !== job.id) {
    terminal.note({
      code: 'job-named',
      message: `FaceFusion takes the id of a job from the name of its file: ${wanted}.`,
    });
  }
  for (const message of notes) terminal.note({ code: 'job-exported', message });
  terminal.result('job-export', { file, notes }, () => terminal.data(file));
}
