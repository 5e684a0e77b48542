/** Draws a face anew with its vertices moved: each triangle takes the pixels that it had before. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from '../mesh-swap/rig.ts';
import { FACE_OVAL, LEFT_TEMPLE, LIPS_INNER, RIGHT_TEMPLE } from '../mesh-swap/vertex-sets.ts';
import { sampleRgb } from './sample.ts';

/** The surroundings follow the border of the face up to a ring this much larger, which stays. */
const RING = 1.35;
/** Below this a triangle has stayed where it was, in pixels. */
const STILL = 0.01;

/** Triangles between the border of the face and a ring around it, whose vertices follow those of the surface. */
const RING_TRIANGLES: readonly number[] = FACE_OVAL.flatMap((vertex, k) => {
  const next = (k + 1) % FACE_OVAL.length;
  const [outer, outerNext] = [SURFACE_VERTEX_COUNT + k, SURFACE_VERTEX_COUNT + next];
  return [vertex, FACE_OVAL[next], outer, FACE_OVAL[next], outerNext, outer];
});

/** The surface with its ring; x, y, z each. */
function withRing(mesh: FaceMesh, ringOf: FaceMesh): Float32Array {
  const all = new Float32Array((SURFACE_VERTEX_COUNT + FACE_OVAL.length) * 3);
  all.set(mesh.subarray(0, SURFACE_VERTEX_COUNT * 3));
  const [a, b] = [LEFT_TEMPLE * 3, RIGHT_TEMPLE * 3];
  FACE_OVAL.forEach((vertex, k) => {
    for (let axis = 0; axis < 3; axis++) {
      const centre = (ringOf[a + axis] + ringOf[b + axis]) / 2;
      const value = ringOf[vertex * 3 + axis];
      all[(SURFACE_VERTEX_COUNT + k) * 3 + axis] = axis === 2 ? value : centre + RING * (value - centre);
    }
  });
  return all;
}

/** How far around the face pixels may change, in face widths. */
export const REDRAW_MARGIN = 0.4;

/** The mesh's own triangles leave the mouth open: these close it, with their outer side where the others have theirs. */
function mouthTriangles({ triangles }: FaceRig): readonly number[] {
  const half = LIPS_INNER.length / 2;
  const lower = LIPS_INNER.slice(0, half + 1);
  const upper = [LIPS_INNER[0], ...LIPS_INNER.slice(half + 1).reverse(), LIPS_INNER[half]];
  const strip = lower
    .slice(1)
    .flatMap((vertex, k) => [
      ...(k > 0 ? [lower[k], vertex, upper[k]] : []),
      ...(k < half - 1 ? [vertex, upper[k + 1], upper[k]] : []),
    ]);
  // A neighbour goes along the edge that both share the other way round.
  const [a, b] = [lower[1], lower[2]];
  const isTaken = triangles.some((vertex, t) => vertex === a && triangles[t % 3 === 2 ? t - 2 : t + 1] === b);
  return isTaken ? strip.reverse() : strip;
}

export class FaceRedraw {
  readonly #triangles: Uint16Array;

  constructor(rig: FaceRig) {
    this.#triangles = Uint16Array.from([...RING_TRIANGLES, ...rig.triangles, ...mouthTriangles(rig)]);
  }

  /** @param out equal to `before` where nothing has changed; written where triangles have moved */
  draw(before: RgbImage, out: RgbImage, mesh: FaceMesh, moved: FaceMesh): void {
    const from = withRing(mesh, mesh);
    const to = withRing(moved, mesh);
    const triangles = this.#triangles;
    const depth = (t: number): number =>
      to[triangles[t] * 3 + 2] + to[triangles[t + 1] * 3 + 2] + to[triangles[t + 2] * 3 + 2];
    const order = Array.from({ length: triangles.length / 3 }, (_, k) => k * 3).sort((s, t) => depth(t) - depth(s));
    const facing = facingOf(from, triangles);
    for (const t of order) {
      drawTriangle(before, out, from, to, triangles[t] * 3, triangles[t + 1] * 3, triangles[t + 2] * 3, facing);
    }
  }
}

/** Sign of the area of triangles that show their outer side. */
function facingOf(points: Float32Array, triangles: Uint16Array): number {
  let area = 0;
  for (let t = RING_TRIANGLES.length; t < triangles.length; t += 3) {
    area += areaOf(points, triangles[t] * 3, triangles[t + 1] * 3, triangles[t + 2] * 3);
  }
  return Math.sign(area);
}

const areaOf = (p: Float32Array, a: number, b: number, c: number): number =>
  (p[b] - p[a]) * (p[c + 1] - p[a + 1]) - (p[c] - p[a]) * (p[b + 1] - p[a + 1]);

const rgb = new Float64Array(3);

function drawTriangle(
  before: RgbImage,
  out: RgbImage,
  from: Float32Array,
  to: Float32Array,
  a: number,
  b: number,
  c: number,
  facing: number,
): void {
  const area = areaOf(to, a, b, c);
  // What shows its inner side now lies behind something else; the ring has none.
  if (Math.abs(area) < 1e-6 || (a < SURFACE_VERTEX_COUNT * 3 && area * facing < 0)) return;
  const moved = (k: number): boolean => Math.abs(to[k] - from[k]) > STILL || Math.abs(to[k + 1] - from[k + 1]) > STILL;
  const isStill = !moved(a) && !moved(b) && !moved(c);
  const { width, height, data } = out;
  const [ax, ay, bx, by, cx, cy] = [to[a], to[a + 1], to[b], to[b + 1], to[c], to[c + 1]];
  const y1 = Math.min(height - 1, Math.floor(Math.max(ay, by, cy)));
  const x1 = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx)));
  for (let y = Math.max(0, Math.ceil(Math.min(ay, by, cy))); y <= y1; y++) {
    for (let x = Math.max(0, Math.ceil(Math.min(ax, bx, cx))); x <= x1; x++) {
      const w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
      const w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
      if (w1 < -1e-6 || w2 < -1e-6 || w1 + w2 > 1 + 1e-6) continue;
      const o = (y * width + x) * 3;
      if (isStill) {
        // What lies in front and has not moved hides what has.
        for (let k = 0; k < 3; k++) data[o + k] = before.data[o + k];
        continue;
      }
      const w0 = 1 - w1 - w2;
      const u = w0 * from[a] + w1 * from[b] + w2 * from[c];
      const v = w0 * from[a + 1] + w1 * from[b + 1] + w2 * from[c + 1];
      sampleRgb(before, u, v, rgb);
      for (let k = 0; k < 3; k++) data[o + k] = rgb[k] + 0.5;
    }
  }
}
