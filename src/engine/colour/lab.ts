/**
 * CIE L*a*b* of sRGB under D65, as OpenCV works it out.
 * @see IEC 61966-2-1 (sRGB); CIE 15 (L*a*b*)
 */

/** Light of an sRGB value, by its byte. */
const LIGHT_OF_BYTE = Float64Array.from({ length: 256 }, (_, byte) => toLight(byte / 255));
/** White of D65, as OpenCV has it. */
const [WHITE_X, WHITE_Z] = [0.950456, 1.088754];
/** Where the cube root gives way to a line. */
const [LINE_END, LINE_SLOPE, LINE_OFFSET] = [0.008856, 7.787, 16 / 116];

function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

const fromLight = (light: number): number => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);

const bend = (value: number): number => (value > LINE_END ? Math.cbrt(value) : LINE_SLOPE * value + LINE_OFFSET);

function unbend(value: number): number {
  const cube = value * value * value;
  return cube > LINE_END ? cube : (value - LINE_OFFSET) / LINE_SLOPE;
}

/** L*, 0..100, of three sRGB bytes. */
export function lightnessOf(red: number, green: number, blue: number): number {
  const luminance = 0.212671 * LIGHT_OF_BYTE[red]! + 0.71516 * LIGHT_OF_BYTE[green]! + 0.072169 * LIGHT_OF_BYTE[blue]!;
  return lightnessOfLuminance(luminance);
}

const lightnessOfLuminance = (luminance: number): number =>
  luminance > LINE_END ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;

/** Writes a* and b*, about -128..127, of an sRGB colour of 0..255, which need not be whole. */
export function chromaOf(red: number, green: number, blue: number, out: Float64Array): void {
  const r = toLight(red / 255);
  const g = toLight(green / 255);
  const b = toLight(blue / 255);
  const x = bend((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE_X);
  const y = bend(0.212671 * r + 0.71516 * g + 0.072169 * b);
  const z = bend((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE_Z);
  out[0] = 500 * (x - y);
  out[1] = 200 * (y - z);
}

/** Writes the sRGB bytes, rounded and cut to their range, of L*, a* and b* at `at` of `out`. */
export function labToRgb(lightness: number, a: number, b: number, out: Uint8Array, at: number): void {
  const isDark = lightness <= LINE_END * 903.3;
  const y = isDark ? lightness / 903.3 : ((lightness + 16) / 116) ** 3;
  const bentY = isDark ? LINE_SLOPE * y + LINE_OFFSET : (lightness + 16) / 116;
  const x = unbend(bentY + a / 500) * WHITE_X;
  const z = unbend(bentY - b / 200) * WHITE_Z;
  out[at] = toByte(3.240479 * x - 1.53715 * y - 0.498535 * z);
  out[at + 1] = toByte(-0.969256 * x + 1.875991 * y + 0.041556 * z);
  out[at + 2] = toByte(0.055648 * x - 0.204043 * y + 1.057311 * z);
}

/** Steps of a table of bytes: fine enough that no byte is missed by more than one in a thousand. */
const STEPS = 16_384;
const BYTE_OF_LIGHT = Uint8Array.from({ length: STEPS + 1 }, (_, step) => Math.round(fromLight(step / STEPS) * 255));

const toByte = (light: number): number =>
  light <= 0
    ? 0
    : light >= 1
      ? 255
      : light < 0.02
        ? Math.round(fromLight(light) * 255)
        : BYTE_OF_LIGHT[Math.round(light * STEPS)]!;
