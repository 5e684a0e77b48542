/** The path of camera frames to those that are shown. What leaves is marked, frame by frame; files are kept of that only. */
import { throwIfAborted } from '../core/abort.ts';
import { toAppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import type { FaceTracker } from '../engine/faces/track.ts';
import type { VideoFrame } from '../media/video-reader.ts';
import { EndedTracks } from './ended-tracks.ts';
import type { ChosenFace, FaceChooser } from './face-chooser.ts';
import type { FaceWork } from './face-work.ts';
import { FrameCounter, type FrameCounts } from './frame-counts.ts';
import type { RunGuard } from './guard/run-guard.ts';
import { LiveFiles, type LiveKeeper } from './keep-live.ts';
import type { StageClock } from './stage-clock.ts';
import { afterEachFrame, afterLive, onOriginal, whileWatched } from './steps.ts';
import type { TrustedRun } from './trust-step.ts';

/** A frame of a camera. */
export interface CameraFrame {
  /** Lent until the next one is asked for; changed in place. */
  readonly picture: I420Frame;
  /** When it came, in seconds of this machine's clock: moderation goes by it, so that a sender cannot stop it. */
  readonly seconds: number;
  /** Index of the set of sources whose face is put in; undefined where nobody is to be changed. */
  readonly sourceSet: number | undefined;
}

/** What became of it. */
export interface ShownFrame {
  /** As it may be shown: marked and labelled. */
  readonly picture: I420Frame;
  readonly changed: boolean;
  /** Faces that are followed. */
  readonly faces: number;
}

export interface LiveRun<F extends CameraFrame> {
  /** Ends where the session ends. */
  readonly frames: AsyncIterable<F>;
  /** Takes a finished frame. */
  readonly show: (shown: ShownFrame, frame: F) => Promise<void>;
  /** Called once moderation has let the sources pass, and frames may come. @param keeper lent until the run ends */
  readonly onReady: (keeper: LiveKeeper) => void;
  /** Where files are kept: of this session alone. */
  readonly folder: string;
  /** Lent. */
  readonly guard: RunGuard;
  readonly tracker: FaceTracker;
  readonly chooser: FaceChooser;
  /** Works in this thread. */
  readonly faces: FaceWork;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
}

export interface LiveRunResult {
  readonly counts: FrameCounts;
  readonly seconds: number;
}

/**
 * Works on frames as they come, until there are no more. Faces are shown where they are seen: a live picture has no next
 * frame to look at.
 * @throws CANCELLED, CONTENT_BLOCKED, POLICY_FORBIDS, whatever a model or a processor throws. No frame is shown that was
 *   not judged first; how the session went is recorded in any case
 */
export async function runLive<F extends CameraFrame>(run: LiveRun<F>): Promise<LiveRunResult> {
  const { guard, clock, faces } = run;
  const trusted: TrustedRun = { kind: 'live', processors: faces.processors, guard, clock };
  const counter = new FrameCounter();
  const files = new LiveFiles(trusted, run.folder);
  let begunAt: number | undefined;
  const result = (): LiveRunResult => ({
    counts: counter.counts,
    seconds: begunAt === undefined ? 0 : (performance.now() - begunAt) / 1000,
  });
  const end = async (error?: unknown): Promise<void> => {
    const { counts, seconds } = result();
    const fault = error === undefined ? undefined : toAppError(error);
    await files.end(fault);
    return afterLive({ frames: counts, seconds, code: fault?.code }, trusted);
  };
  try {
    await whileWatched(trusted, async () => {
      begunAt = performance.now();
      run.onReady(files);
      await showFrames(run, trusted, counter, files);
    });
  } catch (error) {
    await end(error);
    throw error;
  }
  await end();
  return result();
}

async function showFrames<F extends CameraFrame>(
  { frames, show, tracker, chooser, faces, clock, signal }: LiveRun<F>,
  trusted: TrustedRun,
  counter: FrameCounter,
  files: LiveFiles,
): Promise<void> {
  const ended = new EndedTracks();
  let index = 0;
  clock.enter('decode');
  for await (const frame of frames) {
    throwIfAborted(signal);
    const { picture, seconds, sourceSet } = frame;
    const video: VideoFrame = { ...picture, index, ptsSeconds: seconds, release() {} };
    clock.enter('track');
    const tracks = await tracker.update(video, seconds);
    const chosen = await chooser.choose(video, tracks);
    const place = {
      ...{ frameIndex: index, timeSeconds: seconds, isCut: tracker.lastWasCut },
      isPhoto: files.wantsNext,
    };
    // Also where nobody is to be changed: what is sent on is judged.
    await onOriginal(video, chosen, place, trusted);
    clock.enter('process');
    const worked: readonly ChosenFace[] = sourceSet === undefined ? [] : chosen.map((face) => ({ ...face, sourceSet }));
    const { tally, replacement } = await faces.process(video, worked, {
      ...{ frameIndex: index, timeSeconds: seconds, isStill: false },
    });
    const shown = replacement ?? picture;
    await afterEachFrame(shown, { ...place, isCut: false }, trusted);
    counter.add(tally);
    files.take(shown, place);
    for (const trackId of ended.update(seconds, tracks)) {
      chooser.forget(trackId);
      faces.forget(trackId);
    }
    clock.enter('encode');
    await show({ picture: shown, changed: tally.changed, faces: tracks.length }, frame);
    index++;
    clock.enter('decode');
  }
}
