/** The frame loop of videos, from the first decoded frame to the published file. */
import { throwIfAborted } from '../core/abort.ts';
import { toAppError } from '../core/errors.ts';
import { createProgressMeter, type OnProgress } from '../core/progress.ts';
import type { FaceTracker } from '../engine/faces/track.ts';
import type { FaceProcessor } from '../engine/processors/processor.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { VideoInfo } from '../media/probe.ts';
import { openVideoReader, type VideoFrame } from '../media/video-reader.ts';
import { openVideoWriter, type VideoWriter, type VideoWriterOptions } from '../media/video-writer.ts';
import { EndedTracks } from './ended-tracks.ts';
import type { FaceChooser } from './face-chooser.ts';
import { processFaces } from './face-pass.ts';
import { FrameCounter, type FrameCounts } from './frame-counts.ts';
import { withPartial } from './partial-video.ts';
import type { StageClock } from './stage-clock.ts';
import { afterEachFrame, beforeFirstFrame, beforePublish } from './steps.ts';
import type { TrustedRun } from './trust-step.ts';
import { WriteAhead } from './write-ahead.ts';

export interface VideoRun {
  readonly targetPath: string;
  readonly info: VideoInfo;
  /** `[startFrame, endFrame)` of the target; without an end, to its last frame. */
  readonly startFrame: number;
  readonly endFrame?: number | undefined;
  /** Committed or discarded here. */
  readonly output: OutputFile;
  readonly encoding: VideoWriterOptions;
  readonly tracker: FaceTracker;
  readonly chooser: FaceChooser;
  /** In the order in which they run; lent. */
  readonly processors: readonly FaceProcessor[];
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface VideoRunResult {
  readonly counts: FrameCounts;
  /** The most faces that one frame showed, chosen or not. */
  readonly mostFaces: number;
  /** False where no face was chosen in any frame; then there is no output. */
  readonly published: boolean;
}

/**
 * Works through a video. The output is published when every frame was written and at least one chosen face was seen.
 * @throws CANCELLED, VIDEO_TRUNCATED or FFMPEG_FAILED after the frames that were made have been kept in the `.partial`
 *   file, which the message names; OUTPUT_FAILED; whatever a model or a processor throws
 */
export async function runVideo(run: VideoRun): Promise<VideoRunResult> {
  const trusted: TrustedRun = {
    kind: 'video',
    processors: run.processors.map(({ id }) => id),
    output: run.output,
  };
  await beforeFirstFrame(trusted);
  const total = frameTotal(run);
  await using writer = openVideoWriter(run.output, run.encoding);
  try {
    const { counts, mostFaces, chosen } = await loop(run, trusted, writer, total);
    run.clock.enter('publish');
    if (!chosen) {
      await writer.abandon({ keepPartial: false });
      return { counts, mostFaces, published: false };
    }
    await writer.finish();
    await beforePublish(trusted);
    await run.output.commit();
    return { counts, mostFaces, published: true };
  } catch (thrown) {
    const error = toAppError(thrown);
    // A full disk is the one failure after which the user needs the space more than the frames.
    const kept = await writer.abandon({ keepPartial: error.code !== 'OUTPUT_FAILED' });
    if (kept > 0) throw withPartial(error, run.output.partialPath, kept, total);
    await run.output.discard();
    throw error;
  }
}

/** How many frames the output will have, by the header of the target: good enough for progress. */
function frameTotal({ info, startFrame, endFrame }: VideoRun): number {
  return Math.max(1, Math.min(endFrame ?? info.frameCountEstimate, info.frameCountEstimate) - startFrame);
}

async function loop(
  run: VideoRun,
  trusted: TrustedRun,
  writer: VideoWriter,
  total: number,
): Promise<{ counts: FrameCounts; mostFaces: number; chosen: boolean }> {
  const { clock, signal, tracker, chooser, processors, info } = run;
  const { startFrame, endFrame } = run;
  const counter = new FrameCounter();
  const ended = new EndedTracks();
  const meter = createProgressMeter('process', total, run.onProgress);
  const ahead = new WriteAhead<VideoFrame>((frame) => writer.write(frame));
  let mostFaces = 0;
  let chosen = false;
  clock.enter('decode');
  try {
    await using reader = openVideoReader(run.targetPath, info, { startFrame, endFrame, lookAhead: 1, signal });
    for await (const frame of reader) {
      clock.enter('track');
      const tracks = await tracker.update(frame, frame.ptsSeconds);
      mostFaces = Math.max(mostFaces, tracks.length);
      const faces = await chooser.choose(frame, tracks);
      chosen ||= faces.length > 0;
      clock.enter('process');
      const time = { frameIndex: frame.index, timeSeconds: frame.ptsSeconds, isStill: false };
      counter.add(await processFaces(processors, faces, frame, time));
      for (const trackId of ended.update(frame.ptsSeconds, tracks)) {
        chooser.forget(trackId);
        for (const processor of processors) processor.forget(trackId);
      }
      await afterEachFrame(frame, trusted);
      throwIfAborted(signal);
      clock.enter('encode');
      await ahead.push(frame);
      meter.step(counter.counts.total);
      clock.enter('decode');
    }
    clock.enter('encode');
    await ahead.settle();
  } catch (error) {
    // What is on its way into the encoder still belongs to the partial output.
    await ahead.idle();
    throw error;
  }
  return { counts: counter.counts, mostFaces, chosen };
}
