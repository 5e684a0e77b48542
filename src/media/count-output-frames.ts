/** Counts the frames of a file that this program wrote. */
import { open } from 'node:fs/promises';
import { countMp4Frames } from './count-mp4-frames.ts';
import { ffmpegFailure, runFfmpeg, toFfmpegFile } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { VideoOutputPlan } from './plan-video-output.ts';

/** Where muxer and demuxer have different names. */
const DEMUXER_OF: Readonly<Record<string, string>> = { webm: 'matroska' };

/** @throws FFMPEG_FAILED, CANCELLED */
export async function countOutputFrames(
  path: string,
  { isMp4, muxer }: Pick<VideoOutputPlan, 'isMp4' | 'muxer'>,
  signal?: AbortSignal,
): Promise<number> {
  if (isMp4) return countMp4Frames(path);
  const ffmpeg = await findFfmpeg();
  const what = ['-count_packets', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_packets'];
  const input = ['-protocol_whitelist', 'file,pipe', '-f', DEMUXER_OF[muxer] ?? muxer, '-i', toFfmpegFile(path)];
  const { exit, stdout, stderr } = await runFfmpeg(
    ffmpeg.ffprobePath,
    ['-v', 'error', ...what, '-of', 'csv=p=0', ...input],
    { signal },
  );
  if (exit.code !== 0) throw ffmpegFailure(exit, stderr, 'verifying the output');
  return Number.parseInt(stdout, 10) || 0;
}

/** What an animated WebP shows. Equal frames in a row are one with a longer time. */
export interface WebpFrames {
  readonly frames: number;
  readonly durationSeconds: number;
}

/**
 * Lists the frames of an animated WebP; a file of one frame is a still without them.
 * @returns no frames where a chunk ends behind the end of the file
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export async function readWebpFrames(path: string): Promise<WebpFrames> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(24);
    let frames = 0;
    let milliseconds = 0;
    for (let at = 12; at < size; ) {
      await file.read(head, 0, head.length, at);
      const length = head.readUInt32LE(4);
      if (at + 8 + length > size) return { frames: 0, durationSeconds: 0 };
      if (head.toString('latin1', 0, 4) === 'ANMF') {
        frames++;
        // Behind position and size, which have three bytes each as well.
        milliseconds += head.readUIntLE(8 + 12, 3);
      }
      at += 8 + length + (length % 2);
    }
    return { frames, durationSeconds: milliseconds / 1000 };
  } finally {
    await file.close();
  }
}
