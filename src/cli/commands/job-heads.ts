import type { Command } from 'commander';

/** Commands about jobs that take the options of a run. */
export const JOB_STEP_NAMES = ['job-add-step', 'job-insert-step', 'job-remix-step', 'batch-run'] as const;
export type JobStepName = (typeof JOB_STEP_NAMES)[number];

export const JOBS_GROUP = 'Jobs:';

const HEADS: Readonly<
  Record<JobStepName, { readonly summary: string; readonly description: string; readonly usage: string }>
> = {
  'job-add-step': {
    summary: 'add a step to a drafted job',
    description: 'Adds a step behind those that a drafted job has. Takes the options of process; nothing is run yet.',
    usage: '<job-id> --source <photo...> --target <file> --output <file> [options]',
  },
  'job-insert-step': {
    summary: 'insert a step into a drafted job',
    description: 'Inserts a step before another one of a drafted job. Takes the options of process.',
    usage: '<job-id> <step-index> --source <photo...> --target <file> --output <file> [options]',
  },
  'job-remix-step': {
    summary: 'add a step that works on the output of another',
    description:
      'Adds a step whose target is what another step of the drafted job makes. Takes the options of process.',
    usage: '<job-id> <step-index> --source <photo...> --output <file> [options]',
  },
  'batch-run': {
    summary: 'one run for each pair of sources and targets',
    description:
      'Runs every source of a pattern on every target of another. Runs that fail do not keep the others from being made.',
    usage: '--target-pattern <pattern> --output-pattern <pattern> [--source-pattern <pattern>] [options]',
  },
};

/** Declares one of them without the flags of a run; see `addProcessHead`. */
export function addJobStepHead(program: Command, name: JobStepName): Command {
  const { summary, description, usage } = HEADS[name];
  return program.command(name).summary(summary).description(description).usage(usage).helpGroup(JOBS_GROUP);
}
