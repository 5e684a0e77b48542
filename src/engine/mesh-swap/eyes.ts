/**
 * Eyes: gaze, lids and catch-lights stay the target's; the colour of the iris and the brightness of the socket become
 * the source's. Colour is measured as iris over white, so that the light cancels out.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from '../faces/face.ts';
import { clamp, DARK_OFFSET, smoothstep } from './curves.ts';
import { CHEEKS, EYE_OPENINGS } from './vertex-sets.ts';

type Rgb = readonly [number, number, number];

interface EyeVertices {
  readonly lids: readonly number[];
  readonly upper: number;
  readonly lower: number;
  /** Centre of the iris; the four ring points follow it. */
  readonly iris: number;
}

const EYES: readonly EyeVertices[] = [
  { lids: EYE_OPENINGS[0], upper: 159, lower: 145, iris: 468 },
  { lids: EYE_OPENINGS[1], upper: 386, lower: 374, iris: 473 },
];

/** Below this opening, relative to the iris' diameter, an eye counts as closed. */
const CLOSED = 0.12;
/** How much of the source's iris colour is taken over. */
const IRIS_STRENGTH = 0.85;
const SOCKET_STRENGTH = 0.5;
/** Share of a new frame in the moving average of the target's measures. */
const AVERAGE = 0.15;

/** `Math.hypot` takes ten times as long, which the pixels of an eye feel. */
const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);
const luma = (c: Rgb): number => (c[0] + 2 * c[1] + c[2]) / 4;
const lumaAt = (data: Uint8Array, p: number): number => (data[p] + 2 * data[p + 1] + data[p + 2]) / 4;
const mapRgb = (f: (channel: 0 | 1 | 2) => number): Rgb => [f(0), f(1), f(2)];

interface LidSpan {
  readonly x0: number;
  readonly x1: number;
  readonly top: Float32Array;
  readonly bottom: Float32Array;
}

/** The lid polygon as one span of rows for each column; an eye is convex enough for that at any angle. */
function lidSpan(mesh: FaceMesh, lids: readonly number[]): LidSpan {
  let x0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  for (const k of lids) {
    x0 = Math.min(x0, mesh[k * 3]);
    x1 = Math.max(x1, mesh[k * 3]);
  }
  x0 = Math.floor(x0);
  x1 = Math.ceil(x1);
  const top = new Float32Array(x1 - x0 + 1).fill(1e6);
  const bottom = new Float32Array(x1 - x0 + 1).fill(-1e6);
  for (let i = 0; i < lids.length; i++) {
    let a = lids[i] * 3;
    let b = lids[(i + 1) % lids.length] * 3;
    if (mesh[a] > mesh[b]) [a, b] = [b, a];
    const slope = (mesh[b + 1] - mesh[a + 1]) / (mesh[b] - mesh[a] + 1e-6);
    for (let x = Math.ceil(mesh[a]); x <= mesh[b]; x++) {
      const y = mesh[a + 1] + (x - mesh[a]) * slope;
      if (y < top[x - x0]) top[x - x0] = y;
      if (y > bottom[x - x0]) bottom[x - x0] = y;
    }
  }
  return { x0, x1, top, bottom };
}

interface Iris {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Radius: half the distance of opposite ring points, the larger of both, since lids cover one pair. */
function irisOf(mesh: FaceMesh, eye: EyeVertices): Iris {
  const half = (k: number): number => {
    const a = (eye.iris + k) * 3;
    const b = (eye.iris + k + 2) * 3;
    return length(mesh[a] - mesh[b], mesh[a + 1] - mesh[b + 1]) / 2;
  };
  return { x: mesh[eye.iris * 3], y: mesh[eye.iris * 3 + 1], radius: Math.max(half(1), half(2)) };
}

interface EyeMeasure {
  /** 0 unusable .. 1 */
  readonly quality: number;
  /** Lid opening over the iris' diameter. */
  readonly opening: number;
  readonly iris: Rgb;
  readonly white: Rgb | undefined;
}

/** Mean colour of the pixels between two quantiles of luma. `pixels` must be sorted by luma. */
function quantileMean(data: Uint8Array, pixels: readonly number[], from: number, to: number): Rgb {
  const start = Math.floor(pixels.length * from);
  const end = Math.max(start + 1, Math.floor(pixels.length * to));
  return mapRgb((c) => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += data[pixels[i] + c];
    return sum / (end - start);
  });
}

function measureEye(image: RgbImage, mesh: FaceMesh, eye: EyeVertices): EyeMeasure {
  const { data, width, height } = image;
  const { x: cx, y: cy, radius } = irisOf(mesh, eye);
  const u = eye.upper * 3;
  const l = eye.lower * 3;
  const opening = length(mesh[u] - mesh[l], mesh[u + 1] - mesh[l + 1]) / (2 * radius + 1e-6);
  const irisPixels: number[] = [];
  const whitePixels: number[] = [];
  const margin = Math.max(0.5, 0.12 * radius);
  const step = Math.max(1, Math.round(radius / 7));
  const span = lidSpan(mesh, eye.lids);
  for (let x = Math.max(0, span.x0); x <= Math.min(width - 1, span.x1); x += step) {
    const bottom = Math.min(height - 1, span.bottom[x - span.x0] - margin);
    for (let y = Math.max(0, Math.ceil(span.top[x - span.x0] + margin)); y <= bottom; y += step) {
      const d = ((x - cx) ** 2 + (y - cy) ** 2) / (radius * radius);
      // The pupil (inside .42 r) and the limbus (.9 to 1.12 r) are neither iris nor white.
      if (d < 0.18 || (d > 0.81 && d < 1.25)) continue;
      (d < 1 ? irisPixels : whitePixels).push((y * width + x) * 3);
    }
  }
  if (irisPixels.length < 8) return { quality: 0, opening, iris: [0, 0, 0], white: undefined };
  const byLuma = (a: number, b: number): number => lumaAt(data, a) - lumaAt(data, b);
  irisPixels.sort(byLuma);
  whitePixels.sort(byLuma);
  const iris = quantileMean(data, irisPixels, 0.25, 0.75);
  const white = whitePixels.length >= 6 ? quantileMean(data, whitePixels, 0.6, 0.95) : undefined;
  const contrast = white ? smoothstep(1.08, 1.4, (luma(white) + DARK_OFFSET) / (luma(iris) + DARK_OFFSET)) : 0;
  return { quality: smoothstep(2.5, 5.5, radius) * smoothstep(0.3, 0.6, opening) * contrast, opening, iris, white };
}

function skinColour(image: RgbImage, mesh: FaceMesh): Rgb {
  return mapRgb((c) => {
    let sum = 0;
    for (const v of CHEEKS) {
      const x = clamp(Math.round(mesh[v * 3]), 0, image.width - 1);
      const y = clamp(Math.round(mesh[v * 3 + 1]), 0, image.height - 1);
      sum += image.data[(y * image.width + x) * 3 + c];
    }
    return sum / CHEEKS.length;
  });
}

/** Log of iris over white a channel. The white's luma is at least half the skin's: a small white is noisy. */
function irisRatio(iris: Rgb, white: Rgb, skin: Rgb): Rgb {
  const floor = Math.max(luma(white), 0.5 * luma(skin)) / luma(white);
  return mapRgb((c) => Math.log((iris[c] + DARK_OFFSET) / (white[c] * floor + DARK_OFFSET)));
}

const whiteness = (white: Rgb, skin: Rgb): number => Math.log((luma(white) + DARK_OFFSET) / (luma(skin) + DARK_OFFSET));

export interface SourceEyes {
  /** Log of iris over white, RGB. */
  readonly ratio: Rgb;
  /** Log of the white's luma over the skin's. */
  readonly white: number;
  readonly quality: number;
}

/** Eye colour of the source person, `undefined` where no photo shows it. */
export function sourceEyes(
  photos: readonly { readonly image: RgbImage; readonly mesh: FaceMesh }[],
): SourceEyes | undefined {
  const ratios: Rgb[] = [];
  const sum = [0, 0, 0];
  let white = 0;
  let quality = 0;
  for (const { image, mesh } of photos) {
    const skin = skinColour(image, mesh);
    for (const eye of EYES) {
      const m = measureEye(image, mesh, eye);
      if (!m.quality || !m.white) continue;
      const ratio = irisRatio(m.iris, m.white, skin);
      ratios.push(ratio);
      for (let c = 0; c < 3; c++) sum[c] += m.quality * ratio[c];
      white += m.quality * whiteness(m.white, skin);
      quality += m.quality;
    }
  }
  if (quality === 0) return undefined;
  // Two eyes of different colour mean coloured light or a mistake, seldom a person.
  const chroma = (r: Rgb): [number, number] => [r[0] - r[1], r[2] - r[1]];
  const apart =
    ratios.length > 1
      ? Math.hypot(chroma(ratios[0])[0] - chroma(ratios[1])[0], chroma(ratios[0])[1] - chroma(ratios[1])[1])
      : 0;
  return {
    ratio: mapRgb((c) => sum[c] / quality),
    white: white / quality,
    quality: Math.min(1, quality) * smoothstep(0.9, 0.3, apart),
  };
}

interface TargetEye {
  ratio: Rgb;
  white: number;
  irisLuma: number;
  quality: number;
}

/** Recolours the eyes of one target face; keeps a moving average a track. */
export class EyeRecolour implements Stateful {
  readonly #source: SourceEyes | undefined;
  #state: (TargetEye | undefined)[] = [undefined, undefined];

  constructor(source: SourceEyes | undefined) {
    this.#source = source;
  }

  /**
   * @param target the frame before the swap, measured
   * @param mesh   of the target frame
   * @param out    the swapped frame, changed in place
   * @param moved  the mesh in `out`, after the shape warp
   */
  apply(target: RgbImage, mesh: FaceMesh, out: RgbImage, moved: FaceMesh): void {
    if (!this.#source) return;
    const skin = skinColour(target, mesh);
    EYES.forEach((eye, k) => {
      const m = measureEye(target, mesh, eye);
      if (m.quality > 0.15 && m.white) this.#average(k, m, m.white, skin);
      const state = this.#state[k];
      if (state && m.opening >= CLOSED) this.#paint(eye, state, out, moved);
    });
  }

  save(): readonly (TargetEye | undefined)[] {
    return structuredClone(this.#state);
  }

  restore(state: unknown): void {
    this.#state = structuredClone(state as (TargetEye | undefined)[]);
  }

  #average(k: number, m: EyeMeasure, white: Rgb, skin: Rgb): void {
    const ratio = irisRatio(m.iris, white, skin);
    const w = whiteness(white, skin);
    const old = this.#state[k];
    if (!old) {
      this.#state[k] = { ratio, white: w, irisLuma: luma(m.iris), quality: m.quality };
      return;
    }
    const f = AVERAGE * m.quality;
    old.ratio = mapRgb((c) => old.ratio[c] + f * (ratio[c] - old.ratio[c]));
    old.white += f * (w - old.white);
    old.irisLuma += f * (luma(m.iris) - old.irisLuma);
    old.quality += f * (m.quality - old.quality);
  }

  #paint(eye: EyeVertices, state: TargetEye, out: RgbImage, mesh: FaceMesh): void {
    const source = this.#source!;
    const amount = IRIS_STRENGTH * source.quality * state.quality;
    const difference = mapRgb((c) => source.ratio[c] - state.ratio[c]);
    const brighter = clamp(luma(difference), -0.45, 0.45);
    const gain = mapRgb((c) => Math.exp(amount * (brighter + clamp(difference[c] - luma(difference), -0.6, 0.6))) - 1);
    const socket = Math.exp(state.quality * clamp(SOCKET_STRENGTH * (source.white - state.white), -0.12, 0.2)) - 1;
    const { x: cx, y: cy, radius } = irisOf(mesh, eye);
    const soft = Math.max(0.7, 0.14 * radius);
    const span = lidSpan(mesh, eye.lids);
    const { data, width, height } = out;
    for (let x = Math.max(0, span.x0); x <= Math.min(width - 1, span.x1); x++) {
      const top = span.top[x - span.x0];
      const bottom = span.bottom[x - span.x0];
      const end = Math.min(height - 1, Math.ceil(bottom + soft));
      for (let y = Math.max(0, Math.floor(top - soft)); y <= end; y++) {
        const lid = smoothstep(-soft * 0.5, soft, Math.min(y - top, bottom - y));
        if (lid <= 0) continue;
        const p = (y * width + x) * 3;
        const d = length(x - cx, y - cy) / radius;
        // A catch-light is far brighter than the iris and stays as it is.
        const dull = 1 - smoothstep(1.7, 2.6, lumaAt(data, p) / (state.irisLuma + 12));
        const inIris = d < 1.08 ? lid * smoothstep(1.08, 0.86, d) * dull : 0;
        const socketGain = 1 + socket * lid * (1 - 0.5 * inIris) * (d > 1 ? 1 : dull);
        for (let c = 0; c < 3; c++) {
          const value = (data[p + c] + DARK_OFFSET) * (1 + gain[c] * inIris) * socketGain - DARK_OFFSET + 0.5;
          data[p + c] = value < 0 ? 0 : value > 255 ? 255 : value;
        }
      }
    }
  }
}
