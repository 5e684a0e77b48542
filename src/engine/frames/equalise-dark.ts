/** Brings out a picture that is nearly black, as landmarkers of FaceFusion are shown it. */
import type { RgbImage } from '../../core/image.ts';

/** Mean lightness, 0..255, below which a picture is brought out. */
const DARK = 30;
const TILES = 8;
const CLIP_LIMIT = 2;
const LEVELS = 256;

/** D65, and the primaries of sRGB without its curve undone: OpenCV's `COLOR_RGB2Lab` for bytes works on linear light. */
const WHITE = [0.950456, 1, 1.088754] as const;
const TO_XYZ = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
] as const;
const FROM_XYZ = [
  [3.240479, -1.53715, -0.498535],
  [-0.969256, 1.875991, 0.041556],
  [0.055648, -0.204043, 1.057311],
] as const;

/**
 * Where the mean of L* (CIELAB, scaled to bytes) is below 30: contrast-limited adaptive histogram equalisation of L*
 * with 8 x 8 tiles and a limit of 2; else the picture as it is. FaceFusion reads its B, G, R as R, G, B here, and so
 * does this.
 * @param image edges that 8 divides; not changed
 * @returns the picture given, or one owned by the caller
 * @see Zuiderveld, "Contrast Limited Adaptive Histogram Equalization", Graphics Gems IV, 1994, as OpenCV does it
 */
export function equaliseDark(image: RgbImage): RgbImage {
  const { data, width, height } = image;
  const count = width * height;
  const lab = new Uint8Array(count * 3);
  let sum = 0;
  for (let at = 0; at < count * 3; at += 3) {
    toLab(data[at + 2]!, data[at + 1]!, data[at]!, lab, at);
    sum += lab[at]!;
  }
  if (sum / count >= DARK) return image;
  const lightness = Uint8Array.from({ length: count }, (_, at) => lab[at * 3]!);
  const equalised = equaliseAdaptively(lightness, width, height);
  const out = new Uint8Array(count * 3);
  for (let at = 0; at < count; at++) {
    const [first, second, third] = fromLab(equalised[at]!, lab[at * 3 + 1]!, lab[at * 3 + 2]!);
    out[at * 3] = third;
    out[at * 3 + 1] = second;
    out[at * 3 + 2] = first;
  }
  return { data: out, width, height };
}

/**
 * Equalises bytes tile by tile, with histograms cut at a limit, and mixes the curves of the four nearest tiles.
 * @returns owned by the caller
 */
export function equaliseAdaptively(values: Uint8Array, width: number, height: number): Uint8Array {
  const [tileWidth, tileHeight] = [width / TILES, height / TILES];
  const curves: Uint8Array[] = [];
  for (let row = 0; row < TILES; row++) {
    for (let column = 0; column < TILES; column++) {
      const histogram = new Int32Array(LEVELS);
      for (let y = row * tileHeight; y < (row + 1) * tileHeight; y++) {
        for (let x = column * tileWidth; x < (column + 1) * tileWidth; x++) histogram[values[y * width + x]!]!++;
      }
      curves.push(curveOf(histogram, tileWidth * tileHeight));
    }
  }
  const nearest = (position: number, size: number) => {
    const place = position / size - 0.5;
    const low = Math.floor(place);
    return { low: Math.max(0, low), high: Math.min(TILES - 1, low + 1), part: place - low };
  };
  const out = new Uint8Array(values.length);
  for (let y = 0, at = 0; y < height; y++) {
    const row = nearest(y, tileHeight);
    for (let x = 0; x < width; x++, at++) {
      const column = nearest(x, tileWidth);
      const value = values[at]!;
      const of = (r: number, c: number): number => curves[r * TILES + c]![value]!;
      const above = of(row.low, column.low) * (1 - column.part) + of(row.low, column.high) * column.part;
      const below = of(row.high, column.low) * (1 - column.part) + of(row.high, column.high) * column.part;
      out[at] = Math.round(above * (1 - row.part) + below * row.part);
    }
  }
  return out;
}

/** The curve of one tile. What is cut off above the limit is spread over all levels. @param histogram changed */
function curveOf(histogram: Int32Array, count: number): Uint8Array {
  const limit = Math.max(1, Math.trunc((CLIP_LIMIT * count) / LEVELS));
  let cut = 0;
  for (let level = 0; level < LEVELS; level++) {
    if (histogram[level]! <= limit) continue;
    cut += histogram[level]! - limit;
    histogram[level] = limit;
  }
  const share = Math.trunc(cut / LEVELS);
  let rest = cut - share * LEVELS;
  for (let level = 0; level < LEVELS; level++) histogram[level]! += share;
  const step = Math.max(1, Math.trunc(LEVELS / Math.max(1, rest)));
  for (let level = 0; level < LEVELS && rest > 0; level += step, rest--) histogram[level]!++;
  const curve = new Uint8Array(LEVELS);
  let sum = 0;
  for (let level = 0; level < LEVELS; level++) {
    sum += histogram[level]!;
    curve[level] = Math.min(255, Math.round((sum * 255) / count));
  }
  return curve;
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const curved = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
const LINEAR = Float64Array.from({ length: LEVELS }, (_, value) => linear(value / 255));

const toByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** CIELAB in bytes: L* * 2.55, a* + 128, b* + 128. */
function toLab(red: number, green: number, blue: number, out: Uint8Array, at: number): void {
  const light = [LINEAR[red]!, LINEAR[green]!, LINEAR[blue]!] as const;
  const [x, y, z] = TO_XYZ.map(
    ([r, g, b], axis) => (r * light[0] + g * light[1] + b * light[2]) / WHITE[axis]!,
  ) as unknown as readonly [number, number, number];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  out[at] = toByte((y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y) * 2.55);
  out[at + 1] = toByte(500 * (f(x) - f(y)) + 128);
  out[at + 2] = toByte(200 * (f(y) - f(z)) + 128);
}

function fromLab(lightness: number, a: number, b: number): readonly [number, number, number] {
  const level = lightness / 2.55;
  const y = level <= 8 ? level / 903.3 : ((level + 16) / 116) ** 3;
  const fy = level <= 8 ? 7.787 * y + 16 / 116 : (level + 16) / 116;
  const back = (f: number): number => (f <= 0.206893 ? (f - 16 / 116) / 7.787 : f ** 3);
  const xyz = [back(fy + (a - 128) / 500) * WHITE[0], y, back(fy - (b - 128) / 200) * WHITE[2]] as const;
  return FROM_XYZ.map((row) =>
    toByte(curved(Math.max(0, row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2])) * 255),
  ) as unknown as readonly [number, number, number];
}
