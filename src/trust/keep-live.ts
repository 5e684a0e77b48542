/** Files that are kept of a live session: made of frames as they were shown, and published as every other output. */
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { toRgb } from '../engine/frames/yuv.ts';
import type { Note } from '../engine/processors/processor.ts';
import { openOutputFile } from '../media/output-file.ts';
import { writeImage } from '../media/write-image.ts';
import { findingsOfFile, type RunGuard } from './guard/run-guard.ts';
import { beforePublish } from './steps.ts';
import type { TrustedRun } from './trust-step.ts';

/** A file that is published. */
export interface KeptFile {
  readonly path: string;
  /** Number of its audit entry. */
  readonly auditEntry: number | undefined;
  readonly credentials: RunGuard['found']['credentials'];
  readonly notes: readonly Note[];
}

export interface LiveKeeper {
  /**
   * Keeps the next frame that is shown as a photo, also where no face of it was changed: it was shown so.
   * @throws OVERLOADED while one is being made, CANCELLED where no frame comes any more, what publishing throws
   */
  snapshot(): Promise<KeptFile>;
}

/** 0..100. The mark is as easy to read as in the frame, and nobody sees the difference. */
const QUALITY = 95;
const METADATA = { format: 'jpg', channels: 3, bitsPerChannel: 8, colourSpace: 'srgb' } as const;

interface Wish {
  readonly take: (image: RgbImage) => void;
  readonly giveUp: () => void;
}

/** The creator ends it. Work on files goes on beside the frames, which do not wait for it. */
export class LiveFiles implements LiveKeeper {
  readonly #run: TrustedRun;
  readonly #folder: string;
  #wish: Wish | undefined;
  #making: Promise<unknown> | undefined;
  #count = 0;
  #hasEnded = false;

  /** @param folder of the session alone */
  constructor(run: TrustedRun, folder: string) {
    this.#run = run;
    this.#folder = folder;
  }

  /** True where the next frame is a photo by itself: it is looked at as such. */
  get wantsNext(): boolean {
    return this.#wish !== undefined;
  }

  async snapshot(): Promise<KeptFile> {
    if (this.#hasEnded) throw hasEnded();
    if (this.#making) throw isBusy();
    const number = ++this.#count;
    const image = new Promise<RgbImage>((resolve, reject) => {
      this.#wish = { take: resolve, giveUp: () => reject(hasEnded()) };
    });
    const made = image.then((picture) => this.#publish(picture, number));
    this.#making = made;
    return made.finally(() => {
      this.#making = undefined;
    });
  }

  /** Takes a frame that is about to be shown: all steps have seen it. @param frame lent */
  take(frame: I420Frame): void {
    this.#wish?.take(toRgb(frame));
    this.#wish = undefined;
  }

  /** Waits for what is being made. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#wish?.giveUp();
    this.#wish = undefined;
    await this.#making?.catch(() => {});
  }

  async #publish(image: RgbImage, number: number): Promise<KeptFile> {
    const { guard: ofSession } = this.#run;
    const guard: RunGuard = { ...ofSession, found: findingsOfFile(ofSession.found) };
    const path = join(this.#folder, `snapshot-${guard.payload.job}-${number}.jpg`);
    await using output = await openOutputFile(path, { force: false, inputs: [] });
    const like = { path, image, metadata: METADATA, notes: [] };
    await writeImage(output, image, like, { quality: QUALITY, aigc: guard.aigc });
    await beforePublish({ ...this.#run, kind: 'image', guard, output });
    await output.commit();
    const { entry: auditEntry, credentials, notes } = guard.found;
    return { path: output.path, auditEntry, credentials, notes };
  }
}

const isBusy = (): AppError =>
  new AppError('OVERLOADED', 'A snapshot is being made: one at a time.', {
    hint: 'Ask again when it is there.',
    retryable: true,
  });

const hasEnded = (): AppError =>
  new AppError('CANCELLED', 'The session has ended before the picture was there.', { hint: 'Start again.' });
