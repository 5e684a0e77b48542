/** One picture's faces through the processors: what a photo and a video frame have in common. */
import type { I420Frame, Region, RgbImage } from '../core/image.ts';
import { i420ToRgb, rgbToI420 } from '../engine/frames/yuv.ts';
import type { FaceProcessor, FrameTime, TargetFace } from '../engine/processors/processor.ts';
import type { FrameTally, UnchangedReason } from './frame-counts.ts';

/** The two pictures that processors see. One pair serves a whole run. */
export interface ScratchPictures {
  readonly before: RgbImage;
  readonly out: RgbImage;
}

/** Allocates the pair for frames of this size. */
export function createScratchPictures(width: number, height: number): ScratchPictures {
  const picture = (): RgbImage => ({ data: new Uint8Array(width * height * 3), width, height });
  return { before: picture(), out: picture() };
}

/** How a processor gets at the pixels of one face, and how what it changed goes back. */
interface PixelAccess {
  load(region: Region): void;
  store(region: Region): void;
}

/**
 * Runs the processors over the faces of a photo. `scratch.out` holds the photo and is changed in place;
 * `scratch.before` holds a copy, and equals it again afterwards.
 */
export function processPhotoFaces(
  processors: readonly FaceProcessor[],
  faces: readonly TargetFace[],
  scratch: ScratchPictures,
): Promise<FrameTally> {
  const access = {
    load() {},
    store: (region: Region) => copyRegion(scratch.out, scratch.before, region),
  };
  return processFaces(processors, faces, scratch, access, { frameIndex: 0, timeSeconds: 0, isStill: true });
}

/** Runs the processors over the faces of a video frame, which is changed in place. */
export function processFrameFaces(
  processors: readonly FaceProcessor[],
  faces: readonly TargetFace[],
  scratch: ScratchPictures,
  frame: I420Frame,
  time: FrameTime,
): Promise<FrameTally> {
  const access = {
    load: (region: Region) => i420ToRgb(frame, scratch.before, region, scratch.out.data),
    store: (region: Region) => rgbToI420(scratch.out, frame, region, scratch.before.data),
  };
  return processFaces(processors, faces, scratch, access, time);
}

async function processFaces(
  processors: readonly FaceProcessor[],
  faces: readonly TargetFace[],
  scratch: ScratchPictures,
  access: PixelAccess,
  time: FrameTime,
): Promise<FrameTally> {
  let changed = false;
  const reasons = new Set<UnchangedReason>();
  for (const face of faces) {
    for (const processor of processors) {
      const region = processor.regionOf(face, scratch.out);
      if (isEmpty(region)) continue;
      access.load(region);
      const outcome = await processor.processFace(scratch, face, time);
      if (outcome.kind === 'left-alone') {
        reasons.add(outcome.reason);
        continue;
      }
      changed = true;
      if (!isEmpty(outcome.region)) access.store(evenRegion(outcome.region, scratch.out));
    }
  }
  if (faces.length === 0) reasons.add('no-face');
  return { changed, reasons };
}

const isEmpty = ({ x0, y0, x1, y1 }: Region): boolean => x1 <= x0 || y1 <= y0;

/** The smallest even region around this one; chroma samples cover 2x2 pixels. A photo's odd border stays in reach. */
function evenRegion({ x0, y0, x1, y1 }: Region, { width, height }: RgbImage): Region {
  return { x0: x0 & ~1, y0: y0 & ~1, x1: Math.min(width, (x1 + 1) & ~1), y1: Math.min(height, (y1 + 1) & ~1) };
}

function copyRegion(from: RgbImage, to: RgbImage, { x0, y0, x1, y1 }: Region): void {
  for (let y = y0; y < y1; y++) {
    const start = (y * from.width + x0) * 3;
    to.data.set(from.data.subarray(start, start + (x1 - x0) * 3), start);
  }
}
