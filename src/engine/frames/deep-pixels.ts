/**
 * Faces in frames of more than 8 bits. Processors work on 8-bit RGB as a screen shows it; what they change goes back as a
 * difference, so that everything else keeps its numbers, and light above the white of that screen keeps its strength.
 */
import { fillProxy } from '../../core/deep-frame.ts';
import { HDR_CURVES, type HdrCurve } from '../../core/hdr-curves.ts';
import type { I420Frame, Region } from '../../core/image.ts';
import { yuvCoefficients } from './yuv-coefficients.ts';

/** Code values of 10 bits. */
const CODES = 1024;
const LARGEST_CODE = CODES - 1;
/** Fractional bits of the coefficients, as a factor. */
const ONE = 65536;

/** Steps of the table that turns light into 8 bits. Their square roots are even, as the dark needs finer steps. */
const LIGHT_STEPS = 4096;

/** Between RGB of BT.2020 and BT.709, linear light; ITU-R BT.2087. */
const TO_709 = [1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187] as const;
const TO_2020 = [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956] as const;

/** How samples become 8-bit RGB and back. */
interface Display {
  /** Writes three 8-bit values for non-linear RGB, 0..1023. */
  show(red: number, green: number, blue: number, out: Uint8Array, at: number): void;
  /** Writes the non-linear RGB, 0..1023 and fractions, that looks like three 8-bit values. */
  unshow(data: Uint8Array, at: number, out: Float64Array): void;
}

const clampCode = (value: number): number => (value < 0 ? 0 : value > LARGEST_CODE ? LARGEST_CODE : value);

/** Standard range: the numbers are what a screen shows. */
const SDR: Display = {
  show(red, green, blue, out, at) {
    out[at] = Math.round((red * 255) / LARGEST_CODE);
    out[at + 1] = Math.round((green * 255) / LARGEST_CODE);
    out[at + 2] = Math.round((blue * 255) / LARGEST_CODE);
  },
  unshow(data, at, out) {
    for (let channel = 0; channel < 3; channel++) out[channel] = (data[at + channel]! * LARGEST_CODE) / 255;
  },
};

/** HDR: channel by channel through light, the primaries of standard screens, and the tone curve. */
function hdrDisplay({ peak, toLight, toSignal, toDisplay, fromDisplay }: HdrCurve): Display {
  const lightOf = Float64Array.from({ length: CODES }, (_, code) => toLight(code / LARGEST_CODE));
  const shownOf = Uint8Array.from({ length: LIGHT_STEPS + 1 }, (_, step) =>
    Math.round(255 * toDisplay(peak * (step / LIGHT_STEPS) ** 2)),
  );
  const lightOfShown = Float64Array.from({ length: 256 }, (_, value) => fromDisplay(value / 255));
  const shown = (light: number): number =>
    shownOf[Math.round(LIGHT_STEPS * Math.sqrt(Math.min(1, Math.max(0, light) / peak)))]!;
  const [a, b, c, d, e, f, g, h, i] = TO_709;
  const [k, l, m, n, o, p, q, r, s] = TO_2020;
  return {
    show(red, green, blue, out, at) {
      const x = lightOf[Math.round(red)]!;
      const y = lightOf[Math.round(green)]!;
      const z = lightOf[Math.round(blue)]!;
      out[at] = shown(a * x + b * y + c * z);
      out[at + 1] = shown(d * x + e * y + f * z);
      out[at + 2] = shown(g * x + h * y + i * z);
    },
    unshow(data, at, out) {
      const x = lightOfShown[data[at]!]!;
      const y = lightOfShown[data[at + 1]!]!;
      const z = lightOfShown[data[at + 2]!]!;
      out[0] = LARGEST_CODE * toSignal(k * x + l * y + m * z);
      out[1] = LARGEST_CODE * toSignal(n * x + o * y + p * z);
      out[2] = LARGEST_CODE * toSignal(q * x + r * y + s * z);
    },
  };
}

const DISPLAYS = { sdr: SDR, pq: hdrDisplay(HDR_CURVES.pq), hlg: hdrDisplay(HDR_CURVES.hlg) } as const;

/** A frame with its deep samples. */
export type DeepFrame = I420Frame & { readonly deep: Uint16Array };

const isWhole = (frame: DeepFrame): number => frame.width * frame.height;

/**
 * Converts a region to 8-bit RGB as a screen shows it.
 * @param region even coordinates, inside the frame
 * @param out    interleaved, of the region's size
 */
export function showDeep(frame: DeepFrame, region: Region, out: Uint8Array): void {
  const { deep, width, colour } = frame;
  const display = DISPLAYS[colour.hdr ?? 'sdr'];
  const { lumaOffset, lumaScale, redFromV, greenFromU, greenFromV, blueFromU } = yuvCoefficients(colour);
  const count = isWhole(frame);
  const half = width / 2;
  let at = 0;
  for (let y = region.y0; y < region.y1; y++) {
    const chromaRow = count + (y >> 1) * half;
    for (let x = region.x0; x < region.x1; x++, at += 3) {
      const luma = ((deep[y * width + x]! - lumaOffset * 4) * lumaScale) / ONE;
      const u = deep[chromaRow + (x >> 1)]! - 512;
      const v = deep[chromaRow + count / 4 + (x >> 1)]! - 512;
      // 8-bit codes times 4 span 0..1020; white is 1020 there and 1023 of full range: one third of a step of 8 bits.
      const red = clampCode(luma + (redFromV * v) / ONE);
      const green = clampCode(luma + (greenFromU * u + greenFromV * v) / ONE);
      const blue = clampCode(luma + (blueFromU * u) / ONE);
      display.show(red, green, blue, out, at);
    }
  }
}

/**
 * Puts what was changed back into the deep samples and into the 8-bit proxy. Where `after` equals `before`, nothing is
 * touched; chroma of a 2x2 block takes the mean of its four differences.
 * @param before what `showDeep` gave for the region
 * @param after  the same, with a face changed
 */
export function changeDeep(frame: DeepFrame, region: Region, before: Uint8Array, after: Uint8Array): void {
  const { deep, width, colour } = frame;
  const display = DISPLAYS[colour.hdr ?? 'sdr'];
  const k = yuvCoefficients(colour);
  const count = isWhole(frame);
  const half = width / 2;
  const rowBytes = (region.x1 - region.x0) * 3;
  const [was, is] = [new Float64Array(3), new Float64Array(3)];
  for (let y = region.y0; y < region.y1; y += 2) {
    for (let x = region.x0; x < region.x1; x += 2) {
      let du = 0;
      let dv = 0;
      let isChanged = false;
      for (let corner = 0; corner < 4; corner++) {
        const [px, py] = [x + (corner & 1), y + (corner >> 1)];
        const at = (py - region.y0) * rowBytes + (px - region.x0) * 3;
        if (before[at] === after[at] && before[at + 1] === after[at + 1] && before[at + 2] === after[at + 2]) continue;
        isChanged = true;
        display.unshow(before, at, was);
        display.unshow(after, at, is);
        const [red, green, blue] = [is[0]! - was[0]!, is[1]! - was[1]!, is[2]! - was[2]!];
        const place = py * width + px;
        const luma = (k.yFromRed * red + k.yFromGreen * green + k.yFromBlue * blue) / ONE;
        deep[place] = clampCode(Math.round(deep[place]! + luma));
        du += (k.uFromRed * red + k.uFromGreen * green + k.uFromBlue * blue) / ONE / 4;
        dv += (k.vFromRed * red + k.vFromGreen * green + k.vFromBlue * blue) / ONE / 4;
      }
      if (!isChanged) continue;
      const u = count + (y >> 1) * half + (x >> 1);
      const v = u + count / 4;
      deep[u] = clampCode(Math.round(deep[u]! + du));
      deep[v] = clampCode(Math.round(deep[v]! + dv));
    }
  }
  fillProxy(frame, region);
}
