import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { JOB_STATES, type JobState } from '../../jobs/job.ts';
import type { BatchResult, LocalJobs } from '../../jobs/local-jobs.ts';
import { parseCount } from '../arguments.ts';
import type { JobsValues } from '../jobs/open-jobs.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { JOBS_GROUP } from './job-heads.ts';

type Values = CommonValues & JobsValues & { readonly haltOnError?: boolean };

/** FaceFusion's commands about jobs that take no options of a run, and what they lack: show, cancel, import and export. */
export function addJobsCommands(program: Command, session: Session): void {
  const declare = (name: string, summary: string, description: string): Command => {
    const command = program.command(name).summary(summary).description(description).helpGroup(JOBS_GROUP);
    return command.option('--jobs-path <folder>', 'folder of the jobs; default: jobs in your data folder');
  };
  const load = () => import('../jobs/job-actions.ts');
  /** One job: by its id, to be changed or run. */
  const one = (
    name: string,
    summary: string,
    description: string,
    act: (jobs: LocalJobs, id: string) => Promise<unknown>,
  ): void => {
    const command = declare(name, summary, description).argument('<job-id>', 'letters, digits and -');
    addCommonFlags(command).action(async (id: string, values: Values) =>
      (await load()).changeOne(session, name, values, (jobs) => act(jobs, id)),
    );
  };
  const all = (
    name: string,
    summary: string,
    act: (jobs: LocalJobs, haltOnError: boolean) => Promise<BatchResult>,
  ): void => {
    const command = declare(name, summary, `${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    command.option('--halt-on-error', 'end with the first that fails');
    addCommonFlags(command).action(async (values: Values) =>
      (await load()).changeAll(session, name, values, (jobs) => act(jobs, values.haltOnError ?? false)),
    );
  };
  const run = (name: string, summary: string, method: 'run' | 'retry'): void => {
    const command = declare(
      name,
      summary,
      `${summary[0]?.toUpperCase()}${summary.slice(1)}. Finished steps and whole chunks are kept.`,
    );
    addCommonFlags(command.argument('<job-id>', 'letters, digits and -')).action(async (id: string, values: Values) =>
      (await load()).runOne(session, name, values, method, id),
    );
    const several = declare(
      `${name}-all`,
      `${summary.replace('a ', 'all ')}s`.replace('jobss', 'jobs'),
      'Runs them in the order in which they were made.',
    );
    several.option('--halt-on-error', 'end with the first that fails');
    addCommonFlags(several).action(async (values: Values) =>
      (await load()).runAll(session, `${name}-all`, values, method),
    );
  };

  const list = declare('job-list', 'list jobs', 'Lists the jobs of this machine, oldest first.');
  list.argument('[state]', `only those: ${JOB_STATES.join(', ')}`);
  addCommonFlags(list).action(async (state: string | undefined, values: Values) =>
    (await load()).listJobs(session, values, state === undefined ? undefined : parseState(state)),
  );
  const show = declare(
    'job-show',
    'show a job with its steps and log',
    'Shows the steps of a job, how long they took, and what was said.',
  );
  addCommonFlags(show.argument('<job-id>', 'letters, digits and -')).action(async (id: string, values: Values) =>
    (await load()).showJob(session, values, id),
  );
  one('job-create', 'create a drafted job', 'Creates a job without steps.', (jobs, id) => jobs.createJob(id));
  const remove = declare('job-remove-step', 'remove a step of a drafted job', 'Removes a step of a drafted job.');
  remove.argument('<job-id>', 'letters, digits and -').argument('<step-index>', 'counted from 0');
  addCommonFlags(remove).action(async (id: string, index: string, values: Values) =>
    (await load()).changeOne(session, 'job-remove-step', values, (jobs) =>
      jobs.removeStep(id, parseCount('<step-index>', index)),
    ),
  );
  one('job-submit', 'queue a drafted job', 'Queues a drafted job: it can be run then.', (jobs, id) => jobs.submit(id));
  all('job-submit-all', 'queue all drafted jobs', (jobs, haltOnError) => jobs.submitAll({ haltOnError }));
  run('job-run', 'run a queued job', 'run');
  run('job-retry', 'run a failed job again', 'retry');
  one('job-cancel', 'end a job', 'Ends a job, also one that another process runs.', (jobs, id) => jobs.cancel(id));
  one('job-delete', 'delete a job', 'Deletes a job with its intermediate files; outputs stay.', (jobs, id) =>
    jobs.delete(id),
  );
  all('job-delete-all', 'delete all jobs', (jobs, haltOnError) => jobs.deleteAll({ haltOnError }));
  const take = declare(
    'job-import',
    'take a job file of FaceFusion over',
    'Takes a job file of the Python FaceFusion over, as a drafted job.',
  );
  addCommonFlags(take.argument('<file>', 'a .json file below its jobs folder')).action(
    async (file: string, values: Values) => (await load()).importJob(session, values, file),
  );
  const give = declare(
    'job-export',
    'write a job as a file of FaceFusion',
    'Writes a job as a file that the Python FaceFusion takes.',
  );
  addCommonFlags(
    give.argument('<job-id>', 'letters, digits and -').argument('<file>', 'file to write; ends in .json'),
  ).action(async (id: string, file: string, values: Values) => (await load()).exportJob(session, values, id, file));
}

function parseState(text: string): JobState {
  const state = JOB_STATES.find((known) => known === text);
  if (state) return state;
  throw new AppError('OPTION_INVALID', `Expected ${JOB_STATES.join(', ')}, received ${text}.`);
}
