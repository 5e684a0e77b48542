/** Finds where frame N of a video is, so that reading can begin there instead of at the start. */
import { indexFrames } from './packet-index.ts';
import type { VideoInfo } from './probe.ts';

/** Up to here decoding and dropping is quicker than listing the packets of the file. */
export const SHORT_SEEK_FRAMES = 100;
/** Where a reader starts: `seekSeconds` into the file, `dropFrames` frames further. */
export interface FrameLocation {
  readonly seekSeconds?: number;
  readonly dropFrames: number;
  /** Time stamp that the first frame must have, in the file's own clock; set when seeking. */
  readonly expectedSeconds?: number;
  /** The key frame before `seekSeconds` instead; nothing else is decoded. */
  readonly isKeyFrame?: boolean;
}

/**
 * @param index frame from 0
 * @returns seek point half a frame before the frame, which was exact on every frame of 23.976 to 59.94 fps files; or
 *   frames to drop, where the frame is near or the file has packets without time stamps
 */
export async function locateFrame(
  path: string,
  info: VideoInfo,
  index: number,
  signal?: AbortSignal,
): Promise<FrameLocation> {
  if (index <= SHORT_SEEK_FRAMES || info.frameTimes) return { dropFrames: index };
  const { times } = await indexFrames(path, info, signal);
  // A picture that is made of fields depends on the frame before.
  const dropFrames = info.interlaced ? 1 : 0;
  const first = times[index - dropFrames];
  const before = times[index - dropFrames - 1];
  if (first === undefined || before === undefined || !(first > before)) return { dropFrames: index };
  const seekSeconds = (first + before) / 2 - info.startSeconds;
  return { seekSeconds, dropFrames, expectedSeconds: times[index]! };
}
