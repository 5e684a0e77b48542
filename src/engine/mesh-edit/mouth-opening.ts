/** What shows between the lips: what was there, hanging from the upper lip, and below it the dark of the mouth. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { clamp, smoothstep } from '../mesh-swap/curves.ts';
import { LIPS_INNER } from '../mesh-swap/vertex-sets.ts';
import { depthIn, outlineOf, spanOf } from './outline.ts';
import { sampleRgb } from './sample.ts';

/** Share of the lips' light and of its red, green and blue that is left inside a mouth. */
const INSIDE = [0.34, 0.2, 0.2] as const;
/** Light on the tongue, which lies low, over that under the upper lip. */
const TONGUE_LIGHT = 1.5;
const SHADOW_LIGHT = 0.6;
const LIP_SAMPLES = [0, 17, 37, 267, 84, 314] as const;

const rgb = new Float64Array(3);

/** Draws the inside of a mouth whose lips have moved apart. */
export function drawMouth(before: RgbImage, out: RgbImage, mesh: FaceMesh, moved: FaceMesh): void {
  const outline = outlineOf(moved, LIPS_INNER);
  const was = spanOf(mesh, LIPS_INNER);
  const is = spanOf(moved, LIPS_INNER);
  const inside = insideColour(before, mesh);
  const edge = Math.max(0.9, 0.02 * is.width);
  const { width, height, data } = out;
  for (let y = Math.max(0, outline.y0 - 2); y <= Math.min(height - 1, outline.y1 + 2); y++) {
    for (let x = Math.max(0, outline.x0 - 2); x <= Math.min(width - 1, outline.x1 + 2); x++) {
      const depth = depthIn(outline, x, y);
      const alpha = smoothstep(-edge, edge, depth);
      if (alpha === 0) continue;
      const t = is.along(x, y);
      const below = is.across(x, y) - is.upperAt(t);
      const opened = is.lowerAt(t) - is.upperAt(t);
      const gap = Math.max(0, was.lowerAt(t) - was.upperAt(t));
      const from = was.upperAt(t) + Math.min(below, gap);
      sampleRgb(before, was.toX(t, from), was.toY(t, from), rgb);
      // A narrow gap shows the line between the lips and no teeth.
      const seen = smoothstep(0.02, 0.06, gap / is.width) * smoothstep(gap, gap * 0.75, below);
      const light = SHADOW_LIGHT + (TONGUE_LIGHT - SHADOW_LIGHT) * smoothstep(0.2, 1, below / (opened + 1e-6));
      const o = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) {
        const value = rgb[k] * seen + inside[k] * light * (1 - seen);
        data[o + k] += alpha * (value - data[o + k]);
      }
    }
  }
}

/** A dark red, as bright as the light on these lips allows. */
function insideColour(image: RgbImage, mesh: FaceMesh): readonly number[] {
  const sum = [0, 0, 0];
  for (const vertex of LIP_SAMPLES) {
    sampleRgb(image, mesh[vertex * 3], mesh[vertex * 3 + 1], rgb);
    for (let k = 0; k < 3; k++) sum[k] += rgb[k] / LIP_SAMPLES.length;
  }
  return sum.map((value, k) => clamp(value * INSIDE[k], 0, 70));
}
