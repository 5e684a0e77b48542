/** Masks of the parts of a face: by a model that tells them, or read off the dense mesh. */

import type { FaceMaskRegion } from '../../core/face-options.ts';
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { gaussianBlur } from '../frames/gaussian.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { type PixelFormat, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore } from '../inference/session.ts';
import { BROWS, EYE_OPENINGS, LIPS_INNER, LIPS_OUTER, NOSE } from '../mesh-swap/vertex-sets.ts';
import type { FaceMaskerFacts } from '../models/catalogue/face-maskers.ts';
import { faceOutline } from './face-outline.ts';
import { convexHull, fillPolygon } from './polygon.ts';
import { sharpenMask } from './sharpen-mask.ts';

/** Class of each part in CelebAMask-HQ. */
const REGION_CLASSES: Readonly<Record<FaceMaskRegion, number>> = {
  skin: 1,
  'left-eyebrow': 2,
  'right-eyebrow': 3,
  'left-eye': 4,
  'right-eye': 5,
  glasses: 6,
  nose: 10,
  mouth: 11,
  'upper-lip': 12,
  'lower-lip': 13,
};

/**
 * Sigma of the soft edge of what the mesh outlines, in widths of the crop. Less than what a model's masks get, in which
 * eyes and brows of a small crop vanish.
 */
const MESH_BLUR = 1 / 128;

/** ImageNet's. */
const FORMAT: PixelFormat = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/**
 * Makes masks of the parts of a crop.
 * @returns `width * height` values, 0..1, owned by the caller; not finite where the model's numbers are not
 */
export type RegionMasker = (crop: RgbImage, mesh: FaceMesh) => Promise<Float32Array>;

/** @throws what opening the model throws */
export async function openRegionMasker(
  store: ModelStore,
  model: string,
  regions: readonly FaceMaskRegion[],
): Promise<RegionMasker> {
  const chosen = new Set(regions.map((region) => REGION_CLASSES[region]));
  if (model === 'mesh') {
    return async ({ width, height }, mesh) =>
      gaussianBlur(membersOf(meshClasses(mesh, width, height), chosen), width, height, width * MESH_BLUR);
  }
  const { size } = (await store.userModel(model)).model.facts as FaceMaskerFacts;
  const session = await store.session(model);
  const output = session.outputs[0]!.name;
  return async (crop) => {
    const input = toTensor(resizeBilinear(crop, size, size), FORMAT);
    const scores = (await session.run({ input }))[output]!.data;
    const mask = membersOf(bestClasses(scores, size * size), chosen);
    if (!scores.every(Number.isFinite)) mask.fill(Number.NaN);
    const { width, height } = crop;
    return sharpenMask(resizePlane(mask, size, size, width, height), width, height);
  };
}

function membersOf(classes: Uint8Array, chosen: ReadonlySet<number>): Float32Array {
  const isChosen = Float32Array.from({ length: 256 }, (_, label) => (chosen.has(label) ? 1 : 0));
  const members = new Float32Array(classes.length);
  for (let at = 0; at < members.length; at++) members[at] = isChosen[classes[at]!]!;
  return members;
}

/** The class with the highest score, pixel by pixel; the first of equal ones. */
function bestClasses(scores: Float32Array, count: number): Uint8Array {
  const best = scores.slice(0, count);
  const classes = new Uint8Array(count);
  for (let label = 1, at = count; at < scores.length; label++) {
    for (let pixel = 0; pixel < count; pixel++, at++) {
      if (scores[at]! <= best[pixel]!) continue;
      best[pixel] = scores[at]!;
      classes[pixel] = label;
    }
  }
  return classes;
}

/** The lower lip goes along both lists from corner to corner, the upper one the other way round. */
const HALF_MOUTH = LIPS_OUTER.length / 2;
const LOWER_LIP = [...LIPS_OUTER.slice(0, HALF_MOUTH + 1), ...LIPS_INNER.slice(0, HALF_MOUTH + 1).toReversed()];
const UPPER_LIP = [
  ...[...LIPS_OUTER.slice(HALF_MOUTH), LIPS_OUTER[0]!],
  ...[...LIPS_INNER.slice(HALF_MOUTH), LIPS_INNER[0]!].toReversed(),
];

/** What lies on the skin. Left is the image's left; later ones lie over earlier ones. */
const MESH_PARTS: readonly (readonly [FaceMaskRegion, vertices: readonly number[], shape: 'hull' | 'outline'])[] = [
  ['nose', NOSE, 'hull'],
  ['left-eyebrow', BROWS[0]!, 'outline'],
  ['right-eyebrow', BROWS[1]!, 'outline'],
  ['left-eye', EYE_OPENINGS[0]!, 'outline'],
  ['right-eye', EYE_OPENINGS[1]!, 'outline'],
  ['mouth', LIPS_INNER, 'outline'],
  ['upper-lip', UPPER_LIP, 'outline'],
  ['lower-lip', LOWER_LIP, 'outline'],
];

/** What the mesh says each pixel is; it knows nothing of glasses. */
function meshClasses(mesh: FaceMesh, width: number, height: number): Uint8Array {
  const classes = new Uint8Array(width * height);
  fillPolygon(classes, width, height, convexHull(faceOutline(mesh).points), REGION_CLASSES.skin);
  for (const [region, vertices, shape] of MESH_PARTS) {
    const points = vertices.flatMap((vertex) => [mesh[vertex * 3]!, mesh[vertex * 3 + 1]!]);
    fillPolygon(classes, width, height, shape === 'hull' ? convexHull(points) : points, REGION_CLASSES[region]);
  }
  return classes;
}
