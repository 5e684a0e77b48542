/** What a job leaves behind when it ends is noted down, so that whoever supervises takes it away even after a crash. */
import type { Backend } from './backend.ts';
import type { StoredDocument } from './store/store.ts';

/** Kind of the notes. Their ids are those of jobs. */
export const CLEANING_KIND = 'cleaning';

/** Tasks of a cancelled job may still write for a while: they are given this long before the second round. */
export const SECOND_ROUND_MILLISECONDS = 60_000;

/** When a note is due, milliseconds since 1970. */
export const dueAt = ({ value }: StoredDocument): number => (typeof value === 'number' ? value : 0);

/** Notes down that a job has ended. A note that is there already comes due anew. */
export async function dueCleaning({ store }: Pick<Backend, 'store'>, job: string, now: number): Promise<void> {
  const note = { state: 'due', value: now };
  if (await store.create(CLEANING_KIND, { id: job, tenant: '', ...note })) return;
  await store.update(CLEANING_KIND, job, () => note);
}
