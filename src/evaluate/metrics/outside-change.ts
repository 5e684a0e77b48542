/** Whether a run touched what it had no business with. */
import type { Region, RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../../engine/faces/face.ts';
import { faceWidth, meshRegion } from '../../engine/mesh-swap/geometry.ts';
import { assertSameSize } from './same-size.ts';

/** The frame may be warped this far around the bounds of the face, in face widths. */
const WARPED_MARGIN = 0.36;
/** Pixels more: the mesh found again on the target is never quite the run's, and chroma covers two pixels. */
const SLACK_PIXELS = 6;

export interface OutsideChange {
  /** Pixels that differ in any channel, and of how many. */
  readonly changed: number;
  readonly total: number;
  /** Largest difference of a channel, 0..255. */
  readonly largest: number;
  /** Mean absolute difference over all channels and pixels outside. */
  readonly mean: number;
}

/** Where a swap of this face may change pixels: the bounds of the mask and of the warp around it. */
export function changeableRegion(mesh: FaceMesh, { width, height }: RgbImage): Region {
  return meshRegion(mesh, WARPED_MARGIN * faceWidth(mesh) + SLACK_PIXELS, width, height);
}

/**
 * Counts differing pixels outside of every face's mask and warped margin.
 * @param meshes all faces that were swapped
 * @throws INPUT_UNSUPPORTED when the sizes differ
 */
export function outsideChange(target: RgbImage, result: RgbImage, meshes: readonly FaceMesh[]): OutsideChange {
  assertSameSize(target, result);
  const { width, height } = target;
  const inside = new Uint8Array(width * height);
  for (const mesh of meshes) {
    const { x0, y0, x1, y1 } = changeableRegion(mesh, target);
    for (let y = y0; y < y1; y++) inside.fill(1, y * width + x0, y * width + x1);
  }
  let changed = 0;
  let total = 0;
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < inside.length; i++) {
    if (inside[i]) continue;
    total++;
    let most = 0;
    for (let p = i * 3; p < i * 3 + 3; p++) {
      const difference = Math.abs(target.data[p] - result.data[p]);
      sum += difference;
      if (difference > most) most = difference;
    }
    if (most > 0) changed++;
    if (most > largest) largest = most;
  }
  return { changed, total, largest, mean: total === 0 ? 0 : sum / (total * 3) };
}
