/** The face selector of a video run. */
import type { AppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { analysisNeededFor, referenceFaceOf } from '../engine/faces/select.ts';
import { readVideoFrame } from '../media/video-reader.ts';
import type { FaceChooser } from '../trust/face-chooser.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { openPersonChooser } from './choose-by-person.ts';
import { createFaceChooser, type Look } from './choose-in-video.ts';
import { noReferenceError } from './no-face.ts';
import type { RunEngine } from './open-engine.ts';
import type { VideoTarget } from './prepare-run.ts';
import type { RunContext } from './run-context.ts';

/**
 * Opens the selector that the options ask for, with the reference face read from its frame where the mode needs one.
 * @returns the error to end with, unless the target is to be copied, where the reference frame shows no face
 */
export async function openVideoChooser(
  engine: RunEngine,
  options: ResolvedProcessOptions,
  { info }: Pick<VideoTarget, 'info'>,
  { signal, onProgress }: RunContext,
  clock: StageClock,
): Promise<FaceChooser | AppError> {
  if (options.map.length > 0) {
    return (await openPersonChooser({ engine, options, info, clock, signal, onProgress })).chooser;
  }
  const { analyser } = engine;
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
