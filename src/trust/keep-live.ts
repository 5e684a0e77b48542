/** Files that are kept of a live session: made of frames as they were shown, and published as every other output. */
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import { toRgb } from '../engine/frames/yuv.ts';
import type { Note } from '../engine/processors/processor.ts';
import { type OutputFile, openOutputFile } from '../media/output-file.ts';
import { writeImage } from '../media/write-image.ts';
import { isRefusal } from './guard/refusals.ts';
import { findingsOfFile, type RunGuard } from './guard/run-guard.ts';
import { LiveRecording } from './live-recording.ts';
import { beforePublish } from './steps.ts';
import type { PicturePlace, PublishingRun, TrustedRun } from './trust-step.ts';

/** A file that is published. */
export interface KeptFile {
  readonly path: string;
  /** Number of its audit entry. */
  readonly auditEntry: number | undefined;
  readonly credentials: RunGuard['found']['credentials'];
  readonly notes: readonly Note[];
}

/** Of either kind one at a time; both may go on together. */
export interface LiveKeeper {
  /**
   * Keeps the next frame that is shown as a photo, also where no face of it was changed: it was shown so.
   * @throws OVERLOADED while one is being made, CANCELLED where no frame comes any more, what publishing throws
   */
  snapshot(): Promise<KeptFile>;
  /**
   * Keeps what is shown from now on as a video without sound, until `stopRecording`, the longest time, another size, or the
   * end of the session. One that ends by a refusal is not kept.
   * @param onBegun called with the first frame
   * @throws OVERLOADED while one goes on, see `LiveRecording.make`, what publishing throws
   */
  record(onBegun: () => void): Promise<KeptFile>;
  /** Completes the recording, if there is one. */
  stopRecording(): void;
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
  #recording: LiveRecording | undefined;
  readonly #making = new Map<'snapshot' | 'recording', Promise<unknown>>();
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

  snapshot(): Promise<KeptFile> {
    return this.#make('snapshot', (name) => {
      const next = new Promise<RgbImage>((resolve, reject) => {
        this.#wish = { take: resolve, giveUp: () => reject(hasEnded()) };
      });
      return next.then((image) =>
        this.#publish('image', `${name}.jpg`, async (output, { aigc }) => {
          const like = { path: output.path, image, metadata: METADATA, notes: [] };
          await writeImage(output, image, like, { quality: QUALITY, aigc });
        }),
      );
    });
  }

  record(onBegun: () => void): Promise<KeptFile> {
    return this.#make('recording', (name) => {
      const recording = new LiveRecording();
      this.#recording = recording;
      return this.#publish('video', `${name}.mp4`, (output, { aigc }) =>
        recording.make(this.#folder, output, aigc, onBegun),
      ).finally(() => {
        this.#recording = undefined;
      });
    });
  }

  stopRecording(): void {
    this.#recording?.close();
  }

  /** Takes a frame that is about to be shown: all steps have seen it. @param frame lent */
  take(frame: I420Frame, { isPhoto, timeSeconds }: PicturePlace): void {
    if (isPhoto) {
      this.#wish?.take(toRgb(frame));
      this.#wish = undefined;
    }
    this.#recording?.take(frame, timeSeconds);
  }

  /** Completes what is being made, and waits for it. @param error what the session has ended with */
  async end(error: AppError | undefined): Promise<void> {
    this.#hasEnded = true;
    this.#wish?.giveUp();
    this.#wish = undefined;
    // What may not be made is not kept in part either.
    if (error && isRefusal(error)) this.#recording?.abandon(error);
    else this.#recording?.close();
    await Promise.allSettled(this.#making.values());
  }

  async #make(what: 'snapshot' | 'recording', begin: (name: string) => Promise<KeptFile>): Promise<KeptFile> {
    if (this.#hasEnded) throw hasEnded();
    if (this.#making.has(what)) throw isBusy(what);
    const made = begin(`${what}-${this.#run.guard.payload.job}-${++this.#count}`);
    this.#making.set(what, made);
    try {
      return await made;
    } finally {
      this.#making.delete(what);
    }
  }

  /** @param write fills the partial file */
  async #publish(
    kind: PublishingRun['kind'],
    name: string,
    write: (output: OutputFile, guard: RunGuard) => Promise<void>,
  ): Promise<KeptFile> {
    await using output = await openOutputFile(join(this.#folder, name), { force: false, inputs: [] });
    const { guard: ofSession } = this.#run;
    await write(output, ofSession);
    const guard: RunGuard = { ...ofSession, found: findingsOfFile(ofSession.found) };
    await beforePublish({ ...this.#run, kind, guard, output });
    await output.commit();
    const { entry: auditEntry, credentials, notes } = guard.found;
    return { path: output.path, auditEntry, credentials, notes };
  }
}

const isBusy = (what: string): AppError =>
  new AppError('OVERLOADED', `A ${what} is being made: one at a time.`, {
    hint: 'Ask again when it is there.',
    retryable: true,
  });

const hasEnded = (): AppError =>
  new AppError('CANCELLED', 'The session has ended before the picture was there.', { hint: 'Start again.' });
