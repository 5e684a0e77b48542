/** Works on a picture tile by tile, for models that enlarge and take one size only. */

import type { RgbImage } from '../../core/image.ts';
import { reflect } from '../frames/gaussian.ts';

export interface TileLayout {
  /** Edge of a tile in pixels. */
  readonly size: number;
  /** Border around the picture. */
  readonly pad: number;
  /** Pixels at each side of a tile whose result is thrown away. */
  readonly overlap: number;
  /** Factor by which a tile grows. */
  readonly scale: number;
  /** What lies in the border: black, as published models have it, or the picture mirrored. */
  readonly border: 'black' | 'mirror';
}

/**
 * Cuts tiles, has each enlarged and puts their middles together. Beside the results, one tile is in memory at a time.
 * @param enlarge takes a tile of `size` squared, lent; gives its `size * scale` squared result, or undefined to give up
 * @returns the picture, `scale` times as large, owned by the caller; undefined where a tile failed
 * @see FaceFusion's `create_tile_frames` and `merge_tile_frames`
 */
export async function enlargeByTiles(
  image: RgbImage,
  layout: TileLayout,
  enlarge: (tile: RgbImage) => Promise<RgbImage | undefined>,
): Promise<RgbImage | undefined> {
  const { size, pad, overlap, scale } = layout;
  const step = size - 2 * overlap;
  // Tiles begin `pad + overlap` before the picture; the first `pad` of what they give lies outside of it, too.
  const [width, height] = [image.width * scale, image.height * scale];
  const out = new Uint8Array(width * height * 3);
  const tile: RgbImage = { data: new Uint8Array(size * size * 3), width: size, height: size };
  for (let top = -pad; top < image.height; top += step) {
    for (let left = -pad; left < image.width; left += step) {
      cut(image, left - overlap, top - overlap, tile, layout.border);
      const large = await enlarge(tile);
      if (!large) return undefined;
      place(large, { data: out, width, height }, left * scale, top * scale, overlap * scale, step * scale);
    }
  }
  return { data: out, width, height };
}

function cut(image: RgbImage, left: number, top: number, tile: RgbImage, border: TileLayout['border']): void {
  const { data, width, height } = image;
  if (border === 'black') tile.data.fill(0);
  for (let y = 0; y < tile.height; y++) {
    const row = border === 'mirror' ? reflect(top + y, height) : top + y;
    if (row < 0 || row >= height) continue;
    for (let x = 0; x < tile.width; x++) {
      const column = border === 'mirror' ? reflect(left + x, width) : left + x;
      if (column < 0 || column >= width) continue;
      const from = (row * width + column) * 3;
      const to = (y * tile.width + x) * 3;
      tile.data[to] = data[from]!;
      tile.data[to + 1] = data[from + 1]!;
      tile.data[to + 2] = data[from + 2]!;
    }
  }
}

/** Copies the middle of a tile's result to where it belongs. */
function place(large: RgbImage, out: RgbImage, left: number, top: number, skip: number, count: number): void {
  const x0 = Math.max(0, left);
  const x1 = Math.min(out.width, left + count);
  if (x1 <= x0) return;
  for (let y = Math.max(0, top); y < Math.min(out.height, top + count); y++) {
    const from = ((y - top + skip) * large.width + (x0 - left + skip)) * 3;
    out.data.set(large.data.subarray(from, from + (x1 - x0) * 3), (y * out.width + x0) * 3);
  }
}
