/** Jobs as people read them. */
import type { Job } from '../../jobs/job.ts';
import type { BatchResult } from '../../jobs/local-jobs.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** What `--json` gives of a job. */
export const toDocument = (job: Job): Readonly<Record<string, unknown>> => ({ job });

const shortTime = (time: string | undefined): string => (time === undefined ? '' : time.replace('T', ' ').slice(0, 19));

/** One line a job, as a table. */
export function jobTable(jobs: readonly Job[]): readonly string[] {
  const rows = jobs.map(({ id, state, steps, createdAt, updatedAt }) => [
    ...[id, state, String(steps.length), shortTime(createdAt), shortTime(updatedAt)],
  ]);
  return formatTable([['id', 'state', 'steps', 'created (UTC)', 'changed (UTC)'], ...rows]);
}

export function describeJob(job: Job): readonly string[] {
  const lines = [`Job ${job.id}: ${job.state}, ${job.steps.length === 1 ? '1 step' : `${job.steps.length} steps`}.`];
  job.steps.forEach((step, index) => {
    const { target, output, state } = step;
    const from =
      target.kind === 'file' ? target.path : target.kind === 'step' ? `output of step ${target.index}` : target.id;
    lines.push(`  ${index}  ${state.padEnd(9)}  ${from} -> ${output.kind === 'file' ? output.path : output.name}`);
  });
  if (job.error) lines.push(`Failed with ${job.error.code}: ${job.error.message}`);
  const timings = Object.entries(job.timings).filter(([, seconds]) => seconds >= 0.005);
  if (timings.length > 0)
    lines.push(`Took ${timings.map(([name, seconds]) => `${name} ${seconds.toFixed(2)} s`).join(' · ')}`);
  return lines;
}

/** What became of a job that was run: its outputs on stdout, a path a line. */
export function showRunJob(terminal: Terminal, command: string, job: Job): void {
  for (const note of job.notes)
    terminal.note({ code: note.code, message: note.message, ...(note.hint ? { hint: note.hint } : {}) });
  terminal.result(command, toDocument(job), () => {
    for (const line of describeJob(job)) terminal.say(line);
    for (const { path } of job.outputs) if (path !== undefined) terminal.data(path);
  });
}

/** What became of several, and why some did not. */
export function showBatch(terminal: Terminal, command: string, { done, failed }: BatchResult): void {
  const document = { done, failed: failed.map(({ job, error }) => ({ job, error: error.toJSON() })) };
  terminal.result(command, document, () => {
    for (const { job, error } of failed) {
      terminal.say(`${job}: error[${error.code}]: ${error.message}`);
      if (error.hint) terminal.say(`  hint: ${error.hint}`);
    }
    const total = done.length + failed.length;
    terminal.say(total === 0 ? 'There was nothing to do.' : `${done.length} of ${total} jobs done.`);
    for (const { outputs } of done) for (const { path } of outputs) if (path !== undefined) terminal.data(path);
  });
}
