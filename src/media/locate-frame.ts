/** Finds where frame N of a video is, so that reading can begin there instead of at the start. */
import { stat } from 'node:fs/promises';
import { runFfmpeg, toFfmpegFile } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { UNTRUSTED_INPUT, type VideoInfo } from './probe.ts';

/** Up to here decoding and dropping is quicker than listing the packets of the file. */
export const SHORT_SEEK_FRAMES = 100;
/** Lists of time stamps that are kept; one of a two-hour film has 180,000 numbers. */
const CACHED_FILES = 4;

/** Where a reader starts: `seekSeconds` into the file, `dropFrames` frames further. */
export interface FrameLocation {
  readonly seekSeconds?: number;
  readonly dropFrames: number;
  /** Time stamp that the first frame must have, in the file's own clock; set when seeking. */
  readonly expectedSeconds?: number;
}

const cache = new Map<string, Promise<Float64Array>>();

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
  if (index <= SHORT_SEEK_FRAMES) return { dropFrames: index };
  const times = await packetTimes(path, info, signal);
  const time = times[index];
  const before = times[index - 1];
  if (time === undefined || before === undefined || !(time > before)) return { dropFrames: index };
  const seekSeconds = (time + before) / 2 - info.startSeconds;
  return { seekSeconds, dropFrames: 0, expectedSeconds: time };
}

/** Presentation times of all frames in order; empty when any packet has none. Kept for the last few files. */
async function packetTimes(path: string, info: VideoInfo, signal: AbortSignal | undefined): Promise<Float64Array> {
  const { size, mtimeMs, ino } = await stat(path);
  const key = JSON.stringify([path, size, mtimeMs, ino]);
  let promise = cache.get(key);
  if (!promise) {
    promise = listPacketTimes(path, info, signal);
    cache.set(key, promise);
    promise.catch(() => cache.delete(key));
    if (cache.size > CACHED_FILES) cache.delete(cache.keys().next().value!);
  }
  return promise;
}

async function listPacketTimes(path: string, info: VideoInfo, signal: AbortSignal | undefined): Promise<Float64Array> {
  const ffmpeg = await findFfmpeg();
  const what = [
    '-select_streams',
    String(info.streamIndex),
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await runFfmpeg(
    ffmpeg.ffprobePath,
    ['-v', 'error', ...UNTRUSTED_INPUT, ...what, '-i', toFfmpegFile(path)],
    { signal },
  );
  const times: number[] = [];
  for (const line of stdout.split('\n')) {
    const [time, flags] = line.split(',');
    // Packets that an edit list cuts away are decoded, but never shown.
    if (!time || flags?.includes('D')) continue;
    const seconds = Number(time);
    if (!Number.isFinite(seconds)) return new Float64Array(0);
    times.push(seconds);
  }
  return Float64Array.from(times).sort();
}
