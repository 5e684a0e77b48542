import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';

/**
 * INPUT_UNSUPPORTED for a file of another kind than is needed.
 * @param expected as in `a photo or a video`
 * @param kind     and format: what `sniffMedia` says
 */
export function refuseKind(path: string, expected: string, kind: string, format: string): AppError {
  const found = kind === 'unknown' ? 'of no kind that FaceFusion knows' : `a ${kind} file (${format})`;
  return new AppError('INPUT_UNSUPPORTED', `Expected ${expected}, but ${JSON.stringify(basename(path))} is ${found}.`, {
    hint:
      kind === 'video'
        ? `Take a photo out of it: ffmpeg -i ${JSON.stringify(path)} -frames:v 1 source.png`
        : 'Photos may be jpg, png, webp, bmp, tiff or avif; videos mp4, mov, mkv, webm, avi, animated gif or webp, and others that ffmpeg reads.',
  });
}
