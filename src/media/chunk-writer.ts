/** THIN: replaced when the writer lands. */
import { open, rename, rm, stat } from 'node:fs/promises';
import { encodeArguments, type VideoPreset } from './encode-arguments.ts';
import { type FfmpegProcess, ffmpegFailure, startFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { createFrameHeader, matroskaHeader } from './matroska-raw.ts';
import type { VideoOutputPlan } from './plan-video-output.ts';
import type { VideoInfo } from './probe.ts';
import type { TimedFrame } from './video-writer.ts';

export interface ChunkWriterOptions {
  readonly info: VideoInfo;
  readonly plan: VideoOutputPlan;
  readonly preset: VideoPreset;
  readonly quality: number;
  readonly scale: number;
}
export interface ChunkWriter {
  write(frame: TimedFrame): Promise<void>;
  finish(): Promise<{ frames: number; firstSeconds: number; durationSeconds: number; bytes: number }>;
  abandon(): Promise<void>;
}
export function openChunkWriter(path: string, options: ChunkWriterOptions): ChunkWriter {
  const { info } = options;
  const header = createFrameHeader((info.frameWidth * info.frameHeight * 3) / 2);
  let process: FfmpegProcess | undefined;
  let frames = 0;
  let first = 0;
  let last = -1;
  const send = (parts: Uint8Array[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const stdin = process!.stdin!;
      stdin.cork();
      for (const [at, part] of parts.entries()) {
        stdin.write(part, at === parts.length - 1 ? (error) => (error ? reject(error) : resolve()) : undefined);
      }
      stdin.uncork();
    });
  return {
    async write(frame) {
      if (!process) {
        const ffmpeg = await findFfmpeg();
        process = startFfmpeg(ffmpeg.ffmpegPath, encodeArguments(`${path}.part`, { ...options, chunkSize: 100 }), {
          input: true,
        });
        first = frame.ptsSeconds;
        await send([matroskaHeader({ width: info.frameWidth, height: info.frameHeight, fps: info.fps })]).catch(
          () => {},
        );
      }
      const us = Math.max(last + 1, Math.round((frame.ptsSeconds - first) * 1e6));
      try {
        await send([header.at(us), frame.data]);
      } catch {
        throw ffmpegFailure(await process.exited, process.stderrTail(), 'encoding');
      }
      last = us;
      frames++;
    },
    async finish() {
      process!.stdin!.end();
      const exit = await process!.exited;
      if (exit.code !== 0) throw ffmpegFailure(exit, process!.stderrTail(), 'encoding');
      const h = await open(`${path}.part`, 'r+');
      await h.sync();
      await h.close();
      await rename(`${path}.part`, path);
      return {
        frames,
        firstSeconds: first,
        durationSeconds: last / 1e6 + 1 / info.fps,
        bytes: (await stat(path)).size,
      };
    },
    async abandon() {
      await process?.kill();
      await rm(`${path}.part`, { force: true });
    },
  };
}
