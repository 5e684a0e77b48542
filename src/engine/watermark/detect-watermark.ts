/** Reads the mark of a picture, without the picture it was made from. */
import { createFft } from '../audio/fft.ts';
import { boxMean, canonicalSize, type Plane, type PlaneSize, toCanonical } from './canonical-luma.ts';
import { codedLength, decodeBits } from './convolutional-code.ts';
import { fromMessage, MESSAGE_BITS, type WatermarkPayload } from './watermark-payload.ts';
import { createTileKey, TILE, type TileKey } from './watermark-tile.ts';

export interface WatermarkReading {
  readonly payload: WatermarkPayload;
  /** How far the pilot stands out, in standard deviations of chance: above 6. */
  readonly confidence: number;
}

/** Reads pictures with one key. */
export interface WatermarkDetector {
  /** @returns undefined where no mark of this key can be read */
  detect(luma: ArrayLike<number>, size: PlaneSize): WatermarkReading | undefined;
}

/** Sizes that are tried: as it is, and cropped by up to a fifth, by either side. */
const SCALES = [1, 0.9, 0.95, 0.85, 0.8, 1.05, 1.1] as const;
/** Below, a pilot may be chance: of 4096 places, one reaches 6 in 250,000 pictures, and the tag must fit as well. */
const LEAST_CONFIDENCE = 6;
/** Places that are tried, best first. */
const PLACES = 3;
const CELLS = TILE * TILE;
const CODED_BITS = codedLength(MESSAGE_BITS);

/** @param secret 32 bytes */
export function createWatermarkDetector(secret: Buffer): WatermarkDetector {
  const key = createTileKey(secret);
  const transform = createTransform();
  const pilot = { re: new Float64Array(CELLS), im: new Float64Array(CELLS) };
  for (let cell = 0; cell < CELLS; cell++) if (key.roles[cell]! < 0) pilot.re[cell] = key.signs[cell]!;
  transform.forward(pilot.re, pilot.im);

  return {
    detect(luma, size) {
      for (const scale of SCALES) {
        const reading = readFolded(fold(toCanonical(luma, size, canonicalSize(size, scale))), key, pilot, transform);
        if (reading) return reading;
      }
      // A border that was cut off need not be whole cells: half of one hides the mark.
      for (const scale of SCALES) {
        const fine = toCanonical(luma, size, doubled(canonicalSize(size, scale)));
        for (const [dx, dy] of HALF_CELLS) {
          const reading = readFolded(fold(halved(fine, dx, dy)), key, pilot, transform);
          if (reading) return reading;
        }
      }
      return undefined;
    },
  };
}

/** Where the first cell may begin, in halves of one. */
const HALF_CELLS = [
  [1, 1],
  [1, 0],
  [0, 1],
] as const;

const doubled = ({ width, height }: PlaneSize): PlaneSize => ({ width: width * 2, height: height * 2 });

/** Means of two by two, from the first or second column and row on. */
function halved({ data, width, height }: Plane, dx: number, dy: number): Plane {
  const [columns, rows] = [(width - dx) >> 1, (height - dy) >> 1];
  const out = new Float32Array(columns * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    const above = (2 * y + dy) * width + dx;
    for (let x = 0; x < columns; x++, at++) {
      const p = above + 2 * x;
      out[at] = (data[p]! + data[p + 1]! + data[p + width]! + data[p + width + 1]!) / 4;
    }
  }
  return { data: out, width: columns, height: rows };
}

/** What the picture leaves of the mark: small detail, in units of its surroundings, all tiles on top of each other. */
function fold(plane: Plane): Float64Array {
  const { data, width, height } = plane;
  const mean = boxMean(plane, 1);
  const detail = data.map((value, at) => value - mean[at]!);
  const size = boxMean({ ...plane, data: detail.map(Math.abs) }, 3);
  const folded = new Float64Array(CELLS);
  for (let y = 0, at = 0; y < height; y++) {
    const row = (y % TILE) * TILE;
    for (let x = 0; x < width; x++, at++) {
      const value = detail[at]! / (size[at]! ** 1.5 + 0.3);
      folded[row + (x % TILE)]! += value > 2 ? 2 : value < -2 ? -2 : value;
    }
  }
  const average = folded.reduce((sum, value) => sum + value, 0) / CELLS;
  return folded.map((value) => value - average);
}

interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function readFolded(
  folded: Float64Array,
  key: TileKey,
  pilot: Spectrum,
  transform: Transform,
): WatermarkReading | undefined {
  // Correlation with the pilot at every shift, as a product of spectra.
  const re = folded.slice();
  const im = new Float64Array(CELLS);
  transform.forward(re, im);
  for (let at = 0; at < CELLS; at++) {
    const [a, b, c, d] = [re[at]!, im[at]!, pilot.re[at]!, pilot.im[at]!];
    re[at] = a * c + b * d;
    im[at] = b * c - a * d;
  }
  transform.inverse(re, im);
  let [squares, highest] = [0, 0];
  for (let at = 0; at < CELLS; at++) {
    const value = re[at]!;
    squares += value * value;
    if (value > highest) highest = value;
  }
  const deviation = Math.sqrt(squares / CELLS);
  // Most places that are tried have nothing: they are left before anything is sorted.
  if (!(highest > LEAST_CONFIDENCE * deviation)) return undefined;
  const best = Array.from(re.keys())
    .sort((a, b) => re[b]! - re[a]!)
    .slice(0, PLACES);
  for (const place of best) {
    const confidence = re[place]! / deviation;
    if (!(confidence > LEAST_CONFIDENCE)) return undefined;
    const [dx, dy] = [place % TILE, Math.floor(place / TILE)];
    const soft = new Float64Array(CODED_BITS);
    for (let cell = 0; cell < CELLS; cell++) {
      const role = key.roles[cell]!;
      if (role < 0) continue;
      const [x, y] = [((cell % TILE) + dx) % TILE, (Math.floor(cell / TILE) + dy) % TILE];
      soft[role]! += key.signs[cell]! * folded[y * TILE + x]!;
    }
    const payload = fromMessage(decodeBits(soft, MESSAGE_BITS), key.secret);
    if (payload) return { payload, confidence };
  }
  return undefined;
}

interface Transform {
  forward(re: Float64Array, im: Float64Array): void;
  inverse(re: Float64Array, im: Float64Array): void;
}

/** Of a tile, in place: along its rows, then along its columns. */
function createTransform(): Transform {
  const fft = createFft(TILE);
  const lineRe = new Float64Array(TILE);
  const lineIm = new Float64Array(TILE);
  const both = (re: Float64Array, im: Float64Array, step: 'forward' | 'inverse'): void => {
    for (const [stride, across] of [
      [1, TILE],
      [TILE, 1],
    ] as const) {
      for (let line = 0; line < TILE; line++) {
        const start = line * across;
        for (let at = 0; at < TILE; at++) {
          lineRe[at] = re[start + at * stride]!;
          lineIm[at] = im[start + at * stride]!;
        }
        fft[step](lineRe, lineIm);
        for (let at = 0; at < TILE; at++) {
          re[start + at * stride] = lineRe[at]!;
          im[start + at * stride] = lineIm[at]!;
        }
      }
    }
  };
  return { forward: (re, im) => both(re, im, 'forward'), inverse: (re, im) => both(re, im, 'inverse') };
}
