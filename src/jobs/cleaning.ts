/** What a job leaves behind when it ends is noted down, so that whoever supervises takes it away even after a crash. */
import { z } from 'zod';
import type { Policy } from '../trust/policy/policy-schema.ts';
import type { Backend } from './backend.ts';
import { chunksPrefix } from './execute/keys.ts';
import { moveExpiry } from './hold-assets.ts';
import { isEnded, JOB_STATES, type Job, jobStream } from './job.ts';
import { readJob, tellState } from './job-documents.ts';
import { assetIdsOf, assetsOfProjects } from './project-assets.ts';
import { jobPrefix } from './remove-job.ts';
import type { StoredDocument } from './store/store.ts';

/** Kind of the notes. Their ids are those of jobs. */
export const CLEANING_KIND = 'cleaning';

/** Tasks that were told to stop may still write for a while: a second round comes so long after the end. */
export const SECOND_ROUND_MILLISECONDS = 60_000;
/** For how long whoever cancelled a job may change his mind and go on with the chunks that it had. */
export const CANCELLED_KEPT_MILLISECONDS = 3_600_000;

/** States of notes: those that wait for the last round of a cancelled job do not stand before the others. */
export const NOTE_STATES = ['due', 'later'] as const;

const DAY_MS = 86_400_000;
/** Inputs stay for this long behind a run at least, so that its owner can run again with another option. */
const INPUT_GRACE_MS = 3_600_000;

/**
 * Notes down that a job is about to end: before it does, so that nothing is forgotten where a process ends in between.
 * A note that is there already comes due anew.
 */
export async function dueCleaning({ store }: Pick<Backend, 'store'>, job: string, now: number): Promise<void> {
  const note = { state: NOTE_STATES[0], value: now };
  if (await store.create(CLEANING_KIND, { id: job, tenant: '', ...note })) return;
  await store.update(CLEANING_KIND, job, () => note);
}

/** When a note is due, milliseconds since 1970. */
export const dueAt = ({ value }: Pick<StoredDocument, 'value'>): number => (typeof value === 'number' ? value : 0);

/**
 * Takes away what a job that has ended does not need any more: tasks, attempts that lost, chunks. A failed one keeps its
 * chunks until it expires, a cancelled one for an hour, so that a retry goes on with them. Doing it twice is harmless.
 * @param note of a job, which is due
 */
export async function cleanJob(backend: Backend, note: StoredDocument, policy: Policy, now: number): Promise<void> {
  const { store, queue, storage } = backend;
  const { id } = note;
  const job = await readJob(store, id);
  if (job && !isEnded(job.state)) {
    // It is about to end, or whoever wanted to end it was too late, or it has begun anew.
    if (now - dueAt(note) >= SECOND_ROUND_MILLISECONDS) await removeNote(store, note);
    return;
  }
  if (!job) {
    await storage.removePrefix(jobPrefix(id));
    return removeNote(store, note);
  }
  // Whoever ended it may have been stopped before he could tell the workers, or anybody.
  if (job.state !== 'completed') await queue.cancel(id);
  const endedAt = Date.parse(job.endedAt ?? job.updatedAt);
  if (now - endedAt >= TOLD_MILLISECONDS) await tellMissingEnd(store, job);
  await removeLeftovers(backend, job, now - endedAt);
  if (job.state !== 'failed') await releaseInputs(backend, job, policy);
  const secondRound = endedAt + SECOND_ROUND_MILLISECONDS;
  const lastRound = job.state === 'cancelled' ? endedAt + CANCELLED_KEPT_MILLISECONDS : secondRound;
  if (lastRound <= now) return removeNote(store, note);
  const next =
    secondRound > now ? { state: NOTE_STATES[0], value: secondRound } : { state: NOTE_STATES[1], value: lastRound };
  await store.update(CLEANING_KIND, id, (current) => (dueAt(current) === dueAt(note) ? next : undefined));
}

/** One that came due anew meanwhile stays. */
async function removeNote(store: Backend['store'], { id, version }: StoredDocument): Promise<void> {
  const current = await store.read(CLEANING_KIND, id);
  if (current?.version === version) await store.remove(CLEANING_KIND, id);
}

/** Whoever ends a job says so at once, unless it is stopped in between. */
const TOLD_MILLISECONDS = 10_000;
/** Events that are read at once. */
const PAGE = 1000;

/** Those who follow a job wait for its end. */
async function tellMissingEnd(store: Backend['store'], job: Job): Promise<void> {
  let last: unknown;
  for (let after = 0; ; ) {
    const page = await store.events(jobStream(job.id), after, PAGE);
    for (const { value } of page) if (stateSchema.safeParse(value).success) last = value;
    after = page.at(-1)?.number ?? after;
    if (page.length < PAGE) break;
  }
  const told = stateSchema.safeParse(last);
  if (!told.success || told.data.state !== job.state) await tellState(store, job);
}

const stateSchema = z.object({ type: z.literal('state'), state: z.enum(JOB_STATES) });

/** @param ago milliseconds since its end */
async function removeLeftovers({ store, storage }: Backend, job: Job, ago: number): Promise<void> {
  const keepsChunks = job.state === 'failed' || (job.state === 'cancelled' && ago < CANCELLED_KEPT_MILLISECONDS);
  const kept = new Set(job.outputs.flatMap(({ key }) => (key === undefined ? [] : [key])));
  const leftovers: string[] = [];
  for await (const { key } of storage.list(jobPrefix(job.id))) {
    const isChunk = keepsChunks && key.startsWith(chunksPrefix(job.id));
    if (!kept.has(key) && !isChunk) leftovers.push(key);
  }
  if (leftovers.length === 0) return;
  // What was listed while it was still at its end is of runs that are over, also where it begins anew from now on.
  const now = await readJob(store, job.id);
  if (now && (now.runs !== job.runs || now.state !== job.state)) return;
  await storage.remove(leftovers);
}

/** Open jobs that are looked at before inputs are left to their own expiry. */
const MOST_OPEN = 1000;

/** Inputs go when the policy says, unless another job or a project needs them; a failed job keeps its own for a retry. */
async function releaseInputs({ store }: Backend, { tenant, steps, endedAt }: Job, policy: Policy): Promise<void> {
  const own = new Set(steps.flatMap(assetIdsOf));
  const open = await store.list('job', { tenant, states: ['queued', 'running'], limit: MOST_OPEN });
  if (own.size === 0 || endedAt === undefined || open.length === MOST_OPEN) return;
  for (const { id } of open) {
    const other = await readJob(store, id);
    for (const asset of other?.steps.flatMap(assetIdsOf) ?? []) own.delete(asset);
  }
  for (const asset of own.size === 0 ? [] : await assetsOfProjects(store, tenant)) own.delete(asset);
  const until = Date.parse(endedAt) + Math.max(policy.inputs.retentionDays * DAY_MS, INPUT_GRACE_MS);
  await Promise.all([...own].map((id) => moveExpiry(store, id, (before) => Math.min(before, until))));
}
