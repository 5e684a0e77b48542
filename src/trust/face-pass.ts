/** One picture's faces through the processors: what a photo and a video frame have in common. */
import type { Region } from '../core/image.ts';
import { meshInRegion } from '../engine/faces/mesh-in-region.ts';
import type { Picture } from '../engine/frames/picture.ts';
import type { FaceProcessor, FrameTime, TargetFace } from '../engine/processors/processor.ts';
import type { FrameTally, UnchangedReason } from './frame-counts.ts';

/**
 * Runs the processors over the faces of a picture, which is changed in place. Each processor sees what the one before
 * it wrote.
 */
export async function processFaces(
  processors: readonly FaceProcessor[],
  faces: readonly TargetFace[],
  picture: Picture,
  time: FrameTime,
): Promise<FrameTally> {
  let changed = false;
  const reasons = new Set<UnchangedReason>();
  for (const face of faces) {
    for (const processor of processors) {
      const region = processor.regionOf(face, picture);
      if (isEmpty(region)) continue;
      const pixels = processor.takePixels(picture, region);
      const mesh = meshInRegion(face.mesh, region);
      const outcome = await processor.processFace(pixels, { ...face, mesh }, time);
      if (outcome.kind === 'left-alone') {
        reasons.add(outcome.reason);
        continue;
      }
      changed = true;
      pixels.writeBack();
    }
  }
  if (faces.length === 0) reasons.add('no-face');
  return { changed, reasons };
}

const isEmpty = ({ x0, y0, x1, y1 }: Region): boolean => x1 <= x0 || y1 <= y0;
