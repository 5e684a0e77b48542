/** The queue as the page shows it: what was cleared away, what is just being ended, where it can be paused and sorted. */
import { computed, effect, signal } from '@preact/signals';
import { ended, type Job, jobs, running, waiting } from './jobs.ts';

const STORED = 'facefusion.cleared';
const stored = (): readonly string[] => {
  const value: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
};

/** Jobs that are no longer listed; they and their outputs are there until they expire. */
export const cleared = signal<ReadonlySet<string>>(new Set(stored()));

export function setCleared(ids: ReadonlySet<string>): void {
  // What the service has forgotten need not be remembered.
  const known = [...ids].filter((id) => jobs.value.has(id));
  localStorage.setItem(STORED, JSON.stringify(known));
  cleared.value = new Set(known);
}

export const listedEnded = computed(() => ended.value.filter(({ id }) => !cleared.value.has(id)));

/** Jobs whose end was asked for here: shown at once, whatever the line does. */
export const ending = signal<ReadonlySet<string>>(new Set());
export const isEnding = (job: Job): boolean => job.cancelRequestedAt !== undefined || ending.value.has(job.id);

/** Counts for the heading. */
export const counts = computed(() => ({
  running: running.value.length,
  waiting: waiting.value.length,
  failed: listedEnded.value.filter(({ state }) => state === 'failed').length,
  cancelled: listedEnded.value.filter(({ state }) => state === 'cancelled').length,
  finished: listedEnded.value.filter(({ state }) => state === 'completed').length,
}));

/** Resolves when a job does not run (any more). */
export const whenStopped = (id: string): Promise<void> =>
  new Promise((resolve) => {
    const stop = effect(() => {
      if (jobs.value.get(id)?.state === 'running') return;
      resolve();
      // The effect cannot end itself while it runs for the first time.
      queueMicrotask(() => stop());
    });
  });
