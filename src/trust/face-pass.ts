/** One picture's faces through the processors: what a photo and a video frame have in common. */
import { AppError } from '../core/errors.ts';
import type { Region } from '../core/image.ts';
import { type StageTimer, UNTIMED } from '../core/stage-timer.ts';
import { meshInRegion } from '../engine/faces/mesh-in-region.ts';
import type { Picture } from '../engine/frames/picture.ts';
import type { FaceProcessor, FrameTime, TargetFace } from '../engine/processors/processor.ts';
import type { FrameTally, UnchangedReason } from './frame-counts.ts';

/** A face with the sources that serve it. */
export interface FaceToProcess extends TargetFace {
  /** Index of the set of sources, and so of the chain of processors; without it, the first. */
  readonly sourceSet?: number | undefined;
}

/** The processors in the order in which they run, once for each set of sources. */
export type ProcessorChains = readonly (readonly FaceProcessor[])[];

/**
 * Runs each face of a picture, which is changed in place, through the processors of its sources. Each processor sees
 * what the one before it wrote.
 * @throws INTERNAL for a set of sources that has no chain; whatever a processor throws
 */
export async function processFaces(
  chains: ProcessorChains,
  faces: readonly FaceToProcess[],
  picture: Picture,
  time: FrameTime,
  timer: StageTimer = UNTIMED,
): Promise<FrameTally> {
  let changed = false;
  const reasons = new Set<UnchangedReason>();
  for (const face of faces) {
    for (const processor of chainOf(chains, face)) {
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
      timer.enter('convert');
      pixels.writeBack();
    }
  }
  timer.enter('process');
  if (faces.length === 0) reasons.add('no-face');
  return { changed, reasons };
}

function chainOf(chains: ProcessorChains, { sourceSet = 0 }: FaceToProcess): readonly FaceProcessor[] {
  const chain = chains[sourceSet];
  if (!chain) throw new AppError('INTERNAL', `Expected one of ${chains.length} source sets, received ${sourceSet}.`);
  return chain;
}

const isEmpty = ({ x0, y0, x1, y1 }: Region): boolean => x1 <= x0 || y1 <= y0;
