/** Looks for the invisible mark of an installation in a finished file. */
import { throwIfAborted } from '../core/abort.ts';
import type { WatermarkDetector, WatermarkReading } from '../engine/watermark/detect-watermark.ts';
import { probeVideo } from '../media/probe.ts';
import { readImage } from '../media/read-image.ts';
import { readVideoFrame } from '../media/video-reader.ts';
import { lumaOfPhoto } from './guard/invisible-mark.ts';

/** Frames of a video in which the mark is looked for, spread over it, until one has it. */
const FRAMES_TO_TRY = 12;

export interface FoundMark {
  readonly reading: WatermarkReading;
  /** Frame of a video that has it. */
  readonly frame?: number;
}

/** @throws INPUT_UNREADABLE, CANCELLED and what else reading a photo or video throws */
export async function findMark(
  file: string,
  kind: 'image' | 'video',
  detector: WatermarkDetector,
  signal: AbortSignal | undefined,
): Promise<FoundMark | undefined> {
  if (kind === 'image') {
    const { image } = await readImage(file);
    const reading = detector.detect(lumaOfPhoto(image), image);
    return reading && { reading };
  }
  const info = await probeVideo(file);
  const count = Math.max(1, info.frameCountEstimate);
  const tries = Math.min(FRAMES_TO_TRY, count);
  for (let at = 0; at < tries; at++) {
    throwIfAborted(signal);
    // From the middle of each part: the first frame of a clip is often black.
    const frame = Math.floor(((at + 0.5) * count) / tries);
    const { data, width, height } = await readVideoFrame(file, info, frame, signal);
    const reading = detector.detect(data.subarray(0, width * height), { width, height });
    if (reading) return { reading, frame };
  }
  return undefined;
}
