/** The path of a photo, from its pixels to the published file. */
import { throwIfAborted } from '../core/abort.ts';
import type { RgbImage } from '../core/image.ts';
import { createProgressMeter, type OnProgress } from '../core/progress.ts';
import type { FrameTime, WholePicture } from '../engine/processors/processor.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { SourceImage } from '../media/read-image.ts';
import { resizeImage } from '../media/resize-image.ts';
import { writeImage } from '../media/write-image.ts';
import { FrameCounter, type FrameCounts } from './frame-counts.ts';
import type { RunGuard } from './guard/run-guard.ts';
import { type FaceToProcess, PicturePass, type ProcessorChains } from './picture-pass.ts';
import type { StageClock } from './stage-clock.ts';
import { afterEachFrame, beforePublish, onOriginal, whileWatched } from './steps.ts';
import type { PicturePlace, PublishingRun } from './trust-step.ts';

export interface PhotoRun {
  /** The decoded target with what its file says beside the pixels. Its pixels are changed in place. */
  readonly target: SourceImage;
  /** The faces that were chosen. */
  readonly faces: readonly FaceToProcess[];
  /** Lent. */
  readonly chains: ProcessorChains;
  /** Committed here, or left untouched. */
  readonly output: OutputFile;
  /** Lent. */
  readonly guard: RunGuard;
  /** 0..100, for lossy formats. */
  readonly quality: number;
  /** Size of the output relative to the target. */
  readonly scale: number;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface PhotoRunResult {
  readonly counts: FrameCounts;
  /** False where every chosen face was left alone; then there is no output. */
  readonly published: boolean;
  /** Of the output in pixels. */
  readonly width: number;
  readonly height: number;
}

const PLACE: PicturePlace = { frameIndex: 0, timeSeconds: 0, isCut: false };
const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };

/**
 * Works on one photo and publishes it if a face was changed.
 * @throws CANCELLED, OUTPUT_FAILED, whatever a model or a processor throws; then nothing is left behind
 */
export async function runPhoto(run: PhotoRun): Promise<PhotoRunResult> {
  const { chains, output, guard, clock } = run;
  const trusted: PublishingRun = {
    kind: 'image',
    processors: (chains[0] ?? []).map(({ id }) => id),
    output,
    guard,
    clock,
  };
  clock.enter('moderate');
  return whileWatched(trusted, () => makePhoto(run, trusted));
}

async function makePhoto(run: PhotoRun, trusted: PublishingRun): Promise<PhotoRunResult> {
  const { target, faces, chains, output, clock, signal } = run;
  await onOriginal(target.image, faces, PLACE, trusted);
  throwIfAborted(signal);
  const meter = createProgressMeter('process', 1, run.onProgress);
  clock.enter('process');
  const counter = new FrameCounter();
  const passed = await new PicturePass(chains).run(target.image, faces, STILL, target.alpha);
  counter.add(passed.tally);
  const { counts } = counter;
  const { width, height } = target.image;
  if (counts.changed === 0) return { counts, published: false, width, height };
  const out = await scaled(passed.picture, passed.alpha, target.image, run.scale);
  await afterEachFrame(out, PLACE, trusted);
  meter.step(1);
  throwIfAborted(signal);
  clock.enter('encode');
  await writeImage(
    output,
    out,
    { ...target, ...(out.alpha ? { alpha: out.alpha } : {}) },
    { quality: run.quality, aigc: run.guard.aigc },
  );
  clock.enter('publish');
  throwIfAborted(signal);
  await beforePublish(trusted);
  await output.commit();
  return { counts, published: true, width: out.width, height: out.height };
}

/** Brings a photo to `scale` times the size of the target: processors may have made it larger. */
async function scaled(
  image: RgbImage,
  alpha: Uint8Array | undefined,
  target: RgbImage,
  scale: number,
): Promise<WholePicture> {
  const width = Math.max(1, Math.round(target.width * scale));
  const height = Math.max(1, Math.round(target.height * scale));
  if (image.width === width && image.height === height) return { ...image, alpha };
  return resizeImage({ ...image, alpha }, width, height);
}
