/** A job as a caller sees it: nothing of tenants, storage keys or paths. */
import { z } from 'zod';
import { errorFactsOf } from '../../core/error-facts.ts';
import type { AppErrorJson } from '../../core/errors.ts';
import { rangeFields } from '../../core/ranges.ts';
import type { Job, JobOutput, JobStep, Media } from '../../jobs/job.ts';
import type { JobAnswer } from '../contracts/job.ts';
import { withoutFolders } from '../problem.ts';

/** Letters of the content's hash in a name that changes with it. */
const HASH_LETTERS = 16;

export function toJobAnswer(job: Job): JobAnswer {
  const [step] = job.steps;
  const ranges = step ? rangesOf(step) : [];
  const { ranges: _, ...options } = step?.options ?? {};
  const { id, state, priority, createdAt, updatedAt, submittedAt, startedAt, endedAt, expiresAt } = job;
  const { cancelRequestedAt, callback, plan, frames, progress, error } = job;
  const run = auditRunOf(job);
  const defined = { submittedAt, startedAt, endedAt, expiresAt, cancelRequestedAt, callback, plan, frames };
  return {
    ...{ id, state, priority, createdAt, updatedAt },
    ...(Object.fromEntries(Object.entries(defined).filter(([, value]) => value !== undefined)) as Partial<JobAnswer>),
    sources: assetIds(step?.sources ?? []),
    map: toRules(step?.map ?? []),
    ...(ranges.length > 0 ? { ranges } : {}),
    ...(step?.target.kind === 'asset' ? { target: step.target.id } : {}),
    ...(step?.output.kind === 'stored' ? { outputName: step.output.name } : {}),
    options,
    post: job.post,
    labels: job.labels,
    runs: job.runs,
    ...(progress ? { progress: withoutChunks(progress) } : {}),
    timings: job.timings,
    notes: job.notes.map(({ code, message, hint }) => ({ code, ...told({ message, hint }) })),
    ...(error ? { error: toErrorAnswer(error) } : {}),
    outputs: job.outputs.filter(({ key }) => key !== undefined).map((output) => toOutputAnswer(id, output)),
    ...(run === undefined ? {} : { audit: run }),
    eventsUrl: `/v1/jobs/${id}/events`,
  };
}

const toRules = (map: JobStep['map']): JobAnswer['map'] =>
  map.map(({ person, sources }) => ({ person, sources: assetIds(sources) }));

/** As they were asked for: their maps are kept beside them. */
function rangesOf({ options: { ranges }, rangeMaps = [] }: JobStep): NonNullable<JobAnswer['ranges']> {
  return rangeListSchema.parse(ranges ?? []).map((range, at) => {
    const map = toRules(rangeMaps[at] ?? []);
    return { ...range, ...(map.length > 0 ? { map } : {}) };
  });
}

const rangeListSchema = z.array(z.object(rangeFields));

export function toOutputAnswer(job: string, output: JobOutput): JobAnswer['outputs'][number] {
  const { name, role, contentType, bytes, sha256, width, height, durationSeconds } = output;
  return {
    ...{ name, role, contentType, bytes, sha256 },
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    url: outputUrl(job, name),
    immutableUrl: outputUrl(job, hashedName(output)),
  };
}

const outputUrl = (job: string, name: string): string =>
  `/v1/jobs/${job}/outputs/${name.split('/').map(encodeURIComponent).join('/')}`;

/** `hls/master.m3u8` as `hls/master.0f3c…m3u8`. */
export function hashedName({ name, sha256 }: Pick<JobOutput, 'name' | 'sha256'>): string {
  const slash = name.lastIndexOf('/') + 1;
  const dot = name.lastIndexOf('.');
  const at = dot > slash ? dot : name.length;
  return `${name.slice(0, at)}.${sha256.slice(0, HASH_LETTERS)}${name.slice(at)}`;
}

const assetIds = (media: readonly Media[]): string[] =>
  media.flatMap((medium) => (medium.kind === 'asset' ? [medium.id] : []));

/** Why a job failed: what is said, and the facts that may be told. */
export function toErrorAnswer(error: AppErrorJson): NonNullable<JobAnswer['error']> {
  const facts = errorFactsOf(error);
  return {
    ...{ code: error.code, ...told(error), retryable: error.retryable },
    ...(facts === undefined ? {} : { facts }),
  };
}

/** What the audit log calls the run of a job; undefined where none came so far. */
export const auditRunOf = ({ audit, error }: Pick<Job, 'audit' | 'error'>): string | undefined =>
  audit?.job ?? (error && errorFactsOf(error)?.run);

/** Words that may name a file of the machine that worked. */
export const told = ({ message, hint }: { readonly message: string; readonly hint?: string | undefined }) => ({
  message: withoutFolders(message),
  ...(hint === undefined ? {} : { hint: withoutFolders(hint) }),
});

function withoutChunks(progress: NonNullable<Job['progress']>): NonNullable<JobAnswer['progress']> {
  const { stage, done, total, fps, etaSeconds, pictured } = progress;
  return {
    ...{ stage, done },
    ...(total === undefined ? {} : { total }),
    ...(fps === undefined ? {} : { fps }),
    ...(etaSeconds === undefined ? {} : { etaSeconds }),
    ...(pictured === undefined ? {} : { pictured }),
  };
}
