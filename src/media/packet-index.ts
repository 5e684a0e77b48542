/** Lists the packets of a video stream: when each frame is shown, and which can be decoded by themselves. */
import { stat } from 'node:fs/promises';
import { runFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { VideoInfo } from './probe.ts';
import { inputArguments } from './video-input.ts';

/** Lists that are kept; one of a two-hour film has 180,000 numbers. */
const CACHED_FILES = 8;

/** One entry a frame, in the order in which they are shown. Both are empty where any packet has no time stamp. */
export interface FrameIndex {
  /** Seconds in the file's own clock. */
  readonly times: Float64Array;
  /** 1 for key frames. */
  readonly isKey: Uint8Array;
}

const cache = new Map<string, Promise<FrameIndex>>();

/**
 * Reads through a file without decoding it. Kept for the last few files. Containers in which a packet is not a frame
 * make the index wrong: whoever seeks by it checks what came.
 * @throws CANCELLED, FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD
 */
export async function indexFrames(path: string, info: VideoInfo, signal?: AbortSignal): Promise<FrameIndex> {
  const { frameTimes } = info;
  if (frameTimes) {
    // Pictures of their own.
    return { times: Float64Array.from(frameTimes), isKey: new Uint8Array(frameTimes.length).fill(1) };
  }
  const { size, mtimeMs, ino } = await stat(path);
  const key = JSON.stringify([path, size, mtimeMs, ino]);
  let promise = cache.get(key);
  if (promise) {
    // The last one used is the last to go.
    cache.delete(key);
    cache.set(key, promise);
  } else {
    promise = listFrames(path, info, signal);
    cache.set(key, promise);
    promise.catch(() => cache.delete(key));
    if (cache.size > CACHED_FILES) cache.delete(cache.keys().next().value!);
  }
  return promise;
}

async function listFrames(path: string, info: VideoInfo, signal: AbortSignal | undefined): Promise<FrameIndex> {
  const ffmpeg = await findFfmpeg();
  const what = ['-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  const { stdout } = await runFfmpeg(
    ffmpeg.ffprobePath,
    [...['-v', 'error', '-select_streams', String(info.streamIndex)], ...[...what, ...inputArguments(path)]],
    { signal },
  );
  const frames: { readonly time: number; readonly isKey: boolean }[] = [];
  for (const line of stdout.split('\n')) {
    const [time, flags = ''] = line.split(',');
    // Packets that an edit list cuts away are decoded, but never shown.
    if (!time || flags.includes('D')) continue;
    if (!Number.isFinite(Number(time))) return { times: new Float64Array(0), isKey: new Uint8Array(0) };
    frames.push({ time: Number(time), isKey: flags.includes('K') });
  }
  frames.sort((a, b) => a.time - b.time);
  return {
    times: Float64Array.from(frames, ({ time }) => time),
    isKey: Uint8Array.from(frames, ({ isKey }) => Number(isKey)),
  };
}
