import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';

/**
 * The same error, saying that and where the frames that were made are kept.
 * @param frames frames in the file
 * @param total  frames that the whole output would have had
 */
export function withPartial(error: AppError, partialPath: string, frames: number, total: number): AppError {
  const kept = `${frames} of ${total} frames are kept in ${JSON.stringify(basename(partialPath))}, which can be played.`;
  return new AppError(error.code, `${error.message} ${kept}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, partialPath, framesMade: frames, framesTotal: total },
    cause: error,
    retryable: error.retryable,
  });
}

/**
 * The same error, saying how much of a video is kept for the next run.
 * @param frames frames of the target in whole chunks
 * @param total  frames that the run would have worked through
 */
export function withKeptChunks(error: AppError, folder: string, frames: number, total: number): AppError {
  return new AppError(error.code, `${error.message} ${frames} of ${total} frames are kept.`, {
    hint: `${error.hint === undefined ? '' : `${error.hint} `}The same command goes on after them, and with --publish-partial it makes a video of them.`,
    details: { ...error.details, chunkFolder: folder, framesKept: frames, framesTotal: total },
    cause: error,
    retryable: true,
  });
}
