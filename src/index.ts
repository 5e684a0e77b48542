/**
 * FaceFusion as a library. Importing it loads neither ONNX Runtime nor sharp: the first call does.
 * Nothing here prints or opens a network connection.
 *
 * ```ts
 * import { processImage } from 'facefusion';
 *
 * const result = await processImage({ sourcePaths: ['me.jpg'], targetPath: 'team.jpg', outputPath: 'out.jpg' });
 * console.log(result.frames, result.notes);
 * ```
 */
import type { RgbImage } from './core/image.ts';
import type { ProcessOptions } from './core/options.ts';
import type { EvaluationReport, evaluate as evaluateResult } from './evaluate/evaluate.ts';
import type { DetectedFaces, DetectFacesOptions } from './runner/detect-faces.ts';
import type { FindPeopleOptions } from './runner/people/find-people.ts';
import type { People } from './runner/people/people.ts';
import type { PreviewResult } from './runner/preview.ts';
import type { ProcessResult } from './runner/process-result.ts';
import type { RunContext } from './runner/run-context.ts';
import { splitCall } from './runner/split-call.ts';
import type { FileVerdict } from './runner/verify-file.ts';

/** One call of the library: the options of the run, and what surrounds it. */
export type ProcessCall = ProcessOptions & RunContext;

/**
 * Works on the faces of one photo and writes the result.
 * It runs inside this process and blocks its event loop for some ten milliseconds at a time.
 * @throws AppError; see docs/errors.md. `INPUT_UNSUPPORTED` where the target is a video
 */
export async function processImage(call: ProcessCall): Promise<ProcessResult> {
  const { options, context } = splitCall(call);
  const runner = await import('./runner/process.ts');
  return runner.processImage(options, context);
}

/**
 * Works on the faces of one video and writes the result, with the target's audio.
 * It runs inside this process and blocks its event loop for some ten milliseconds at a time; ffmpeg runs beside it.
 * @throws AppError; see docs/errors.md. `INPUT_UNSUPPORTED` where the target is a photo
 */
export async function processVideo(call: ProcessCall): Promise<ProcessResult> {
  const { options, context } = splitCall(call);
  const runner = await import('./runner/process.ts');
  return runner.processVideo(options, context);
}

/** `processImage` or `processVideo`, whichever the content of the target asks for. */
export async function processMedia(call: ProcessCall): Promise<ProcessResult> {
  const { options, context } = splitCall(call);
  const runner = await import('./runner/process.ts');
  return runner.process(options, context);
}

/**
 * What is known of a photo or video: the invisible mark of this installation, its metadata, its audit entry.
 * @throws AppError; see docs/errors.md
 */
export async function verify(
  file: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<FileVerdict> {
  const runner = await import('./runner/verify-file.ts');
  return runner.verifyFile(file, options);
}

/** The options of a run, and the frame of the target to show: from 0, which is the default. */
export type PreviewCall = ProcessCall & { readonly frameNumber?: number | undefined };

/**
 * Makes one frame of a video as `processVideo` would, and writes it as a photo; `outputPath` ends like one.
 * It runs inside this process.
 * @throws AppError; `OPTION_INVALID` where the target has no such frame
 */
export async function previewFrame({ frameNumber = 0, ...call }: PreviewCall): Promise<PreviewResult> {
  const { options, context } = splitCall(call);
  const runner = await import('./runner/preview.ts');
  return runner.previewFrame(options, frameNumber, context);
}

/**
 * Finds the faces of a photo, of one frame of a video, or of pixels in memory.
 * @throws AppError: INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_UNSUPPORTED, MODEL_NOT_FOUND …
 */
export async function detectFaces(input: string | RgbImage, options: DetectFacesOptions = {}): Promise<DetectedFaces> {
  const runner = await import('./runner/detect-faces.ts');
  return runner.detectFaces(input, options);
}

/**
 * Finds out who is seen in a photo or in the whole of a video, for `map` of `processVideo`.
 * It runs inside this process and takes some 10 ms a frame; `onProgress` and `signal` stand in the options.
 * @throws AppError: INPUT_NOT_FOUND, INPUT_UNREADABLE, INPUT_UNSUPPORTED, MODEL_NOT_FOUND, CANCELLED …
 */
export async function findPeople(path: string, options: FindPeopleOptions = {}): Promise<People> {
  const runner = await import('./runner/people/find-people.ts');
  return runner.findPeople(path, options);
}

/** What `evaluate` takes. */
export type EvaluateOptions = Parameters<typeof evaluateResult>[0];

/**
 * Measures a result against its sources and its target: identity, expression, PSNR, SSIM, seam, jitter.
 * @throws AppError
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const evaluation = await import('./evaluate/evaluate.ts');
  return evaluation.evaluate(options);
}

export { AppError, type ErrorCode, isAppError } from './core/errors.ts';
export type { RgbImage } from './core/image.ts';
export type { Logger } from './core/logger.ts';
export type { ProcessOptions } from './core/options.ts';
export type { OnProgress, ProgressEvent } from './core/progress.ts';
export type { Face, Gender, Pose } from './engine/faces/face.ts';
export type { Note } from './engine/processors/processor.ts';
export type { EvaluationReport } from './evaluate/evaluate.ts';
export type { DetectedFaces, DetectFacesOptions } from './runner/detect-faces.ts';
export type { FindPeopleOptions } from './runner/people/find-people.ts';
export type { Moment, People, Person } from './runner/people/people.ts';
export type { PreviewResult } from './runner/preview.ts';
export type { ProcessResult, UsedModel, UsedSource } from './runner/process-result.ts';
export type { RunContext } from './runner/run-context.ts';
export type { FileVerdict, RecordedOutput } from './runner/verify-file.ts';
export type { FrameCounts, UnchangedReason } from './trust/frame-counts.ts';
export type { RunStage, RunTiming } from './trust/stage-clock.ts';
