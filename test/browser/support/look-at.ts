/** What can be seen in a part of the page, as pixels. */
import type { Locator } from 'playwright-core';
import sharp from 'sharp';

/** Greyscale, a byte a pixel. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export async function lookAt(part: Locator): Promise<Look> {
  const picture = await part.screenshot({ animations: 'disabled' });
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/**
 * How much two looks differ: the median over all pixels, so that a face that was swapped and a line that was moved do
 * not count, and a picture that lies elsewhere does.
 * @param shift pixels that the second one is moved by to the right beforehand
 */
export function difference(a: Look, b: Look, shift = 0): number {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  const counts = new Uint32Array(256);
  let all = 0;
  for (let y = 0; y < height; y++) {
    for (let x = shift; x < width; x++) {
      const by = Math.abs((a.data[y * a.width + x] ?? 0) - (b.data[y * b.width + x - shift] ?? 0));
      counts[by] = (counts[by] ?? 0) + 1;
      all++;
    }
  }
  let seen = 0;
  return counts.findIndex((count) => {
    seen += count;
    return seen >= all / 2;
  });
}

/** Share of the pixels that differ clearly. */
export function changedShare(a: Look, b: Look): number {
  let changed = 0;
  for (let at = 0; at < a.data.length; at++) if (Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0)) > 24) changed++;
  return changed / a.data.length;
}
