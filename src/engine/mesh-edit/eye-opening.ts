/** What shows between the lids: the eyeball, over which lids slide and in which the iris turns. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { clamp, smoothstep } from '../mesh-swap/curves.ts';
import { EYE_OPENINGS } from '../mesh-swap/vertex-sets.ts';
import type { HeadFrame } from './head-frame.ts';
import { depthIn, outlineOf, spanOf } from './outline.ts';
import { sampleRgb } from './sample.ts';

const IRIS_CENTRES = [468, 473] as const;
/** The white stretches from here to there, in radii of the iris. */
const RIGID_RADII = 1.1;
const STILL_RADII = 2.7;

const rgb = new Float64Array(3);

interface Iris {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Radius: half the distance of opposite points of the rim, the larger of both, since lids cover one pair. */
export function irisOf(mesh: FaceMesh, side: 0 | 1): Iris {
  const centre = IRIS_CENTRES[side];
  const half = (k: number): number => {
    const a = (centre + k) * 3;
    const b = (centre + k + 2) * 3;
    return Math.hypot(mesh[a] - mesh[b], mesh[a + 1] - mesh[b + 1]) / 2;
  };
  return { x: mesh[centre * 3], y: mesh[centre * 3 + 1], radius: Math.max(half(1), half(2)) };
}

/**
 * Draws the eyeball between lids that have moved.
 * @param gaze how far the iris goes, in its radii: right, down
 */
export function drawEye(
  before: RgbImage,
  out: RgbImage,
  mesh: FaceMesh,
  moved: FaceMesh,
  frame: HeadFrame,
  side: 0 | 1,
  gaze: readonly [number, number],
): void {
  const ring = EYE_OPENINGS[side];
  const outline = outlineOf(moved, ring);
  // Each eye's ring begins at its outer corner.
  const turns = side === 0 ? 1 : -1;
  const was = spanOf(mesh, ring, turns);
  const is = spanOf(moved, ring, turns);
  const iris = irisOf(mesh, side);
  const shiftX = iris.radius * (gaze[0] * frame.right[0] + gaze[1] * frame.down[0]);
  const shiftY = iris.radius * (gaze[0] * frame.right[1] + gaze[1] * frame.down[1]);
  const { width, height, data } = out;
  const margin = Math.max(0.5, 0.1 * iris.radius);
  for (let y = Math.max(0, outline.y0 - 1); y <= Math.min(height - 1, outline.y1 + 1); y++) {
    for (let x = Math.max(0, outline.x0 - 1); x <= Math.min(width - 1, outline.x1 + 1); x++) {
      const t = is.along(x, y);
      // Lids that touch show nothing between them.
      const alpha = clamp(depthIn(outline, x, y) + 0.5, 0, 1) * clamp(is.lowerAt(t) - is.upperAt(t), 0, 1);
      if (alpha === 0) continue;
      const distance = Math.hypot(x - iris.x - shiftX, y - iris.y - shiftY) / iris.radius;
      const turn = smoothstep(STILL_RADII, RIGID_RADII, distance);
      let u = x - shiftX * turn;
      let v = y - shiftY * turn;
      // Under lids that are wider open than they were, what they had covered is drawn from what was next to it.
      const [upper, lower] = [was.upperAt(t) - is.upperAt(t), is.lowerAt(t) - was.lowerAt(t)];
      const middle = (is.upperAt(t) + is.lowerAt(t)) / 2;
      const h = is.across(x, y);
      const half = (is.lowerAt(t) - is.upperAt(t)) / 2 + 1e-6;
      const bend = ((h - middle) / half) ** 2;
      const pull = h < middle ? Math.max(0, upper) * bend : -Math.max(0, lower) * bend;
      const from = was.along(u, v);
      const low = was.upperAt(from) + margin;
      const high = was.lowerAt(from) - margin;
      const wanted = was.across(u, v) + pull;
      const kept = low > high ? (low + high) / 2 : clamp(wanted, low, high);
      if (kept !== was.across(u, v)) [u, v] = [was.toX(from, kept), was.toY(from, kept)];
      sampleRgb(before, u, v, rgb);
      const o = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) data[o + k] += alpha * (rgb[k] - data[o + k]) + (alpha < 1 ? 0 : 0.5);
    }
  }
}
