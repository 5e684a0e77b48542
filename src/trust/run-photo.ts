/** The path of a photo, from its pixels to the published file. */
import { throwIfAborted } from '../core/abort.ts';
import type { RgbImage } from '../core/image.ts';
import { createProgressMeter, type OnProgress } from '../core/progress.ts';
import type { FrameTime } from '../engine/processors/processor.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { SourceImage } from '../media/read-image.ts';
import { writeImage } from '../media/write-image.ts';
import { type FaceToProcess, type ProcessorChains, processFaces } from './face-pass.ts';
import { FrameCounter, type FrameCounts } from './frame-counts.ts';
import type { StageClock } from './stage-clock.ts';
import { afterEachFrame, beforeFirstFrame, beforePublish } from './steps.ts';
import type { TrustedRun } from './trust-step.ts';

export interface PhotoRun {
  /** The decoded target with what its file says beside the pixels. Its pixels are changed in place. */
  readonly target: SourceImage;
  /** The faces that were chosen, at least one. */
  readonly faces: readonly FaceToProcess[];
  /** Lent. */
  readonly chains: ProcessorChains;
  /** Committed here, or left untouched. */
  readonly output: OutputFile;
  /** 0..100, for lossy formats. */
  readonly quality: number;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface PhotoRunResult {
  readonly counts: FrameCounts;
  /** False where every chosen face was left alone; then there is no output. */
  readonly published: boolean;
}

const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };

/**
 * Works on one photo and publishes it if a face was changed.
 * @throws CANCELLED, OUTPUT_FAILED, whatever a model or a processor throws; then nothing is left behind
 */
export async function runPhoto(run: PhotoRun): Promise<PhotoRunResult> {
  const { target, faces, chains, output, clock, signal } = run;
  const trusted: TrustedRun = { kind: 'image', processors: (chains[0] ?? []).map(({ id }) => id), output };
  await beforeFirstFrame(trusted);
  throwIfAborted(signal);
  const meter = createProgressMeter('process', 1, run.onProgress);
  clock.enter('process');
  const out: RgbImage = target.image;
  const counter = new FrameCounter();
  counter.add(await processFaces(chains, faces, out, STILL));
  const { counts } = counter;
  if (counts.changed === 0) return { counts, published: false };
  await afterEachFrame(out, trusted);
  meter.step(1);
  throwIfAborted(signal);
  clock.enter('encode');
  await writeImage(output, out, target, { quality: run.quality });
  clock.enter('publish');
  throwIfAborted(signal);
  await beforePublish(trusted);
  await output.commit();
  return { counts, published: true };
}
