/** A run on a video. */
import { type AppError, isAppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { analysisNeededFor, referenceFaceOf } from '../engine/faces/select.ts';
import { createFaceTracker } from '../engine/faces/track.ts';
import type { Note } from '../engine/processors/processor.ts';
import { openOutputFile } from '../media/output-file.ts';
import { readVideoFrame } from '../media/video-reader.ts';
import type { VideoWriterOptions } from '../media/video-writer.ts';
import type { FaceChooser } from '../trust/face-chooser.ts';
import type { FrameCounts } from '../trust/frame-counts.ts';
import { runVideo } from '../trust/run-video.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { createFaceChooser, type Look } from './choose-in-video.ts';
import { copyTarget } from './copy-target.ts';
import { leftAloneNotes, noFaceError, noReferenceError } from './no-face.ts';
import { openEngine, type RunEngine } from './open-engine.ts';
import type { PreparedRun, VideoTarget } from './prepare-run.ts';
import type { ProcessResult } from './process-result.ts';
import type { RunContext } from './run-context.ts';

/** @throws TARGET_NO_FACE where no face was chosen in any frame, unless `onNoFace` is `copy`; see `process` */
export async function processPreparedVideo(
  prepared: PreparedRun,
  target: VideoTarget,
  context: RunContext,
  clock: StageClock,
): Promise<ProcessResult> {
  const { options } = prepared;
  const { signal, onProgress } = context;
  await using engine = await openEngine(prepared, context, clock);
  clock.enter('faces');
  const tracker = await createFaceTracker(engine.store, { minimumScore: options.faceDetectorScore });
  const chooser = await openChooser(engine, options, target, signal);
  await using output = await openOutputFile(options.outputPath, {
    force: options.force,
    inputs: [...options.sourcePaths, options.targetPath],
  });
  const finish = (outcome: ProcessResult['outcome'], frames: FrameCounts, notes: readonly Note[]): ProcessResult => ({
    outcome,
    kind: 'video',
    outputPath: options.outputPath,
    width: outcome === 'copied' ? target.info.width : target.info.frameWidth,
    height: outcome === 'copied' ? target.info.height : target.info.frameHeight,
    frames,
    notes: [...engine.notes(), ...notes],
    sources: engine.sources.used,
    models: engine.models(),
    timing: clock.timing(outcome === 'copied' ? undefined : frames.total),
  });

  let failure: AppError;
  let counts: FrameCounts = { total: 0, changed: 0, leftAlone: {} };
  if (isAppError(chooser)) {
    failure = chooser;
  } else {
    const { targetPath } = options;
    const { info, startFrame, endFrame } = target;
    const encoding = { ...encodingOf(options, target), signal };
    const processors = await engine.createProcessors();
    const lent = { output, encoding, tracker, chooser, processors, clock, signal, onProgress };
    const run = await runVideo({ targetPath, info, startFrame, endFrame, ...lent });
    if (run.published) return finish('completed', run.counts, [...notesOf(target), ...leftAloneNotes(run.counts)]);
    counts = run.counts;
    failure = noFaceError(options, run.mostFaces);
  }
  if (options.onNoFace === 'fail') throw failure;
  clock.enter('publish');
  return finish('copied', counts, [await copyTarget(options.targetPath, output, failure)]);
}

const notesOf = ({ info, output }: VideoTarget): Note[] =>
  [...info.notes, ...output.notes].map((message) => ({ code: 'target-converted', message }));

function encodingOf(options: ResolvedProcessOptions, { info }: VideoTarget): VideoWriterOptions {
  return {
    info,
    encoder: options.outputVideoEncoder,
    preset: options.outputVideoPreset,
    quality: options.outputVideoQuality,
    chunkSize: options.videoChunkSize,
    audioFrom: options.targetPath,
    audioVolume: options.outputAudioVolume,
    trim: options.trimFrameStart !== undefined || options.trimFrameEnd !== undefined,
  };
}

/**
 * The selector for this video, with the reference face read from its frame where the mode needs one.
 * @returns the error to end with, unless the target is to be copied, where the reference frame shows no face
 */
async function openChooser(
  { analyser }: RunEngine,
  options: ResolvedProcessOptions,
  { info }: VideoTarget,
  signal: AbortSignal | undefined,
): Promise<FaceChooser | AppError> {
  // Mode `one` recognises its person when the track is lost and begins anew.
  const request = { ...analysisNeededFor(options), embedding: options.faceSelectorMode !== 'many' };
  const look: Look = (frame, { rawMesh, meshScore, score }) =>
    analyser.describe(frame, { mesh: rawMesh, score: meshScore }, score, request);
  if (options.faceSelectorMode !== 'reference') return createFaceChooser(options, look);
  const frame = await readVideoFrame(options.targetPath, info, options.referenceFrameNumber, signal);
  const faces = await analyser.analyse(frame, request);
  const reference = referenceFaceOf(faces, options);
  return reference ? createFaceChooser(options, look, reference.embedding) : noReferenceError(options, faces.length);
}
