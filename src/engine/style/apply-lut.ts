/** Sends every pixel through a table of colours. */
import type { RgbImage } from '../../core/image.ts';
import type { CubeLut } from './cube-lut.ts';

/** Gives new pixels of the same size. */
export type Look = (picture: RgbImage) => RgbImage;

/** Colours between entries are interpolated, in a cube tetrahedron by tetrahedron: greys stay grey. */
export function createLutLook(lut: CubeLut): Look {
  const places = [0, 1, 2].map((channel) => placesOf(lut, channel));
  const fill = lut.dimensions === 1 ? separate(lut, places) : tetrahedral(lut, places);
  return ({ data, width, height }) => {
    const out = new Uint8Array(data.length);
    fill(data, out);
    return { data: out, width, height };
  };
}

type Fill = (data: Uint8Array, out: Uint8Array) => void;

/** For each byte, between which entries of an axis it lies. */
interface Places {
  readonly low: Int32Array;
  readonly part: Float64Array;
}

function placesOf({ size, low, high }: CubeLut, channel: number): Places {
  const places = { low: new Int32Array(256), part: new Float64Array(256) };
  const [from, to] = [low[channel]!, high[channel]!];
  for (let byte = 0; byte < 256; byte++) {
    const position = Math.min(1, Math.max(0, (byte / 255 - from) / (to - from))) * (size - 1);
    places.low[byte] = Math.min(size - 2, Math.floor(position));
    places.part[byte] = position - places.low[byte]!;
  }
  return places;
}

const toByte = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5);

function separate({ values }: CubeLut, places: readonly Places[]): Fill {
  const tables = places.map(({ low, part }, channel) =>
    Uint8Array.from({ length: 256 }, (_, byte) => {
      const at = low[byte]! * 3 + channel;
      return toByte(values[at]! + (values[at + 3]! - values[at]!) * part[byte]!);
    }),
  );
  const [red, green, blue] = tables as [Uint8Array, Uint8Array, Uint8Array];
  return (data, out) => {
    for (let at = 0; at < data.length; at += 3) {
      out[at] = red[data[at]!]!;
      out[at + 1] = green[data[at + 1]!]!;
      out[at + 2] = blue[data[at + 2]!]!;
    }
  };
}

/** @see Kasson, Nin, Plouffe, Hafner, "Performing color space conversions with three-dimensional linear interpolation", 1995 */
function tetrahedral({ size, values }: CubeLut, places: readonly Places[]): Fill {
  const [reds, greens, blues] = places as [Places, Places, Places];
  const [dr, dg, db] = [3, 3 * size, 3 * size * size];
  return (data, out) => {
    for (let at = 0; at < data.length; at += 3) {
      const red = data[at]!;
      const green = data[at + 1]!;
      const blue = data[at + 2]!;
      const r = reds.part[red]!;
      const g = greens.part[green]!;
      const b = blues.part[blue]!;
      const base = reds.low[red]! * dr + greens.low[green]! * dg + blues.low[blue]! * db;
      // From the dark corner to the light one along the axes: that of the largest part first, that of the smallest last.
      const x = r > g ? (r > b ? r : b) : g > b ? g : b;
      const z = r < g ? (r < b ? r : b) : g < b ? g : b;
      const y = r + g + b - x - z;
      const far = base + dr + dg + db;
      const one = base + (x === r ? dr : x === g ? dg : db);
      const two = far - (z === b ? db : z === g ? dg : dr);
      for (let channel = 0; channel < 3; channel++) {
        const value =
          values[base + channel]! * (1 - x) +
          values[one + channel]! * (x - y) +
          values[two + channel]! * (y - z) +
          values[far + channel]! * z;
        out[at + channel] = value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5;
      }
    }
  };
}
