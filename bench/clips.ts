/** Clips that the bench makes for itself with ffmpeg, in a folder that goes away with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFfmpeg } from '../src/media/ffmpeg-process.ts';
import { findFfmpeg } from '../src/media/find-ffmpeg.ts';

export interface ClipOptions {
  readonly frames: number;
  /** ffmpeg filters, as `scale=960:720`. */
  readonly filters?: string;
}

/** x264 at a rate at which nothing of the original is lost to the eye. */
const CRF = '12';

export class ClipFolder implements AsyncDisposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async create(): Promise<ClipFolder> {
    return new ClipFolder(await mkdtemp(join(tmpdir(), 'facefusion-bench-')));
  }

  /** A path inside the folder. */
  path(name: string): string {
    return join(this.#path, name);
  }

  /** Makes a clip of exactly so many frames; a shorter original is looped. */
  async make(name: string, original: string, { frames, filters }: ClipOptions): Promise<string> {
    const { ffmpegPath } = await findFfmpeg();
    const path = this.path(name);
    const words = [
      ...['-v', 'error', '-y', '-stream_loop', '-1', '-i', original, '-an', '-frames:v', String(frames)],
      ...(filters ? ['-vf', filters] : []),
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', CRF, '-pix_fmt', 'yuv420p', path],
    ];
    const { exit, stderr } = await runFfmpeg(ffmpegPath, words, { timeoutSeconds: 600 });
    if (exit.code !== 0) throw new Error(`ffmpeg could not make ${name}: ${stderr}`);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }
}

/** cap12 has 400x300 pixels and a face 100 pixels wide: this makes it 240 wide, in a 720p frame. */
export const AS_720P = 'scale=960:720:flags=bicubic,pad=1280:720:160:0';
