/** Whether the border of the swapped face shows. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../../engine/faces/face.ts';
import { faceWidth } from '../../engine/mesh-swap/geometry.ts';
import { FACE_OVAL } from '../../engine/mesh-swap/vertex-sets.ts';
import { lumaOf } from './luma.ts';
import { assertSameSize } from './same-size.ts';

/** Half the width of the band around the oval, in face widths. */
const BAND = 0.03;

/**
 * Gradient energy in a band around the face oval, result over target: above 1 there are new edges on the border, below 1
 * it is smoother than the target's. 1 where both are flat.
 * @param mesh the target's face
 * @throws INPUT_UNSUPPORTED when the sizes differ
 */
export function seam(target: RgbImage, result: RgbImage, mesh: FaceMesh): number {
  assertSameSize(target, result);
  const band = ovalBand(mesh, target.width, target.height);
  const wanted = gradientEnergy(lumaOf(target), target.width, band);
  const got = gradientEnergy(lumaOf(result), target.width, band);
  if (wanted === 0) return got === 0 ? 1 : Number.MAX_VALUE;
  return got / wanted;
}

/** Indexes of the pixels near the oval; the outermost pixels of the picture have no gradient and stay out. */
function ovalBand(mesh: FaceMesh, width: number, height: number): ReadonlySet<number> {
  const radius = BAND * faceWidth(mesh);
  const band = new Set<number>();
  FACE_OVAL.forEach((vertex, i) => {
    const a = vertex * 3;
    const b = FACE_OVAL[(i + 1) % FACE_OVAL.length] * 3;
    const length = Math.hypot(mesh[b] - mesh[a], mesh[b + 1] - mesh[a + 1]);
    for (let step = 0; step < length; step++) {
      const t = step / length;
      const x = mesh[a] + (mesh[b] - mesh[a]) * t;
      const y = mesh[a + 1] + (mesh[b + 1] - mesh[a + 1]) * t;
      addSquare(band, x, y, radius, width, height);
    }
  });
  return band;
}

function addSquare(band: Set<number>, x: number, y: number, radius: number, width: number, height: number): void {
  const right = Math.min(width - 2, Math.floor(x + radius));
  const bottom = Math.min(height - 2, Math.floor(y + radius));
  for (let row = Math.max(1, Math.ceil(y - radius)); row <= bottom; row++) {
    for (let column = Math.max(1, Math.ceil(x - radius)); column <= right; column++) band.add(row * width + column);
  }
}

function gradientEnergy(luma: Float32Array, width: number, band: ReadonlySet<number>): number {
  let sum = 0;
  for (const i of band) sum += Math.hypot(luma[i + 1] - luma[i - 1], luma[i + width] - luma[i - width]);
  return sum;
}
