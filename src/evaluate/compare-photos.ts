import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { readImage } from '../media/read-image.ts';
import { type CompareContext, compareFrame } from './compare-frame.ts';
import { type Summary, summarise } from './summarise.ts';

/** A summary and what it was taken on; see `EvaluationReport`. */
export interface Comparison extends Summary {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly sampledFrames: readonly number[];
  readonly followedFrames: number;
}

/** Formats in which an untouched pixel keeps its value. */
const LOSSLESS: ReadonlySet<string> = new Set(['png', 'bmp', 'tiff']);

/** @throws TARGET_NO_FACE, INPUT_UNSUPPORTED when the sizes differ, what reading a photo throws, CANCELLED */
export async function comparePhotos(
  targetPath: string,
  resultPath: string,
  context: CompareContext,
): Promise<Comparison> {
  const target = await readImage(targetPath);
  const result = await readImage(resultPath);
  throwIfAborted(context.signal);
  const frame = await compareFrame(target.image, result.image, context);
  if (!frame) throw new AppError('TARGET_NO_FACE', 'No face was found in the target.');
  context.onProgress?.({ type: 'progress', stage: 'analyse', done: 1, total: 1 });
  const { width, height } = target.image;
  const summary = summarise([frame], LOSSLESS.has(result.metadata.format));
  return { ...summary, width, height, frames: 1, sampledFrames: [0], followedFrames: 0 };
}
