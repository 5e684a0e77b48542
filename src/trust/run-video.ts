/** The path of a video, from its first decoded frame to the published file. */
import { AppError, toAppError } from '../core/errors.ts';
import { createProgressMeter, type OnProgress } from '../core/progress.ts';
import type { FaceTracker } from '../engine/faces/track.ts';
import type { ChunkFolder } from '../media/chunk-folder.ts';
import type { ChunkRecord } from '../media/chunk-journal.ts';
import type { ChunkWriterOptions } from '../media/chunk-writer.ts';
import { type JoinOptions, joinChunks } from '../media/join-chunks.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { VideoInfo } from '../media/probe.ts';
import { type ChunkFacts, type ChunkWork, rememberedBy } from './chunk-work.ts';
import type { FaceChooser } from './face-chooser.ts';
import type { FaceWork } from './face-work.ts';
import { addCounts, type FrameCounts } from './frame-counts.ts';
import { createFrameRate } from './frame-rate.ts';
import { addPart, judgeParts, type PartFindings } from './guard/part-findings.ts';
import { REFUSALS } from './guard/refusals.ts';
import type { RunGuard } from './guard/run-guard.ts';
import { withKeptChunks, withPartial } from './kept-frames.ts';
import { makeChunks } from './make-chunks.ts';
import type { ChunkPlan } from './plan-chunks.ts';
import { saveStates } from './saved-state.ts';
import type { StageClock } from './stage-clock.ts';
import { afterChunk, beforePublish, whileWatched } from './steps.ts';
import type { PublishingRun } from './trust-step.ts';

export interface VideoRun {
  readonly targetPath: string;
  readonly info: VideoInfo;
  /** `[startFrame, endFrame)` of the target; without an end, to its last frame. */
  readonly startFrame: number;
  readonly endFrame?: number | undefined;
  /** Frames of the target between these, as far as anybody knows; for progress. */
  readonly expectedFrames: number;
  readonly plan: ChunkPlan;
  /** Make this chunk only, and publish nothing. */
  readonly onlyChunk?: number | undefined;
  /** Publish what an earlier run has made from the first frame on, and make nothing. */
  readonly onlyKept?: boolean | undefined;
  /** Committed or discarded here. */
  readonly output: OutputFile;
  /** Lent. */
  readonly guard: RunGuard;
  /** Where chunks are kept until the output is published. Removed here when it is, or when it holds nothing. */
  readonly folder: ChunkFolder;
  readonly encoding: ChunkWriterOptions;
  /** Frames a second of the output, where they are others than those of the target. */
  readonly outputFps?: number | undefined;
  /** How the chunks become the output. */
  readonly joining: Omit<JoinOptions, 'aigc' | 'chunks' | 'outputPath' | 'endSeconds'>;
  readonly tracker: FaceTracker;
  readonly lookAhead: number;
  /** Frames by which the decoder may be ahead. */
  readonly readAhead: number;
  readonly chooser: FaceChooser;
  readonly faces: FaceWork;
  /** True where frames are worked on whoever is in them: the output is published also without a face. */
  readonly alwaysPublish: boolean;
  /** See `ChunkWork`. */
  readonly encodersAtOnce: 1 | 2;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface VideoRunResult {
  readonly counts: FrameCounts;
  /** The most faces that one frame showed, chosen or not. */
  readonly mostFaces: number;
  /** Frames of the target that an earlier run had made. */
  readonly resumedFrames: number;
  /** False where no face was chosen in any frame, and where one chunk only was made; then there is no output. */
  readonly published: boolean;
}

/**
 * Works through a video. The output is published when every chunk is whole and at least one chosen face was seen.
 * @throws CANCELLED, FFMPEG_FAILED, OUTPUT_FAILED and whatever a model or a processor throws: whole chunks are kept, and
 *   the message says how many frames they hold. VIDEO_TRUNCATED after all frames that are there have been put into the
 *   `.partial` file, which the message names
 */
export async function runVideo(run: VideoRun): Promise<VideoRunResult> {
  const { folder, onlyChunk } = run;
  const trusted: PublishingRun = {
    kind: 'video',
    processors: run.faces.processors,
    output: run.output,
    guard: run.guard,
    clock: run.clock,
  };
  try {
    return await whileWatched(trusted, () => makeVideo(run, trusted));
  } catch (thrown) {
    const error = toAppError(thrown);
    // What may not be made is not kept in part either.
    if (REFUSALS.includes(error.code)) {
      await folder.remove();
      throw error;
    }
    const kept = framesIn(folder);
    if (kept === 0 || error.code === 'VIDEO_TRUNCATED') throw error;
    throw withKeptChunks(error, folder.path, kept, run.expectedFrames);
  } finally {
    if (folder.chunks.size === 0 || (onlyChunk === undefined && !run.alwaysPublish && isPointless(folder)))
      await folder.remove();
  }
}

/** Makes what is missing and publishes the whole, or the part that there is. */
async function makeVideo(run: VideoRun, trusted: PublishingRun): Promise<VideoRunResult> {
  const { folder, onlyChunk } = run;
  const resumedFrames = framesIn(folder);
  for (const chunk of folder.chunks.values()) addPart(run.guard.found, findingsOf(chunk));
  const truncated = run.onlyKept ? undefined : await makeMissing(run, trusted, resumedFrames);
  const chunks = run.onlyKept ? fromTheFirst(folder) : inOrder(folder);
  const result = { ...summarise(chunks), resumedFrames };
  if (onlyChunk !== undefined) {
    const made = folder.chunks.get(onlyChunk);
    if (made) await afterChunk({ ...made, findings: findingsOf(made) }, trusted);
    // It has all frames that there are; those who join it would take them for all.
    if (truncated) throw truncated;
    return { ...result, published: false };
  }
  if (!result.chosen && !run.alwaysPublish) {
    if (truncated) throw truncated;
    return { ...result, published: false };
  }
  judgeParts(chunks.map(findingsOf), run.guard);
  run.clock.enter('publish');
  await join(run, chunks);
  await beforePublish(trusted);
  if (truncated) {
    run.output.keepPartial();
    await folder.remove();
    throw withPartial(truncated, run.output.partialPath, result.counts.total, run.expectedFrames);
  }
  await run.output.commit();
  await folder.remove();
  return { ...result, published: true };
}

const factsOf = (chunk: ChunkRecord): ChunkFacts => chunk.facts as unknown as ChunkFacts;

/** Chunks that kept none were made by this program before it did. */
const findingsOf = (chunk: ChunkRecord): PartFindings =>
  factsOf(chunk).findings ?? { looks: 0, scores: {}, sawYoungFace: false };

const inOrder = ({ chunks }: ChunkFolder): ChunkRecord[] => [...chunks.values()].sort((a, b) => a.index - b.index);

/** Up to the first one that is missing. @throws RESUME_MISMATCH where that is the first of all */
function fromTheFirst(folder: ChunkFolder): ChunkRecord[] {
  const chunks = inOrder(folder).filter(({ index }, at) => index === at);
  if (chunks.length > 0) return chunks;
  throw new AppError('RESUME_MISMATCH', 'No part of the video is whole yet: there is nothing to keep.', {
    hint: 'Go on with the run instead, or begin it anew.',
  });
}

const framesIn = ({ chunks }: ChunkFolder): number =>
  [...chunks.values()].reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame, 0);

/** A whole video in which nobody was chosen: another run would only find the same. */
const isPointless = (folder: ChunkFolder): boolean =>
  folder.endFrame !== undefined && !summarise(inOrder(folder)).chosen;

function summarise(chunks: readonly ChunkRecord[]): { counts: FrameCounts; mostFaces: number; chosen: boolean } {
  const facts = chunks.map(factsOf);
  return {
    counts: addCounts(facts.map(({ counts }) => counts)),
    mostFaces: Math.max(0, ...facts.map(({ mostFaces }) => mostFaces)),
    chosen: facts.some(({ chosen }) => chosen),
  };
}

/** Makes all chunks that are not there. @returns the error of a target that ended early */
async function makeMissing(run: VideoRun, trusted: PublishingRun, framesDone: number): Promise<AppError | undefined> {
  const { folder, plan, onlyChunk, expectedFrames } = run;
  const meter = createProgressMeter('process', expectedFrames, run.onProgress, framesDone);
  let done = framesDone;
  const work: ChunkWork = {
    ...run,
    trusted,
    rate: createFrameRate(run.outputFps),
    keepsLast: run.outputFps !== undefined,
    onFrame: () => meter.step(++done),
  };
  const blank = await saveStates(rememberedBy(work));
  if (onlyChunk !== undefined) {
    if (folder.chunks.has(onlyChunk)) return undefined;
    return (await makeChunks(work, { plan, first: onlyChunk, onlyOne: true, blank })).truncated;
  }
  for (let first = 0; ; first++) {
    const chunk = plan.chunk(first);
    if (!chunk || chunk.startFrame >= (folder.endFrame ?? Number.POSITIVE_INFINITY)) return undefined;
    if (folder.chunks.has(first)) continue;
    const end = await makeChunks(work, { plan, first, onlyOne: false, blank });
    if (end.endFrame !== undefined) return end.truncated;
  }
}

/** Makes the complete file out of the chunks, in the output's partial file. */
async function join(run: VideoRun, made: readonly ChunkRecord[]): Promise<void> {
  const { folder, output, joining } = run;
  const chunks = made.filter(({ frames }) => frames > 0);
  const last = chunks.at(-1);
  if (!last) throw new AppError('INTERNAL', 'A video without frames cannot be finished.');
  await joinChunks({
    ...joining,
    aigc: run.guard.aigc,
    chunks: chunks.map(({ index, firstSeconds, frames }) => ({ path: folder.chunkPath(index), firstSeconds, frames })),
    endSeconds: last.lastSeconds + 1 / (run.outputFps ?? run.info.fps),
    outputPath: output.partialPath,
  });
}
