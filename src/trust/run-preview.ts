/** The path of one frame of a video to a photo of it, worked on as the run of the whole video would. */
import { throwIfAborted } from '../core/abort.ts';
import { type AppError, isAppError } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { createProgressMeter, type OnProgress } from '../core/progress.ts';
import { createTrackSteadier } from '../engine/faces/steady-tracks.ts';
import type { FaceTracker } from '../engine/faces/track.ts';
import { i420ToRgb } from '../engine/frames/yuv.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { VideoInfo } from '../media/probe.ts';
import { openVideoReader, type VideoFrame } from '../media/video-reader.ts';
import { writeImage } from '../media/write-image.ts';
import type { ChosenFace, FaceChooser } from './face-chooser.ts';
import type { FaceWork } from './face-work.ts';
import { FrameCounter, type FrameCounts, type FrameTally } from './frame-counts.ts';
import type { RunGuard } from './guard/run-guard.ts';
import type { StageClock } from './stage-clock.ts';
import { afterEachFrame, beforePublish, onOriginal, whileWatched } from './steps.ts';
import type { PicturePlace, PublishingRun } from './trust-step.ts';

/** Frames before the one that is shown which are worked on as well: smoothing and light have settled by then. */
export const PREVIEW_WARM_UP_FRAMES = 12;

export interface PreviewRun {
  readonly targetPath: string;
  readonly info: VideoInfo;
  /** The frame to show. */
  readonly frameNumber: number;
  /** `[startFrame, endFrame)` that the run of the whole video would work on; without an end, to its last frame. */
  readonly startFrame: number;
  readonly endFrame?: number | undefined;
  /** True where the chooser takes whom it chose first: the run's frames are then followed from its first until it does. */
  readonly beginsAtStart: boolean;
  /** Committed here. */
  readonly output: OutputFile;
  /** Lent. */
  readonly guard: RunGuard;
  /** 0..100, for lossy formats. */
  readonly quality: number;
  readonly tracker: FaceTracker;
  /** Frames by which the tracker is ahead of the processors. */
  readonly lookAhead: number;
  readonly chooser: FaceChooser;
  /** Works in this thread. */
  readonly faces: FaceWork;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface PreviewRunResult {
  /** Of the one frame. */
  readonly counts: FrameCounts;
  /** Of the photo, in pixels. */
  readonly width: number;
  readonly height: number;
  /** When the frame is shown, in seconds from the start of the target. */
  readonly timeSeconds: number;
}

/**
 * Makes one frame and publishes it, also where no face of it was changed: the video would show it so.
 * @returns undefined where the target ends before that frame; then there is no output
 * @throws CANCELLED, OUTPUT_FAILED, VIDEO_TRUNCATED where it would be behind a damaged end, what else reading a video throws, whatever a model or a processor throws
 */
export async function runPreview(run: PreviewRun): Promise<PreviewRunResult | undefined> {
  const { output, guard, clock } = run;
  const trusted: PublishingRun = { kind: 'image', processors: run.faces.processors, output, guard, clock };
  return whileWatched(trusted, () => makePreview(run, trusted));
}

async function makePreview(run: PreviewRun, trusted: PublishingRun): Promise<PreviewRunResult | undefined> {
  const { output, clock, signal } = run;
  const made = await makeFrame(run, trusted);
  if (!made) return undefined;
  const { image, alpha, tally, timeSeconds } = made;
  throwIfAborted(signal);
  clock.enter('encode');
  const metadata = { format: 'png', channels: 3, bitsPerChannel: 8, colourSpace: 'srgb' } as const;
  const like = { path: run.targetPath, image, metadata, notes: [], ...(alpha ? { alpha } : {}) };
  await writeImage(output, image, like, { quality: run.quality, aigc: run.guard.aigc });
  clock.enter('publish');
  throwIfAborted(signal);
  await beforePublish(trusted);
  await output.commit();
  const counter = new FrameCounter();
  counter.add(tally);
  return { counts: counter.counts, timeSeconds, width: image.width, height: image.height };
}

const placeOf = ({ index, ptsSeconds }: VideoFrame): PicturePlace => ({
  ...{ frameIndex: index, timeSeconds: ptsSeconds, isCut: false },
});

interface MadeFrame {
  readonly image: RgbImage;
  /** One byte a pixel, in rows of the image. */
  readonly alpha: Uint8Array | undefined;
  readonly tally: FrameTally;
  readonly timeSeconds: number;
}

/** The frame loop: follows, steadies and processes from the warm-up on, up to the frame that is asked for. */
async function makeFrame(run: PreviewRun, trusted: PublishingRun): Promise<MadeFrame | undefined> {
  const { frameNumber, info, tracker, chooser, faces, lookAhead, clock, signal } = run;
  const firstFrame = Math.max(run.startFrame, frameNumber - PREVIEW_WARM_UP_FRAMES);
  const meter = createProgressMeter('process', frameNumber + 1 - firstFrame, run.onProgress);
  const steadier = createTrackSteadier<ChosenFace>({ lookAhead });
  const tracked: VideoFrame[] = [];

  const track = async (frame: VideoFrame): Promise<readonly ChosenFace[]> => {
    clock.enter('track');
    const chosen = await chooser.choose(frame, await tracker.update(frame, frame.ptsSeconds));
    await onOriginal(frame, chosen, placeOf(frame), trusted);
    clock.enter('track');
    throwIfAborted(signal);
    return chosen;
  };
  /** @returns the frame, once it is the one */
  const process = async (chosen: readonly ChosenFace[]): Promise<MadeFrame | undefined> => {
    const frame = tracked.shift();
    if (!frame) return undefined;
    clock.enter('process');
    const time = { frameIndex: frame.index, timeSeconds: frame.ptsSeconds, isStill: false };
    const { tally, replacement } = await faces.process(frame, chosen, time);
    throwIfAborted(signal);
    meter.step(frame.index + 1 - firstFrame);
    if (frame.index < frameNumber) {
      frame.release();
      return undefined;
    }
    const shown = replacement ?? frame;
    await afterEachFrame(shown, placeOf(frame), trusted);
    return { image: toImage(shown, info), alpha: cutAlpha(shown, info), tally, timeSeconds: frame.ptsSeconds };
  };

  clock.enter('decode');
  if (run.beginsAtStart) {
    const blank = tracker.save();
    for await (const frame of read(run, run.startFrame, firstFrame)) {
      const chosen = await track(frame);
      if (chosen.length === 0) continue;
      // The person is known now; where they were says nothing about where they will be.
      for (const { trackId } of chosen) chooser.forget(trackId);
      break;
    }
    tracker.restore(blank);
    clock.enter('decode');
  }
  const endFrame = Math.min(run.endFrame ?? Number.POSITIVE_INFINITY, frameNumber + 1 + lookAhead);
  let truncated: AppError | undefined;
  try {
    for await (const frame of read(run, firstFrame, endFrame)) {
      const chosen = await track(frame);
      tracked.push(frame);
      const { index, ptsSeconds: timeSeconds } = frame;
      for (const steady of steadier.push({ index, timeSeconds, isCut: tracker.lastWasCut, faces: chosen })) {
        const made = await process(steady.faces);
        if (made) return made;
      }
      clock.enter('decode');
    }
  } catch (error) {
    // The frames that are there are worked on, as in the run of the whole video.
    if (!isAppError(error) || error.code !== 'VIDEO_TRUNCATED') throw error;
    truncated = error;
  }
  for (const steady of steadier.flush()) {
    const made = await process(steady.faces);
    if (made) return made;
  }
  if (truncated) throw truncated;
  return undefined;
}

/** Frames `[startFrame, endFrame)`; ends at the end of the target. */
function read({ targetPath, info, lookAhead, signal }: PreviewRun, startFrame: number, endFrame: number) {
  return openVideoReader(targetPath, info, { startFrame, endFrame, lookAhead: lookAhead + 1, signal });
}

/** The frame as RGB, without what was added to make its edges even. Owned by the caller. */
function toImage(frame: I420Frame, info: VideoInfo): RgbImage {
  const rgb = { data: new Uint8Array(frame.width * frame.height * 3), width: frame.width, height: frame.height };
  i420ToRgb(frame, rgb, { x0: 0, y0: 0, x1: frame.width, y1: frame.height });
  // Frames have even size; what they have more than the target is cut off again.
  const factor = frame.width / info.frameWidth;
  const [width, height] = [info.width * factor, info.height * factor];
  if (frame.width === width && frame.height === height) return rgb;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    data.set(rgb.data.subarray(y * frame.width * 3, (y * frame.width + width) * 3), y * width * 3);
  }
  return { data, width, height };
}

function cutAlpha({ alpha, width: stride, height: rows }: I420Frame, info: VideoInfo): Uint8Array | undefined {
  if (!alpha || (stride === info.width && rows === info.height)) return alpha;
  const factor = stride / info.frameWidth;
  const [width, height] = [info.width * factor, info.height * factor];
  const cut = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) cut.set(alpha.subarray(y * stride, y * stride + width), y * width);
  return cut;
}
