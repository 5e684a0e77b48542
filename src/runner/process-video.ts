/** A run on a video. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { type AppError, isAppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { StageTimer } from '../core/stage-timer.ts';
import { createFaceTracker, type FaceTracker } from '../engine/faces/track.ts';
import type { Note } from '../engine/processors/processor.ts';
import { openChunkFolder, requireResumable } from '../media/chunk-folder.ts';
import type { ChunkWriterOptions } from '../media/chunk-writer.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { inputFiles } from '../media/image-sequence-input.ts';
import { openOutputFile } from '../media/output-file.ts';
import type { VideoInfo } from '../media/probe.ts';
import { scaledSize } from '../media/scaled-size.ts';
import type { FrameCounts } from '../trust/frame-counts.ts';
import { createIdleTracker, IDLE_CHOOSER } from '../trust/idle.ts';
import { runVideo } from '../trust/run-video.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { addedModels, modelNotes } from './added-models.ts';
import { copyTarget } from './copy-target.ts';
import { detectionOf, landmarkerOf } from './detection-of.ts';
import { jobKey } from './job-key.ts';
import type { MemoryPlan } from './memory-plan.ts';
import { leftAloneNotes, noFaceError } from './no-face.ts';
import { openEngine, type RunEngine } from './open-engine.ts';
import { openFaceWork } from './open-face-work.ts';
import { openGuard } from './open-guard.ts';
import { openVideoChooser } from './open-video-chooser.ts';
import { orderNotes } from './order-notes.ts';
import { allSourcePaths } from './people/source-sets.ts';
import { openInstallation } from './persons/installation.ts';
import { expectedFrames, onlyFaces, planTarget, planVideoMemory } from './plan-target.ts';
import { looksForFaces, type PreparedRun, sourceFilesOf, type VideoTarget, worksWithoutFaces } from './prepare-run.ts';
import { auditOf, type ProcessResult, type UsedModel } from './process-result.ts';
import { productVersion } from './product-version.ts';
import type { RunContext } from './run-context.ts';
import { runKey } from './run-key.ts';

/** @throws TARGET_NO_FACE where no face was chosen in any frame, unless `onNoFace` is `copy`; see `process` */
export async function processPreparedVideo(
  prepared: PreparedRun,
  target: VideoTarget,
  context: RunContext,
  clock: StageClock,
): Promise<ProcessResult> {
  const { options, added } = prepared;
  const { signal, onProgress } = context;
  const memory = planVideoMemory(prepared, target);
  const { plan } = await planTarget(options, target, signal);
  const soundSeconds = target.info.durationSeconds;
  // Whole frames keep a model busy for so long that ffmpeg may wait.
  const modelThreads = onlyFaces(prepared) ? 1 : (options.executionThreadCount ?? availableParallelism());
  await using engine = await openEngine({ ...prepared, soundSeconds }, context, clock, modelThreads);
  clock.enter('faces');
  await using output = await openOutputFile(options.outputPath, {
    force: options.force,
    inputs: [...sourceFilesOf(prepared), ...(await inputFiles(options.targetPath))],
    isSequence: target.output.container === 'images',
  });
  const key = await keyOf(prepared, target, engine, memory);
  if (options.resume || options.publishPartial) await requireResumable(output.path, key);
  const followed = looksForFaces(prepared);
  const tracker = followed ? await openTracker(engine, options, clock) : createIdleTracker();
  const chooser = followed ? await openVideoChooser(engine, options, target, context, clock) : IDLE_CHOOSER;
  const [width, height] = scaledSize(target.info, options.outputVideoScale);
  const finish = (
    outcome: ProcessResult['outcome'],
    frames: FrameCounts,
    notes: readonly Note[],
    otherModels: readonly UsedModel[] = [],
  ): ProcessResult => ({
    outcome,
    kind: 'video',
    outputPath: options.outputPath,
    width: outcome === 'copied' ? target.info.width : width,
    height: outcome === 'copied' ? target.info.height : height,
    frames,
    notes: [...orderNotes(options.processors), ...engine.notes(), ...notes],
    sources: engine.sources.used,
    models: union(engine.models(), otherModels),
    providers: options.executionProviders,
    timing: clock.timing(outcome === 'copied' ? undefined : frames.total - resumedFrames),
  });

  let resumedFrames = 0;
  let failure: AppError;
  let counts: FrameCounts = { total: 0, changed: 0, leftAlone: {} };
  if (isAppError(chooser)) {
    failure = chooser;
  } else {
    const { targetPath } = options;
    const { info, startFrame, endFrame } = target;
    const guard = await openGuard(prepared, engine, await jobKey(prepared, engine), target.info.texts);
    await using folder = await openChunkFolder(output.path, key, target.output.alpha ? '.mkv' : '.mp4');
    await using faces = await openFaceWork(engine, options, context, clock, memory.threads - 1);
    const encoding = encodingOf(options, target, faces.frameScale);
    const run = await runVideo({
      guard,
      ...{ targetPath, info, startFrame, endFrame, expectedFrames: expectedFrames(target), plan },
      ...{
        onlyChunk: options.chunk,
        onlyKept: options.publishPartial,
        output,
        folder,
        encoding,
        outputFps: outputFpsOf(options, target),
      },
      joining: {
        plan: target.output,
        info,
        othersFrom: onlyPictures(info) ? undefined : targetPath,
        sound: prepared.sound,
        audioVolume: options.outputAudioVolume,
        audioQuality: options.outputAudioQuality,
        quality: options.outputVideoQuality,
        scale: options.outputVideoScale,
        trim: options.trimFrameStart !== undefined || endFrame !== undefined || options.publishPartial,
        signal,
      },
      ...{
        tracker,
        lookAhead: memory.lookAheadFrames,
        readAhead: memory.readAheadFrames,
        encodersAtOnce: memory.encodersAtOnce,
        chooser,
        faces,
      },
      ...{ alwaysPublish: worksWithoutFaces(prepared), clock, signal, onProgress },
    });
    resumedFrames = run.resumedFrames;
    const notes = [
      ...faces.notes(),
      ...notesOf(target),
      ...memory.notes,
      ...(folder.replacedOther ? [REPLACED_OTHER] : []),
      ...(options.publishPartial
        ? [partialNote(run.counts.total, expectedFrames(target))]
        : run.resumedFrames > 0
          ? [resumedNote(run.resumedFrames)]
          : []),
    ];
    // What an earlier run has made counts too, even where nothing was left to do for this one.
    const models = [...(await faces.close()), ...(resumedFrames > 0 ? addedModels(added) : [])];
    if (options.chunk !== undefined) return finish('chunk', run.counts, notes, models);
    if (run.published) {
      const ofModels = modelNotes(union(engine.models(), models));
      const all = [...notes, ...leftAloneNotes(run.counts), ...ofModels, ...guard.found.notes];
      return { ...finish('completed', run.counts, all, models), ...auditOf(guard) };
    }
    counts = run.counts;
    failure = noFaceError(options, run.mostFaces);
  }
  if (options.onNoFace === 'fail') throw failure;
  clock.enter('publish');
  return finish('copied', counts, [await copyTarget(options.targetPath, output, failure)]);
}

/** Models of several threads: each once, with the runs of all. */
const union = (a: readonly UsedModel[], b: readonly UsedModel[]): readonly UsedModel[] => {
  const byId = new Map<string, UsedModel>();
  for (const model of [...a, ...b]) {
    const before = byId.get(model.id)?.spent;
    const { spent = before } = model;
    const both = before && model.spent;
    const sum = both ? { runs: before.runs + both.runs, seconds: before.seconds + both.seconds } : spent;
    byId.set(model.id, { ...model, ...(sum ? { spent: sum } : {}) });
  }
  return [...byId.values()];
};

/** Animations and image sequences have nothing beside their frames. */
const onlyPictures = ({ container }: VideoInfo): boolean => ['gif', 'webp', 'images'].includes(container);

const REPLACED_OTHER: Note = {
  code: 'began-anew',
  message: 'An unfinished run with other inputs or options was beside the output; its chunks have been removed.',
};

const partialNote = (frames: number, expected: number): Note => ({
  code: 'partial',
  message: `The video ends early: it has ${frames} of ${expected} frames, which is what an interrupted run had made.`,
});

const resumedNote = (frames: number): Note => ({
  code: 'resumed',
  message: `${frames} frames had been made by an earlier run of the same command.`,
});

const notesOf = ({ info, output }: VideoTarget): Note[] =>
  [...info.notes, ...output.notes].map((message) => ({ code: 'target-converted', message }));

/** What says whether chunks of an earlier run fit to this one. */
async function keyOf(
  prepared: PreparedRun,
  { output, info }: VideoTarget,
  engine: RunEngine,
  memory: MemoryPlan,
): Promise<string> {
  const { version } = await findFfmpeg();
  const { keys } = await openInstallation();
  const { options, added } = prepared;
  const models = [...engine.store.manifest.models, ...added.models]
    .map(({ id, sha256 }) => `${id}:${sha256}`)
    .join(' ');
  return runKey({
    options,
    sourcePaths: allSourcePaths(options),
    files: [
      ...(prepared.sound ? [prepared.sound.path] : []),
      ...(options.processors.includes('stylizer') && options.stylizerLut ? [options.stylizerLut] : []),
    ],
    versions: {
      facefusion: productVersion(),
      ffmpeg: version,
      models,
      // State is kept thread by thread.
      policy: prepared.installed.hash,
      // Frames carry its mark.
      installation: keys.id,
      threads: String(memory.threads),
      lookAhead: String(memory.lookAheadFrames),
      chunks: `${output.encoder} ${output.chunkEncoder} ${extname(options.outputPath)} ${info.bitDepth}`,
    },
  });
}

/** The rate that was asked for, or the one that the container needs; undefined where frames keep their own times. */
function outputFpsOf(options: ResolvedProcessOptions, { output: { constantFps } }: VideoTarget): number | undefined {
  return constantFps ? constantFps.numerator / constantFps.denominator : options.outputVideoFps;
}

function encodingOf(options: ResolvedProcessOptions, target: VideoTarget, frameScale: number): ChunkWriterOptions {
  const { info: read, output } = target;
  // Frames may have grown on the way; the output has the size that was asked for.
  const info = {
    ...read,
    frameWidth: read.frameWidth * frameScale,
    frameHeight: read.frameHeight * frameScale,
  };
  const fps = outputFpsOf(options, target);
  return {
    info: fps === undefined ? info : atRate(info, fps),
    plan: output,
    preset: options.outputVideoPreset,
    quality: options.outputVideoQuality,
    scale: options.outputVideoScale / frameScale,
  };
}

/** Ticks a second in which any rate is exact enough: that of MPEG. */
const TICKS = 90_000;

/** A video with another frame rate, as the encoder sees it. */
const atRate = (info: VideoInfo, fps: number): VideoInfo => ({
  ...info,
  fps,
  baseFps: fps,
  fpsFraction: { numerator: Math.round(fps * 1000), denominator: 1000 },
  variableFrameRate: false,
  timeBase: { numerator: 1, denominator: TICKS },
});

/** The tracker that the options ask for. */
export function openTracker(
  { store }: RunEngine,
  options: ResolvedProcessOptions,
  timer?: StageTimer,
): Promise<FaceTracker> {
  return createFaceTracker(store, {
    minimumScore: options.faceDetectorScore,
    detector: detectionOf(options).detector,
    landmarker: landmarkerOf(options),
    interval: options.faceTrackerInterval,
    tiles: Number.parseInt(options.faceDetectorSize, 10) / 192,
    smoothing: options.faceTrackerSmoothing,
    timer,
  });
}
