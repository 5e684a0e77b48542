/** From frames to the values of a report. */
import type { FaceComparison, FrameComparison } from './compare-frame.ts';
import type { MeasureName } from './measures.ts';
import { psnrOfError } from './metrics/psnr.ts';
import { meanOf } from './metrics/statistics.ts';

export interface Summary {
  readonly values: ReadonlyMap<MeasureName, number>;
  readonly faces: number;
  readonly outside: { readonly changed: number; readonly total: number; readonly largest: number };
}

const FACE_MEASURES = [
  'identity',
  'identityToTarget',
  'identitySecondOpinion',
  'identityToTargetSecondOpinion',
  'expression',
  'opening',
  'seam',
] as const satisfies readonly (keyof FaceComparison & MeasureName)[];

/**
 * Means over faces and frames; PSNR of the mean error, as over one long picture.
 * @param frames   at least one
 * @param lossless whether the result's format keeps every pixel: then not one may differ outside
 */
export function summarise(frames: readonly FrameComparison[], lossless: boolean): Summary {
  const faces = frames.flatMap((frame) => frame.faces);
  const values = new Map<MeasureName, number>();
  for (const name of FACE_MEASURES) {
    const known = faces.flatMap((face) => face[name] ?? []);
    if (known.length > 0) values.set(name, meanOf(known));
  }
  values.set('psnr', psnrOfError(meanOf(frames.map((frame) => frame.meanSquaredError))));
  values.set('ssim', meanOf(frames.map((frame) => frame.ssim)));
  const changed = frames.reduce((sum, { outside }) => sum + outside.changed, 0);
  const total = frames.reduce((sum, { outside }) => sum + outside.total, 0);
  // A face that fills the picture leaves no outside to judge.
  if (total > 0 && lossless) values.set('outsideChanged', changed);
  if (total > 0 && !lossless) values.set('outsideMean', meanOf(frames.map(({ outside }) => outside.mean)));
  return {
    values,
    faces: faces.length,
    outside: { changed, total, largest: Math.max(...frames.map(({ outside }) => outside.largest)) },
  };
}
