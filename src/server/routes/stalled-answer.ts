/** Why nothing is begun, for whoever looks at the queue or at a job that waits. */
import type { z } from 'zod';
import type { Backend } from '../../jobs/backend.ts';
import { toWords, whyNothingBegins } from '../../jobs/why-nothing-begins.ts';
import type { Caller } from '../auth/caller.ts';
import { allows } from '../auth/scopes.ts';
import type { stalledAnswer } from '../contracts/job.ts';

/** @returns nothing where nothing stands in the way. @throws STORE_FAILED */
export async function readStalled(
  backend: Pick<Backend, 'store'>,
  { scopes }: Pick<Caller, 'scopes'>,
): Promise<{ readonly stalled?: z.output<typeof stalledAnswer> }> {
  const room = await whyNothingBegins(backend);
  if (!room) return {};
  const { folder, ...facts } = room;
  const isShown = allows(scopes, 'admin');
  return { stalled: { ...facts, ...toWords(room, isShown), ...(isShown && folder !== undefined ? { folder } : {}) } };
}
