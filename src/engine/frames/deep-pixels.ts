/**
 * Faces in frames of more than 8 bits. Processors work on 8-bit RGB as a screen shows it; what they change goes back as a
 * difference, so that everything else keeps its numbers, and light above the white of that screen keeps its strength.
 */
import { fillProxy } from '../../core/deep-frame.ts';
import { HDR_CURVES, type HdrCurve } from '../../core/hdr-curves.ts';
import type { HdrTransfer, I420Frame, Region } from '../../core/image.ts';
import { yuvCoefficients } from './yuv-coefficients.ts';

/** Code values of 10 bits. */
const CODES = 1024;
const LARGEST_CODE = CODES - 1;
/** RGB of white: coefficients for 8 bits are used on numbers four times as large. Full range reaches 3 more. */
const WHITE = 4 * 255;
/** Fractional bits of the coefficients, as a factor. */
const ONE = 65536;

/** Steps of the tables that are looked up by light, whose roots are evenly spaced: the dark needs finer steps. */
const SHOWN_STEPS = 4096;
const CODE_STEPS = 16384;

/** Between RGB of BT.2020 and BT.709, linear light; ITU-R BT.2087. */
const TO_709 = [1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187] as const;
const TO_2020 = [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956] as const;

/** A frame with its deep samples. */
export type DeepFrame = I420Frame & { readonly deep: Uint16Array };

/** Between RGB samples of HDR and what a standard screen is sent, through light and the primaries of that screen. */
class HdrDisplay {
  readonly #lightOfCode: Float64Array;
  readonly #shownOfLight: Uint8Array;
  readonly #lightOfShown: Float64Array;
  readonly #codeOfLight: Float32Array;
  readonly #shownScale: number;
  readonly #codeScale: number;

  constructor({ peak, toLight, toSignal, toDisplay, fromDisplay }: HdrCurve) {
    this.#lightOfCode = Float64Array.from({ length: CODES }, (_, code) => toLight(Math.min(1, code / WHITE)));
    this.#shownOfLight = Uint8Array.from({ length: SHOWN_STEPS + 1 }, (_, step) =>
      Math.round(255 * toDisplay(peak * (step / SHOWN_STEPS) ** 2)),
    );
    this.#lightOfShown = Float64Array.from({ length: 256 }, (_, value) => fromDisplay(value / 255));
    this.#codeOfLight = Float32Array.from(
      { length: CODE_STEPS + 1 },
      (_, step) => WHITE * toSignal(peak * (step / CODE_STEPS) ** 4),
    );
    this.#shownScale = SHOWN_STEPS / Math.sqrt(peak);
    this.#codeScale = CODE_STEPS / Math.sqrt(Math.sqrt(peak));
  }

  /** Writes three 8-bit values for RGB samples. */
  show(red: number, green: number, blue: number, out: Uint8Array, at: number): void {
    const light = this.#lightOfCode;
    const [x, y, z] = [light[red]!, light[green]!, light[blue]!];
    const m = TO_709;
    out[at] = this.#shown(m[0] * x + m[1] * y + m[2] * z);
    out[at + 1] = this.#shown(m[3] * x + m[4] * y + m[5] * z);
    out[at + 2] = this.#shown(m[6] * x + m[7] * y + m[8] * z);
  }

  #shown(light: number): number {
    return light <= 0 ? 0 : this.#shownOfLight[Math.min(SHOWN_STEPS, (Math.sqrt(light) * this.#shownScale + 0.5) | 0)]!;
  }

  /** Adds the RGB samples that look like three 8-bit values, times `sign`, to `sum`. */
  addCodes(data: Uint8Array, at: number, sign: number, sum: Float64Array): void {
    const light = this.#lightOfShown;
    const x = light[data[at]!]!;
    const y = light[data[at + 1]!]!;
    const z = light[data[at + 2]!]!;
    const m = TO_2020;
    sum[0]! += sign * this.#code(m[0] * x + m[1] * y + m[2] * z);
    sum[1]! += sign * this.#code(m[3] * x + m[4] * y + m[5] * z);
    sum[2]! += sign * this.#code(m[6] * x + m[7] * y + m[8] * z);
  }

  #code(light: number): number {
    return this.#codeOfLight[Math.min(CODE_STEPS, (Math.sqrt(Math.sqrt(light)) * this.#codeScale + 0.5) | 0)]!;
  }
}

const displays = new Map<HdrTransfer, HdrDisplay>();

function displayOf(hdr: HdrTransfer): HdrDisplay {
  let display = displays.get(hdr);
  if (!display) {
    display = new HdrDisplay(HDR_CURVES[hdr]);
    displays.set(hdr, display);
  }
  return display;
}

const clampCode = (value: number): number => (value < 0 ? 0 : value > LARGEST_CODE ? LARGEST_CODE : value);

/**
 * Converts a region of an HDR frame to 8-bit RGB as a standard screen shows it. (In standard range `data` is that.)
 * @param region even coordinates, inside the frame
 * @param out    interleaved, of the region's size
 */
export function showHdr(frame: DeepFrame, hdr: HdrTransfer, region: Region, out: Uint8Array): void {
  const { deep, width, height, colour } = frame;
  const display = displayOf(hdr);
  const { lumaOffset, lumaScale, redFromV, greenFromU, greenFromV, blueFromU } = yuvCoefficients(colour);
  const count = width * height;
  let at = 0;
  for (let y = region.y0; y < region.y1; y++) {
    const chroma = count + ((y >> 1) * width) / 2;
    for (let x = region.x0; x < region.x1; x++, at += 3) {
      // Half a code more, as the fractions are cut off.
      const luma = ((deep[y * width + x]! - lumaOffset * 4) * lumaScale) / ONE + 0.5;
      const u = deep[chroma + (x >> 1)]! - CODES / 2;
      const v = deep[chroma + count / 4 + (x >> 1)]! - CODES / 2;
      const red = clampCode(luma + (redFromV * v) / ONE) | 0;
      const green = clampCode(luma + (greenFromU * u + greenFromV * v) / ONE) | 0;
      const blue = clampCode(luma + (blueFromU * u) / ONE) | 0;
      display.show(red, green, blue, out, at);
    }
  }
}

/**
 * Puts what was changed back into the deep samples and into `data`. Where `after` equals `before`, nothing is touched;
 * chroma of a 2x2 block takes the mean of its four differences.
 * @param before what the region looked like, interleaved RGB of its size
 * @param after  the same, with a face changed
 */
export function changeDeep(frame: DeepFrame, region: Region, before: Uint8Array, after: Uint8Array): void {
  const { deep, width, height, colour } = frame;
  const display = colour.hdr && displayOf(colour.hdr);
  const { yFromRed, yFromGreen, yFromBlue, uFromRed, uFromGreen, uFromBlue, vFromRed, vFromGreen, vFromBlue } =
    yuvCoefficients(colour);
  const count = width * height;
  const rowBytes = (region.x1 - region.x0) * 3;
  const change = new Float64Array(3);
  for (let y = region.y0; y < region.y1; y += 2) {
    for (let x = region.x0; x < region.x1; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let isChanged = false;
      for (let corner = 0; corner < 4; corner++) {
        const px = x + (corner & 1);
        const py = y + (corner >> 1);
        const at = (py - region.y0) * rowBytes + (px - region.x0) * 3;
        if (before[at] === after[at] && before[at + 1] === after[at + 1] && before[at + 2] === after[at + 2]) continue;
        isChanged = true;
        if (display) {
          change.fill(0);
          display.addCodes(after, at, 1, change);
          display.addCodes(before, at, -1, change);
        } else {
          for (let c = 0; c < 3; c++) change[c] = (after[at + c]! - before[at + c]!) * 4;
        }
        const [r, g, b] = [change[0]!, change[1]!, change[2]!];
        const place = py * width + px;
        deep[place] = clampCode(Math.round(deep[place]! + (yFromRed * r + yFromGreen * g + yFromBlue * b) / ONE));
        red += r / 4;
        green += g / 4;
        blue += b / 4;
      }
      if (!isChanged) continue;
      const u = count + ((y >> 1) * width) / 2 + (x >> 1);
      const v = u + count / 4;
      deep[u] = clampCode(Math.round(deep[u]! + (uFromRed * red + uFromGreen * green + uFromBlue * blue) / ONE));
      deep[v] = clampCode(Math.round(deep[v]! + (vFromRed * red + vFromGreen * green + vFromBlue * blue) / ONE));
    }
  }
  fillProxy(frame, region);
}
