import { isAbsolute, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Job } from '../../jobs/job.ts';
import { parseCount } from '../arguments.ts';
import { type Flag, listFlags } from '../flags.ts';
import type { JobsValues } from '../jobs/open-jobs.ts';
import { addRunFlags, GROUP_TITLES, pickOptions } from '../run-flags.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { addJobStepHead, JOBS_GROUP } from './job-heads.ts';

type Values = CommonValues & JobsValues & Readonly<Record<string, unknown>>;
type BatchValues = Values & {
  readonly sourcePattern?: string;
  readonly targetPattern?: string;
  readonly outputPattern?: string;
  readonly haltOnError?: boolean;
};

/** Belong to a run of its own, not to a step. */
const NOT_OF_STEPS: readonly string[] = ['chunk', 'resume'];
const PATHS: readonly string[] = ['sourcePaths', 'targetPath', 'outputPath', 'map'];

/** `facefusion job-add-step`, `job-insert-step`, `job-remix-step` and `batch-run`. */
export function addJobStepCommands(program: Command, session: Session): void {
  const flags = listFlags().filter(({ name }) => !NOT_OF_STEPS.includes(name));
  const ofRemix = flags.filter(({ name }) => name !== 'targetPath');
  const ofBatch = flags.filter(({ name }) => !PATHS.includes(name));

  const add = withRunFlags(addJobStepHead(program, 'job-add-step').argument('<job-id>', 'a drafted job'), flags);
  addCommonFlags(add).action((id: string, values: Values) =>
    edit(session, 'job-add-step', values, (jobs) => jobs.addStep(id, stepOptions(values, flags))),
  );

  const insert = withRunFlags(
    addJobStepHead(program, 'job-insert-step')
      .argument('<job-id>', 'a drafted job')
      .argument('<step-index>', 'the step before which it comes, counted from 0'),
    flags,
  );
  addCommonFlags(insert).action((id: string, index: string, values: Values) =>
    edit(session, 'job-insert-step', values, (jobs) =>
      jobs.insertStep(id, parseCount('<step-index>', index), stepOptions(values, flags)),
    ),
  );

  const remix = withRunFlags(
    addJobStepHead(program, 'job-remix-step')
      .argument('<job-id>', 'a drafted job')
      .argument('<step-index>', 'the step whose output is worked on, counted from 0'),
    ofRemix,
  );
  addCommonFlags(remix).action((id: string, index: string, values: Values) =>
    edit(session, 'job-remix-step', values, (jobs) =>
      jobs.remixStep(id, parseCount('<step-index>', index), stepOptions(values, ofRemix)),
    ),
  );

  const batch = addJobStepHead(program, 'batch-run');
  const pattern = (name: string, text: string): void => {
    batch.addOption(batch.createOption(name, text).helpGroup(GROUP_TITLES.paths));
  };
  pattern('-s, --source-pattern <pattern>', 'photos whose faces are put in, one a run: "faces/*.jpg"');
  pattern('-t, --target-pattern <pattern>', 'photos and videos that are worked on: "clips/**/*.mp4" (required)');
  pattern(
    '-o, --output-pattern <pattern>',
    'where outputs go, with {index}, {source_name}, {target_name} and {target_extension} (required)',
  );
  batch.addOption(
    batch.createOption('--halt-on-error', 'end with the first run that fails').helpGroup(GROUP_TITLES.execution),
  );
  addCommonFlags(withRunFlags(batch, ofBatch)).action(async (values: BatchValues) => {
    const { runBatch } = await import('../jobs/run-batch.ts');
    await runBatch(session, values, pickOptions(values, ofBatch));
  });
}

function withRunFlags(command: Command, flags: readonly Flag[]): Command {
  addRunFlags(command, flags);
  const path = command.createOption('--jobs-path <folder>', 'folder of the jobs; default: jobs in your data folder');
  return command.addOption(path.helpGroup(JOBS_GROUP));
}

/** A job may be run from another folder than that in which it was made: its paths are absolute. */
function stepOptions(values: Values, flags: readonly Flag[]): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = pickOptions(values, flags);
  const absolute = (path: unknown): unknown => (typeof path === 'string' && !isAbsolute(path) ? resolve(path) : path);
  for (const name of ['targetPath', 'outputPath', 'modelFolder', 'stylizerLut']) {
    if (options[name] !== undefined) options[name] = absolute(options[name]);
  }
  if (Array.isArray(options.sourcePaths)) options.sourcePaths = options.sourcePaths.map(absolute);
  return options;
}

async function edit(
  session: Session,
  command: string,
  values: Values,
  change: (jobs: import('../../jobs/local-jobs.ts').LocalJobs) => Promise<Job>,
): Promise<void> {
  const terminal = session.open(command, values);
  const [{ withJobs }, { describeJob, toDocument }] = await Promise.all([
    import('../jobs/open-jobs.ts'),
    import('../jobs/show-jobs.ts'),
  ]);
  const job = await withJobs(values, change);
  terminal.result(command, toDocument(job), () => {
    for (const line of describeJob(job)) terminal.say(line);
  });
}
