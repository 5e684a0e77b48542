/** One processed frame as a photo. */
import { basename } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { LOOK_AHEAD_FRAMES } from '../engine/faces/steady-tracks.ts';
import type { Note } from '../engine/processors/processor.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { inputFiles } from '../media/image-sequence-input.ts';
import { openOutputFile } from '../media/output-file.ts';
import { probeVideo, type VideoInfo } from '../media/probe.ts';
import { planImageOutput } from '../media/write-image.ts';
import { createFaceWork } from '../trust/face-work.ts';
import { createIdleTracker, IDLE_CHOOSER } from '../trust/idle.ts';
import { runPreview } from '../trust/run-preview.ts';
import { StageClock } from '../trust/stage-clock.ts';
import { modelNotes } from './added-models.ts';
import { jobKey } from './job-key.ts';
import { openEngine } from './open-engine.ts';
import { openGuard } from './open-guard.ts';
import { openVideoChooser } from './open-video-chooser.ts';
import { orderNotes } from './order-notes.ts';
import { looksForFaces, type PreparedInputs, prepareInputs, sourceFilesOf } from './prepare-run.ts';
import { processImage } from './process.ts';
import { auditOf, type ProcessResult } from './process-result.ts';
import { openTracker } from './process-video.ts';
import { recordRefusals } from './record-refusals.ts';
import type { RunContext } from './run-context.ts';

/** What a preview is. `kind` is `image`, and `frames` counts the one frame. */
export interface PreviewResult extends ProcessResult {
  readonly frameNumber: number;
  /** When the frame is shown, in seconds from the start of the target; 0 for a photo. */
  readonly timeSeconds: number;
}

/**
 * Makes one frame of a video as the run of the whole video would, and writes it as a photo. It goes through the same
 * steps, with a few frames before it so that what depends on them has settled, and a few after it.
 * @param options     `ProcessOptions`, unparsed; `outputPath` ends like a photo. What concerns the encoding of videos is
 *   without effect, and the frame has the size that processors give it
 * @param frameNumber frame of the target, from 0; a photo has frame 0 only
 * @throws OPTION_INVALID where there is no such frame; TARGET_NO_FACE where the reference frame shows no face; and what
 *   `process` throws. A frame without a face is no failure: it is written as it is, and a note says so
 */
export async function previewFrame(
  options: unknown,
  frameNumber: number,
  context: RunContext = {},
): Promise<PreviewResult> {
  const clock = new StageClock();
  throwIfAborted(context.signal);
  if (!Number.isSafeInteger(frameNumber) || frameNumber < 0) {
    throw new AppError('OPTION_INVALID', `Expected a frame number from 0, received ${frameNumber}.`);
  }
  const prepared = await prepareInputs(options, PROCESSORS);
  planImageOutput(prepared.options.outputPath);
  if (prepared.media.kind === 'image') {
    if (frameNumber > 0) throw noSuchFrame(prepared, frameNumber, 1);
    return { ...(await processImage(options, context)), frameNumber, timeSeconds: 0 };
  }
  return recordRefusals(prepared, () => previewVideoFrame(prepared, frameNumber, context, clock));
}

async function previewVideoFrame(
  prepared: PreparedInputs,
  frameNumber: number,
  context: RunContext,
  clock: StageClock,
): Promise<PreviewResult> {
  const { options } = prepared;
  const { signal, onProgress } = context;
  const { targetPath, trimFrameStart: startFrame = 0, trimFrameEnd: endFrame } = options;
  const info: VideoInfo = await probeVideo(targetPath, {
    hdr: options.hdr,
    sequenceFps: options.targetSequenceFps,
  });
  if (info.frameCountStated && frameNumber >= info.frameCountEstimate) {
    throw noSuchFrame(prepared, frameNumber, info.frameCountEstimate);
  }
  if (frameNumber < startFrame || frameNumber >= (endFrame ?? Number.POSITIVE_INFINITY)) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected a frame of the trimmed target, ${startFrame}..${(endFrame ?? info.frameCountEstimate) - 1}, received ${frameNumber}.`,
      { hint: 'Frames are counted from the start of the target, also where it is trimmed.' },
    );
  }
  await using engine = await openEngine(
    { ...prepared, soundSeconds: info.durationSeconds },
    context,
    clock,
    options.executionThreadCount,
  );
  clock.enter('faces');
  const followed = looksForFaces(prepared);
  const tracker = followed ? await openTracker(engine, options) : createIdleTracker();
  const chooser = followed ? await openVideoChooser(engine, options, { info }, context, clock) : IDLE_CHOOSER;
  if (isAppError(chooser)) throw chooser;
  await using output = await openOutputFile(options.outputPath, {
    force: options.force,
    inputs: [...sourceFilesOf(prepared), ...(await inputFiles(targetPath))],
  });
  const faces = createFaceWork(await engine.createProcessorChains());
  const guard = await openGuard(prepared, engine, await jobKey(prepared, engine), info.texts);
  const run = await runPreview({
    guard,
    ...{ targetPath, info, frameNumber, startFrame, endFrame, output, quality: options.outputImageQuality },
    beginsAtStart: options.faceSelectorMode === 'one',
    ...{ tracker, lookAhead: LOOK_AHEAD_FRAMES, chooser, faces, clock, signal, onProgress },
  });
  if (!run) throw noSuchFrame(prepared, frameNumber, info.frameCountEstimate);
  return {
    ...{ outcome: 'completed', kind: 'image', outputPath: options.outputPath, frameNumber },
    timeSeconds: run.timeSeconds,
    width: run.width,
    height: run.height,
    frames: run.counts,
    notes: [
      ...orderNotes(options.processors),
      ...engine.notes(),
      ...(run.counts.changed > 0 ? [] : [unchangedNote(frameNumber)]),
      ...modelNotes(engine.models()),
      ...guard.found.notes,
    ],
    sources: engine.sources.used,
    models: engine.models(),
    providers: options.executionProviders,
    timing: clock.timing(),
    ...auditOf(guard),
  };
}

const unchangedNote = (frameNumber: number): Note => ({
  code: 'preview-unchanged',
  message: `Frame ${frameNumber} is as it was: it shows no face that is worked on.`,
  hint: 'Choose another frame with --frame.',
});

function noSuchFrame({ options }: PreparedInputs, frameNumber: number, count: number): AppError {
  const name = JSON.stringify(basename(options.targetPath));
  return new AppError('OPTION_INVALID', `Expected a frame below ${count}, received ${frameNumber}.`, {
    hint: `${name} has ${count === 1 ? 'one frame' : `${count} frames`}, counted from 0.`,
    details: { option: 'frame', frames: count },
  });
}
