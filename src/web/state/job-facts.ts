/** What is said of a job: its name, how far it is, how long it takes. */
import type { Schemas } from './api.ts';
import { assets } from './assets.ts';
import { presets } from './catalogue.ts';
import { type Job, jobs, type Progress, progress } from './jobs.ts';

export const progressOf = (job: Job): Progress | undefined => progress.value.get(job.id) ?? job.progress;

/** What the service calls an output that nobody has named. */
const UNNAMED = /^result\.\w+$/;

/** As its output will be called; one without a name as its target is. */
export function nameOf(job: Job): string {
  const target = job.target === undefined ? undefined : assets.value.get(job.target)?.fileName;
  const { outputName } = job;
  if (outputName !== undefined && !UNNAMED.test(outputName)) return outputName;
  return target ?? outputName ?? job.id;
}

export const mainOutput = (job: Job): Schemas['JobOutput'] | undefined =>
  job.outputs.find(({ role }) => role === 'main') ?? job.outputs[0];

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * The preset whose values a job has; undefined where they were changed. The service keeps values, not the name: what a
 * preset means may change between versions.
 */
export function presetOf(job: Job): string | undefined {
  if (typeof job.options.preset === 'string') return job.options.preset;
  return presets.value.find(({ options }) => {
    const entries = Object.entries(options);
    return entries.length > 0 && entries.every(([name, value]) => isSame(job.options[name], value));
  })?.name;
}

/** Options of a job beside those that its preset sets. */
export function ownOptionsOf(job: Job): Readonly<Record<string, unknown>> {
  const preset = presetOf(job);
  const set = presets.value.find(({ name }) => name === preset)?.options ?? {};
  return Object.fromEntries(
    Object.entries(job.options).filter(
      ([name, value]) => name !== 'preset' && !(name in set && isSame(set[name], value)),
    ),
  );
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const startFrameOf = (job: Job): number => number(job.options.trimFrameStart) ?? 0;

/** Frames of a chunk, where a job says nothing else. */
const CHUNK_FRAMES = 100;
/** A chunk may be longer by a quarter, and counts when the next one is on its way. */
const SURELY_WHOLE = 1.5;

/** Whether a job that was stopped has left something that can be kept as a clip. */
export function canKeep(job: Job): boolean {
  // What may not be made is not kept in part either, and cannot be begun again.
  if (job.state === 'completed' || job.error?.retryable === false) return false;
  const kind = job.target === undefined ? undefined : assets.value.get(job.target)?.media.kind;
  const now = progressOf(job);
  const chunk = number(job.options.videoChunkSize) ?? CHUNK_FRAMES;
  return kind === 'video' && now?.stage === 'process' && now.done >= SURELY_WHOLE * chunk;
}

/** Persons that are changed, where they were chosen one by one. */
export const peopleOf = (job: Job): number | undefined =>
  job.map.length === 0 ? undefined : job.map.filter(({ sources }) => sources.length > 0).length;

export const swaps = (job: Job): boolean => {
  const { processors } = job.options;
  return !Array.isArray(processors) || processors.includes('face_swapper');
};

const seconds = (from: string | undefined, to: number): number | undefined =>
  from === undefined ? undefined : Math.max(0, (to - Date.parse(from)) / 1000);

/** How long it has run, or ran. @param now milliseconds since 1970 */
export const elapsedOf = (job: Job, now: number): number | undefined =>
  seconds(job.startedAt, job.endedAt === undefined ? now : Date.parse(job.endedAt));

/** Frames of a target that a job works on; undefined while the target is not known. */
export function framesOf(job: Job): number | undefined {
  const asset = job.target === undefined ? undefined : assets.value.get(job.target);
  if (!asset) return undefined;
  const { kind, frames } = asset.media;
  if (kind === 'image') return 1;
  if (frames === undefined) return undefined;
  return Math.max(0, Math.min(frames, number(job.options.trimFrameEnd) ?? frames) - startFrameOf(job));
}

/** Work of the same kind takes the same time a frame. */
const kindOf = (job: Job): string =>
  JSON.stringify([presetOf(job), job.options.processors ?? [], job.target && assets.value.get(job.target)?.media.kind]);

/**
 * Seconds that a job will take, as earlier ones of the same kind took here; undefined where there is none: nothing is
 * guessed.
 */
export function expectedSeconds(job: Job): number | undefined {
  const frames = framesOf(job);
  if (frames === undefined) return undefined;
  let [taken, done] = [0, 0];
  for (const other of jobs.value.values()) {
    const took = other.state === 'completed' ? elapsedOf(other, 0) : undefined;
    if (took === undefined || !other.frames?.total || kindOf(other) !== kindOf(job)) continue;
    taken += took;
    done += other.frames.total;
  }
  return done === 0 ? undefined : (taken / done) * frames;
}

/** Frames a second over all of a job that has ended. */
export function speedOf(job: Job): number | undefined {
  const took = elapsedOf(job, 0);
  const total = job.frames?.total ?? 0;
  return took && total > 1 ? total / took : undefined;
}

/** Pictures of a running job over its length: it is not fetched for every frame. */
const PICTURES = 24;

/** A frame of the target to show beside a job: the latest of a running one, else from its middle. */
export function shownFrame(job: Job): number {
  const now = progressOf(job);
  const start = startFrameOf(job);
  if (job.state !== 'running' || now?.stage !== 'process' || !now.total) {
    return start + Math.floor((framesOf(job) ?? 1) / 2);
  }
  const step = Math.max(1, Math.ceil(now.total / PICTURES));
  return start + Math.min(now.total - 1, Math.floor(now.done / step) * step);
}

/** The frame that the picture of a job shows: where the service has a picture of a running one, the frame that was finished last. */
export function picturedFrame(job: Job): number {
  const pictured = job.state === 'running' ? progressOf(job)?.pictured : undefined;
  return pictured === undefined ? shownFrame(job) : startFrameOf(job) + Math.max(0, pictured - 1);
}
