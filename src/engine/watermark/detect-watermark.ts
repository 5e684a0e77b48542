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
/** From here on it is looked at closer: one unmarked picture in thirty reaches it. */
const WORTH_A_CLOSER_LOOK = 5;
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

  const look = (luma: ArrayLike<number>, size: PlaneSize, { cells, offset }: Grid): Look =>
    readFolded(fold(toCanonical(luma, size, cells, offset)), key, pilot, transform);

  return {
    detect(luma, size) {
      const seen: { readonly grid: Grid; readonly confidence: number }[] = [];
      for (const offset of OFFSETS) {
        for (const scale of SCALES) {
          const grid = { cells: canonicalSize(size, scale), offset };
          const { confidence, reading } = look(luma, size, grid);
          if (reading) return reading;
          if (confidence > WORTH_A_CLOSER_LOOK) seen.push({ grid, confidence });
        }
      }
      // The pilot is there, and too blurred for its message: the cells lie a little differently.
      seen.sort((a, b) => b.confidence - a.confidence);
      for (let { grid, confidence } of seen.slice(0, PLACES)) {
        for (const moves of MOVES) {
          const { grid: from } = { grid };
          for (const move of moves) {
            const moved = move(from);
            const next = look(luma, size, moved);
            if (next.reading) return next.reading;
            if (next.confidence > confidence) [grid, confidence] = [moved, next.confidence];
          }
        }
      }
      return undefined;
    },
  };
}

/** How the cells of a mark may lie in a picture. */
interface Grid {
  /** Cells across and down, not rounded. */
  readonly cells: PlaneSize;
  /** Where the first one begins, in cells. */
  readonly offset: { readonly x: number; readonly y: number };
}

interface Look {
  /** Of the best place, in standard deviations of chance. */
  readonly confidence: number;
  readonly reading?: WatermarkReading;
}

const shift =
  (dx: number, dy: number) =>
  ({ cells, offset }: Grid): Grid => ({ cells, offset: { x: wrap(offset.x + dx), y: wrap(offset.y + dy) } });
const wrap = (value: number): number => value - Math.floor(value);
const stretch =
  (dx: number, dy: number) =>
  ({ cells, offset }: Grid): Grid => ({
    cells: { width: cells.width * (1 + dx), height: cells.height * (1 + dy) },
    offset,
  });
const around = <T>(step: number, move: (dx: number, dy: number) => T): readonly T[] =>
  [-1, 0, 1].flatMap((y) => [-1, 0, 1].flatMap((x) => (x || y ? [move(x * step, y * step)] : [])));
/** One after the other, each from the best grid so far: shares of a cell, and of the size. */
const MOVES = [around(0.25, shift), around(0.003, stretch), around(0.12, shift)] as const;

/** Where the first cell may begin, in cells. */
const OFFSETS = [
  { x: 0, y: 0 },
  // A border that was cut off need not be whole cells: half of one hides the mark.
  { x: 0.5, y: 0.5 },
  { x: 0.5, y: 0 },
  { x: 0, y: 0.5 },
] as const;

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

function readFolded(folded: Float64Array, key: TileKey, pilot: Spectrum, transform: Transform): Look {
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
  const top = highest / deviation;
  if (!(top > LEAST_CONFIDENCE)) return { confidence: top || 0 };
  const best = Array.from(re.keys())
    .sort((a, b) => re[b]! - re[a]!)
    .slice(0, PLACES);
  for (const place of best) {
    const confidence = re[place]! / deviation;
    if (!(confidence > LEAST_CONFIDENCE)) break;
    const [dx, dy] = [place % TILE, Math.floor(place / TILE)];
    const soft = new Float64Array(CODED_BITS);
    for (let cell = 0; cell < CELLS; cell++) {
      const role = key.roles[cell]!;
      if (role < 0) continue;
      const [x, y] = [((cell % TILE) + dx) % TILE, (Math.floor(cell / TILE) + dy) % TILE];
      soft[role]! += key.signs[cell]! * folded[y * TILE + x]!;
    }
    const payload = fromMessage(decodeBits(soft, MESSAGE_BITS), key.secret);
    if (payload) return { confidence, reading: { payload, confidence } };
  }
  return { confidence: top };
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
