import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.ts';
import { isEnded, type Job, type JobState, jobSchema } from './job.ts';
import { changeJob, type JobChange } from './job-states.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const KEEP_MS = 7 * 86_400_000;

const drafted: Job = {
  ...{ id: 'job_0', tenant: 'a', owner: 'k', origin: 'cli', state: 'drafted', priority: 'normal', runs: 0 },
  ...{ createdAt: new Date(START).toISOString(), updatedAt: new Date(START).toISOString() },
  steps: ['one', 'two'].map((name) => ({
    ...{ sources: [], map: [], options: {}, state: 'drafted' as const },
    target: { kind: 'file' as const, path: `${name}.jpg` },
    output: { kind: 'file' as const, path: `${name}.png` },
  })),
  ...{ post: [], labels: {}, timings: {}, notes: [], outputs: [] },
  requires: { providers: [], models: [], memoryBytes: 0 },
  expiresAt: new Date(START + KEEP_MS).toISOString(),
};
const error = new AppError('INTERNAL', 'no').toJSON();
const result = { outputs: [], timings: { process: 1 }, notes: [] };

const change = fc.oneof(
  fc.constantFrom<JobChange>(
    { type: 'submitted' },
    { type: 'cancelled' },
    { type: 'retried' },
    { type: 'retried', partial: true },
  ),
  fc
    .integer({ min: 0, max: 4 })
    .chain((run) =>
      fc.constantFrom<JobChange>(
        { type: 'begun', run },
        { type: 'completed', run, result },
        { type: 'failed', run, error },
      ),
    ),
);

/** Every way from one state to another that there may be. */
const WAYS: Readonly<Record<JobState, readonly JobState[]>> = {
  drafted: ['queued', 'cancelled'],
  queued: ['running', 'completed', 'failed', 'cancelled'],
  running: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: ['queued'],
  cancelled: ['queued'],
};

describe('changeJob', () => {
  it('reaches no illegal state by any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        let job = drafted;
        changes.forEach((one, index) => {
          const next = changeJob(job, one, START + (index + 1) * 1000);
          if (!next) return;
          expect(WAYS[job.state]).toContain(next.state);
          if (isEnded(job.state)) expect(one.type).toBe('retried');
          expect(next.runs).toBe(next.state === 'queued' ? job.runs + 1 : job.runs);
          expect(next.endedAt !== undefined).toBe(isEnded(next.state));
          expect(next.error !== undefined).toBe(next.state === 'failed');
          if (next.state === 'completed') expect(next.steps.every(({ state }) => state === 'completed')).toBe(true);
          expect(jobSchema.safeParse(next).error).toBeUndefined();
          job = next;
        });
      }),
      { numRuns: 500 },
    );
  });

  it('publishes what was done for one run only', () => {
    const kept = play([{ type: 'submitted' }, { type: 'cancelled' }, { type: 'retried', partial: true }]);
    expect(kept).toMatchObject({ state: 'queued', partial: true });
    const failed = changeJob(kept, { type: 'failed', run: 2, error }, START);
    expect(failed && changeJob(failed, { type: 'retried' }, START)?.partial).toBeUndefined();
  });

  it('takes nothing from an earlier run', () => {
    const retried = play([{ type: 'submitted' }, { type: 'cancelled' }, { type: 'retried' }]);
    expect(retried).toMatchObject({ state: 'queued', runs: 2 });
    expect(changeJob(retried, { type: 'completed', run: 1, result }, START)).toBeUndefined();
    expect(changeJob(retried, { type: 'completed', run: 2, result }, START)?.state).toBe('completed');
  });

  it('keeps a job for as long after its end as was said at its beginning, also when it is tried again', () => {
    const failed = play(
      [{ type: 'submitted' }, { type: 'begun', run: 1 }, { type: 'failed', run: 1, error }],
      3_600_000,
    );
    const keptFor = ({ endedAt = '', expiresAt = '' }: Job): number => Date.parse(expiresAt) - Date.parse(endedAt);
    // It was submitted an hour after it was made.
    expect(keptFor(failed)).toBe(KEEP_MS - 3_600_000);
    const late = changeJob(failed, { type: 'retried' }, START + KEEP_MS / 2);
    const again = late && changeJob(late, { type: 'cancelled' }, START + KEEP_MS);
    expect(again && keptFor(again)).toBe(KEEP_MS - 3_600_000);
  });

  it('does completed steps once', () => {
    const begun = play([{ type: 'submitted' }, { type: 'begun', run: 1 }]);
    expect(begun.steps.map(({ state }) => state)).toEqual(['started', 'queued']);
    const halfway = {
      ...begun,
      steps: begun.steps.map((step, index) => ({
        ...step,
        state: index === 0 ? ('completed' as const) : ('started' as const),
      })),
    };
    const failed = changeJob(halfway, { type: 'failed', run: 1, error }, START);
    expect(failed?.steps.map(({ state }) => state)).toEqual(['completed', 'failed']);
    const retried = failed && changeJob(failed, { type: 'retried' }, START);
    expect(retried?.steps.map(({ state }) => state)).toEqual(['completed', 'queued']);
  });

  it('submits no job without steps', () => {
    expect(changeJob({ ...drafted, steps: [] }, { type: 'submitted' }, START)).toBeUndefined();
  });
});

function play(changes: readonly JobChange[], stepMs = 1000): Job {
  return changes.reduce<Job>((job, one, index) => {
    const next = changeJob(job, one, START + (index + 1) * stepMs);
    if (!next) throw new Error(`${one.type} is not allowed`);
    return next;
  }, drafted);
}
