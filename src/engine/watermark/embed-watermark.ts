/** Adds an invisible mark to the luma of a picture. */
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import { createKernels } from '../kernels/kernels.ts';
import { canonicalSize, cellEdges, type PlaneSize } from './canonical-luma.ts';
import type { WatermarkPayload } from './watermark-payload.ts';
import { createTile, createTileKey } from './watermark-tile.ts';

export interface WatermarkOptions {
  /** 32 bytes. */
  readonly secret: Buffer;
  readonly payload: WatermarkPayload;
  /** Code values that the mark adds where the picture is smooth. Default 1.6. */
  readonly strength?: number;
}

/** Marks pictures of one run, with memory of its own: 15 bytes a sample of a row, 14 a cell, and one copy of the luma. */
export interface WatermarkEmbedder {
  /** @param luma samples of 8 or, in 16-bit words, of 10 bits, rows without gaps; changed in place */
  embed(luma: Uint8Array | Uint16Array, size: PlaneSize): void;
}

const DEFAULT_STRENGTH = 1.6;
/** Activity is the mean detail within two cells. */
const RADIUS = 2;
/** Rounding each sample by a number of its own keeps what is smaller than one code value, and makes no bands. */
const DITHER_LENGTH = 4096;
/** Lines begin at different places of the dither, far apart. */
const DITHER_STEP = 977;
/** Kernels read whole vectors. */
const SPARE = 8;

export function createWatermarkEmbedder(options: WatermarkOptions): WatermarkEmbedder {
  const { secret, payload, strength = DEFAULT_STRENGTH } = options;
  const tile = Float32Array.from(createTile(createTileKey(secret), payload));
  const { memory, code } = createKernels();
  const buffer = (): KernelBuffer => memory.createBuffer();
  const [samples, canonical, means, turned, activity] = [buffer(), buffer(), buffer(), buffer(), buffer()];
  const [edges, sums, column, part, dither, lines, signs] = [
    ...[buffer(), buffer(), buffer(), buffer()],
    ...[buffer(), buffer(), buffer()],
  ] as const;
  let prepared = '';

  /** Lays out memory and tables for one size of picture. Afterwards nothing moves. */
  const prepare = (size: PlaneSize, isDeep: boolean): PlaneSize => {
    const cells = canonicalSize(size);
    const key = `${size.width} ${size.height} ${isDeep}`;
    if (key === prepared) return cells;
    const { width, height } = size;
    const count = cells.width * cells.height * 4;
    for (const one of [canonical, means, turned, activity]) one.reserve(count);
    samples.reserve(width * height * (isDeep ? 2 : 1));
    edges.reserve((cells.width + cells.height) * 2 * 4);
    sums.reserve((width + SPARE) * 4);
    column.reserve(width * 4);
    part.reserve(width * 4);
    dither.reserve((DITHER_LENGTH + width + SPARE) * 2);
    lines.reserve((width + SPARE) * 2 * 2);
    signs.reserve(tile.byteLength);

    const columns = cellEdges(width, cells.width);
    const rows = cellEdges(height, cells.height);
    const places = new Int32Array(memory.bytes, edges.pointer, (cells.width + cells.height) * 2);
    places.set([...columns.starts, ...columns.ends, ...rows.starts, ...rows.ends]);
    const cellOf = new Int32Array(memory.bytes, column.pointer, width);
    const partOf = part.floats(width);
    for (let x = 0; x < width; x++) {
      const position = Math.max(0, Math.min(cells.width - 1.001, ((x + 0.5) * cells.width) / width - 0.5));
      cellOf[x] = Math.floor(position);
      partOf[x] = position - cellOf[x]!;
    }
    fillDither(new Int16Array(memory.bytes, dither.pointer, DITHER_LENGTH + width + SPARE), isDeep ? 16 : 64);
    signs.floats(tile.length).set(tile);
    prepared = key;
    return cells;
  };

  return {
    embed(luma, size) {
      const isDeep = luma instanceof Uint16Array;
      const deep = Number(isDeep);
      const { width: columns, height: rows } = prepare(size, isDeep);
      const { width, height } = size;
      const count = columns * rows;
      const inMemory = isDeep
        ? new Uint16Array(memory.bytes, samples.pointer, width * height)
        : samples.bytes(width * height);
      inMemory.set(luma);
      code.canonicalLuma(samples.pointer, width, canonical.pointer, columns, rows, edges.pointer, sums.pointer, deep);
      means.floats(count).set(canonical.floats(count));
      code.blur(means.pointer, turned.pointer, columns, rows, 1, RADIUS, 1);
      code.absoluteDifference(canonical.pointer, means.pointer, activity.pointer, count);
      code.blur(activity.pointer, turned.pointer, columns, rows, 1, RADIUS, 1);
      const inSamples = strength * (isDeep ? 4 : 1);
      code.watermarkPattern(activity.pointer, signs.pointer, columns, rows, inSamples);
      code.addWatermark(
        ...([samples.pointer, width, height, activity.pointer, columns, rows] as const),
        ...([column.pointer, part.pointer, dither.pointer, DITHER_LENGTH - 1, DITHER_STEP] as const),
        ...([lines.pointer, deep] as const),
      );
      luma.set(inMemory);
    },
  };
}

/** Evenly spread over 0..`range`, always the same, and again from its beginning. */
function fillDither(out: Int16Array, range: number): void {
  let state = 12345;
  for (let at = 0; at < out.length; at++) {
    if (at >= DITHER_LENGTH) {
      out[at] = out[at - DITHER_LENGTH]!;
      continue;
    }
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[at] = Math.floor((state / 2 ** 32) * range);
  }
}
