/** A stretch of a live session as a video, straight through an encoder to the disk. */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import { cameraVideo } from '../media/camera-video.ts';
import { openChunkWriter, type TimedFrame } from '../media/chunk-writer.ts';
import { joinChunks } from '../media/join-chunks.ts';
import type { OutputFile } from '../media/output-file.ts';
import { planVideoOutput } from '../media/plan-video-output.ts';

/** What a recording may be. */
export const RECORDING_LIMITS = {
  /** Ten minutes: longer ones are videos, which a run makes of what a camera has recorded. */
  seconds: 600,
  /** No second has more: twice what 720p of a camera needs, and 600 MB in ten minutes. */
  kilobits: 8000,
  /** Free on the disk where it begins: what was encoded, the joined file and the signed one, at their longest. */
  freeBytes: 2e9,
} as const;

/** Frames that wait for the encoder; more are left out, since neither the picture nor the memory may suffer. 22 MB at 720p. */
const MOST_WAITING = 16;
/** One that keeps up beside the models, at 640x480 in some 4 ms a frame. */
const PRESET = 'superfast';
/** CRF 20. */
const QUALITY = 60;

/** Takes frames until it is closed. */
export class LiveRecording {
  readonly #waiting: TimedFrame[] = [];
  #first: TimedFrame | undefined;
  #isClosed = false;
  #refusal: AppError | undefined;
  #wake = (): void => {};

  /** Takes a frame that is about to be shown. Closes itself at the longest time, and where frames have another size. @param frame lent */
  take(frame: I420Frame, seconds: number): void {
    if (this.#isClosed) return;
    const first = this.#first ?? { ...frame, ptsSeconds: seconds };
    const fits = first.width === frame.width && first.height === frame.height;
    if (!fits || seconds - first.ptsSeconds >= RECORDING_LIMITS.seconds) {
      this.close();
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) return;
    const own: TimedFrame = { ...frame, data: frame.data.slice(), ptsSeconds: seconds };
    this.#first ??= own;
    this.#waiting.push(own);
    this.#wake();
  }

  /** No more frames come: the file is completed. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Ends it without a file. */
  abandon(refusal: AppError): void {
    this.#refusal = refusal;
    this.close();
  }

  /**
   * Writes all frames into the partial file of an output, when the last has come.
   * @param folder for work
   * @param onBegun called with the first frame
   * @throws CANCELLED where no frame has come, OUTPUT_FAILED, FFMPEG_FAILED, ENCODER_UNAVAILABLE, and why it was abandoned:
   *   nothing is left then
   */
  async make(folder: string, output: OutputFile, aigc: string | undefined, onBegun: () => void): Promise<void> {
    await checkDisk(folder);
    const first = await this.#next();
    if (!first) throw empty();
    onBegun();
    const own = await mkdtemp(join(folder, 'recording-'));
    try {
      const info = cameraVideo(first);
      const plan = await planVideoOutput(output.path, { encoder: 'libx264', info });
      const encoding = { info, plan, preset: PRESET, quality: QUALITY, scale: 1 } as const;
      const path = join(own, 'chunk.mp4');
      const rate = { kind: 'limit', kilobits: RECORDING_LIMITS.kilobits } as const;
      await using writer = openChunkWriter(path, { ...encoding, rate });
      for (let frame: TimedFrame | undefined = first; frame; frame = await this.#next()) {
        await writer.write({ ...frame, ptsSeconds: frame.ptsSeconds - first.ptsSeconds });
      }
      const { frames, durationSeconds } = await writer.finish();
      await joinChunks({
        ...{ ...encoding, aigc, trim: false, audioQuality: 0, audioVolume: 0, outputPath: output.partialPath },
        ...{ chunks: [{ path, firstSeconds: 0, frames }], endSeconds: durationSeconds },
      });
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  /** @returns undefined when all have come. @throws why it was abandoned */
  async #next(): Promise<TimedFrame | undefined> {
    for (;;) {
      if (this.#refusal) throw this.#refusal;
      const frame = this.#waiting.shift();
      if (frame || this.#isClosed) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

async function checkDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= RECORDING_LIMITS.freeBytes) return;
  throw new AppError(
    'OUTPUT_FAILED',
    `Expected ${RECORDING_LIMITS.freeBytes} bytes free for a recording, found ${free}.`,
    { hint: 'Free some space on the disk of the data folder.' },
  );
}

const empty = (): AppError =>
  new AppError('CANCELLED', 'The recording has ended before its first picture.', { hint: 'Record again.' });
