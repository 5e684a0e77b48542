/** Two videos, frame by frame. */
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { createProgressMeter } from '../core/progress.ts';
import { i420ToRgb } from '../engine/frames/yuv.ts';
import { probeVideo, type VideoInfo } from '../media/probe.ts';
import { openVideoReader } from '../media/video-reader.ts';
import { type CompareContext, compareFrame, type FrameComparison } from './compare-frame.ts';
import type { Comparison } from './compare-photos.ts';
import { FaceFollower } from './face-follower.ts';
import type { MeasureName } from './measures.ts';
import { summarise } from './summarise.ts';

/** Frames that are analysed whole, spread over the video. */
const SAMPLES = 12;

/**
 * Reads both videos to the end.
 * @throws INPUT_UNSUPPORTED when sizes or numbers of frames differ, TARGET_NO_FACE when no sampled frame shows a face,
 *   what reading a video throws, CANCELLED
 */
export async function compareVideos(
  targetPath: string,
  resultPath: string,
  context: CompareContext,
): Promise<Comparison> {
  const { signal } = context;
  const targetInfo = await probeVideo(targetPath);
  const resultInfo = await probeVideo(resultPath);
  assertSameFrameSize(targetInfo, resultInfo);
  const { frameWidth: width, frameHeight: height } = targetInfo;
  const meter = createProgressMeter('analyse', targetInfo.frameCountEstimate, context.onProgress);
  const samples = new Sampler(targetInfo.frameCountEstimate);
  const comparisons: FrameComparison[] = [];
  const sampledFrames: number[] = [];
  let follower: FaceFollower | undefined;
  let frames = 0;

  await using targets = openVideoReader(targetPath, targetInfo, { signal });
  await using results = openVideoReader(resultPath, resultInfo, { signal });
  const resultFrames = results[Symbol.asyncIterator]();
  for await (const target of targets) {
    throwIfAborted(signal);
    const next = await resultFrames.next();
    if (next.done) throw differentLength(`the result ends after ${frames} frames, the target does not`);
    const result = next.value;
    if (samples.wants(frames)) {
      const comparison = await compareFrame(toRgb(target), toRgb(result), context);
      if (comparison) {
        comparisons.push(comparison);
        sampledFrames.push(frames);
        // The largest face: the judge gives them in that order.
        follower ??= new FaceFollower(context.judge.finder, comparison.faces[0].mesh);
      }
    }
    await follower?.step(target, result);
    meter.step(++frames);
  }
  const extra = await resultFrames.next();
  if (!extra.done) throw differentLength(`the target ends after ${frames} frames, the result does not`);
  if (comparisons.length === 0) {
    throw new AppError(
      'TARGET_NO_FACE',
      `No face was found in the ${samples.taken} frames of the target that were looked at.`,
    );
  }

  const { values, ...summary } = summarise(comparisons, false);
  const steadiness = follower?.steadiness();
  const all = new Map<MeasureName, number>(values);
  if (steadiness?.jitter !== undefined) all.set('jitter', steadiness.jitter);
  if (steadiness?.flicker !== undefined) all.set('flicker', steadiness.flicker);
  return { ...summary, values: all, width, height, frames, sampledFrames, followedFrames: steadiness?.frames ?? 0 };
}

/** Picks frames evenly. The estimate may be wrong: the first frame always counts, so there is at least one. */
class Sampler {
  readonly #step: number;
  taken = 0;

  constructor(frameCountEstimate: number) {
    this.#step = Math.max(1, frameCountEstimate / SAMPLES);
  }

  wants(frame: number): boolean {
    if (this.taken >= SAMPLES || frame < Math.round(this.taken * this.#step)) return false;
    this.taken++;
    return true;
  }
}

function toRgb(frame: I420Frame): RgbImage {
  const { width, height } = frame;
  const image: RgbImage = { data: new Uint8Array(width * height * 3), width, height };
  i420ToRgb(frame, image, { x0: 0, y0: 0, x1: width, y1: height });
  return image;
}

function assertSameFrameSize(target: VideoInfo, result: VideoInfo): void {
  if (target.frameWidth === result.frameWidth && target.frameHeight === result.frameHeight) return;
  throw new AppError(
    'INPUT_UNSUPPORTED',
    `Expected a result of the target's ${target.width}x${target.height} pixels, received ${result.width}x${result.height}.`,
    { hint: 'Compare with the very target of the run.' },
  );
}

const differentLength = (what: string): AppError =>
  new AppError('INPUT_UNSUPPORTED', `Expected two videos of as many frames: ${what}.`, {
    hint: 'Cut the target to the frames of the run, or run it without --trim-frame-start and --trim-frame-end.',
  });
