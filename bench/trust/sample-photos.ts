/** Pictures of the sample photos: parts of them, some mirrored, some smaller. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { RgbImage } from '../../src/core/image.ts';

const PHOTOS = 6;
/** Shares of width and height at which a part begins; each is 60 % of the photo. */
const PARTS = [
  [0, 0],
  [0.4, 0],
  [0, 0.4],
  [0.4, 0.4],
] as const;
const PART = 0.6;
/** Pixels of the longer side. */
const SIZES = [1280, 800] as const;

/** 48 pictures. Owned by the caller. */
export async function samplePhotos(): Promise<RgbImage[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  const pictures: RgbImage[] = [];
  for (let photo = 1; photo <= PHOTOS; photo++) {
    const path = join(folder, 'demo', `sample${photo}.jpg`);
    const { width, height } = await sharp(path).metadata();
    for (const [x, y] of PARTS) {
      const part = {
        ...{ left: Math.round(x * width), top: Math.round(y * height) },
        ...{ width: Math.floor(PART * width), height: Math.floor(PART * height) },
      };
      for (const [at, size] of SIZES.entries()) {
        const cut = sharp(path)
          .extract(part)
          .flop(at === 1)
          .resize(size, size, { fit: 'inside' });
        const { data, info } = await cut
          .removeAlpha()
          .toColourspace('srgb')
          .raw()
          .toBuffer({ resolveWithObject: true });
        pictures.push({ data: new Uint8Array(data), width: info.width, height: info.height });
      }
    }
  }
  return pictures;
}
