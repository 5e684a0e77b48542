/** Looks into a long video quickly: the key frame before a moment, without a list of its frames and without those between. */
import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import { type FrameSize, firstFrame, startDecoder } from './frame-decoder.ts';
import type { VideoInfo } from './probe.ts';

/** A file that shows nothing for so long is not worth waiting for. */
const OPENING_LIMIT_SECONDS = 120;

/**
 * @param seconds from the start of the file
 * @param size    of the picture, even
 * @returns the picture, owned by the caller; which frame it is nobody knows
 * @throws INPUT_UNREADABLE where there is none; FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD, CANCELLED
 */
export async function readKeyFrame(
  path: string,
  info: VideoInfo,
  seconds: number,
  size: FrameSize,
  signal: AbortSignal,
): Promise<I420Frame> {
  const location = { seekSeconds: seconds, dropFrames: 0, isKeyFrame: true };
  const settings = { location, frameCount: 1, lentFrames: 1, readAhead: 1, size, signal };
  const decoder = await startDecoder(path, info, settings);
  try {
    const frame = await firstFrame(decoder, path, location, OPENING_LIMIT_SECONDS);
    if (frame) return { data: frame.data.slice(), width: size.width, height: size.height, colour: info.colour };
  } finally {
    await decoder.process.stop();
  }
  throw new AppError('INPUT_UNREADABLE', `${basename(path)} has no picture at ${Math.round(seconds)} s.`, {
    hint: 'Copy or download it again.',
  });
}
