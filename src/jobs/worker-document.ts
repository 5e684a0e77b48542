/** What a worker says of itself: a document of kind `worker` that expires when it is not written again. */
import { z } from 'zod';
import type { Backend } from './backend.ts';

export const WORKER_KIND = 'worker';

export const workerSchema = z
  .object({
    id: z.string(),
    state: z.enum(['ready', 'draining']),
    /** Of the program. */
    version: z.string(),
    /** Id of the installation whose keys it marks and signs with. */
    installation: z.string(),
    /** Tells machines apart and names none. */
    host: z.string(),
    /** Execution providers that passed a trial here. */
    providers: z.array(z.string()),
    /** Models that were added beside those that every copy brings. */
    models: z.array(z.string()),
    /** What one of its tasks may take. */
    memoryBytes: z.number(),
    concurrency: z.number().int(),
    lanes: z.array(z.string()),
    tasks: z.array(z.object({ id: z.string(), kind: z.string(), job: z.string(), since: z.iso.datetime() })),
    /** Its folder for temporary files; left out by workers of earlier versions. */
    scratch: z
      .object({
        usedBytes: z.number(),
        freeBytes: z.number(),
        /** With less it begins nothing. Left out, with the folder, by workers of earlier versions. */
        neededBytes: z.number().optional(),
        /** Below the home folder as `~/…`. */
        folder: z.string().optional(),
      })
      .optional(),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
  })
  .strict();
export type WorkerDocument = Readonly<z.infer<typeof workerSchema>>;

/** How often a worker says that it is there. */
export const HEARTBEAT_MS = 10_000;
/** After so long without a word it counts as gone: two heartbeats may be lost. */
export const WORKER_EXPIRES_MS = 30_000;

/** @throws STORE_FAILED */
export async function announceWorker(
  { store }: Pick<Backend, 'store'>,
  worker: WorkerDocument,
  now: number = Date.now(),
): Promise<void> {
  const expiresAt = now + WORKER_EXPIRES_MS;
  const { id, state } = worker;
  const changed = await store.update(WORKER_KIND, id, () => ({ state, value: worker, expiresAt }));
  if (!changed) await store.create(WORKER_KIND, { id, tenant: 'system', state, value: worker, expiresAt });
}

/** Workers that are there, at most 1000. @throws STORE_FAILED */
export async function listWorkers({ store }: Pick<Backend, 'store'>): Promise<readonly WorkerDocument[]> {
  const documents = await store.list(WORKER_KIND, { limit: 1000 });
  return documents.map(({ value }) => workerSchema.parse(value));
}
