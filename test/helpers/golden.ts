/** Pictures that were looked at once and must stay as they are. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { ssim } from '../../src/evaluate/metrics/ssim.ts';

/**
 * Compares with a file of `test/golden` by mean error, largest error and SSIM. After a change that was meant:
 * UPDATE_GOLDEN=1, then look at the picture before it is committed.
 * @param largest the largest error of one sample that passes, 0..255: ONNX Runtime and the decoder round a little
 *   differently from processor to processor, which moves edges by hundredths of a pixel
 */
export async function expectGolden(image: RgbImage, name: string, largest = 64): Promise<void> {
  const file = fileURLToPath(new URL(`../golden/${name}.png`, import.meta.url));
  const { width, height } = image;
  const raw = { width, height, channels: 3 } as const;
  if (process.env.UPDATE_GOLDEN) {
    await writeFile(file, await sharp(Buffer.from(image.data), { raw }).png().toBuffer());
  }
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  let sum = 0;
  let worst = 0;
  for (let at = 0; at < data.length; at++) {
    const error = Math.abs(image.data[at]! - data[at]!);
    sum += error;
    worst = Math.max(worst, error);
  }
  expect(sum / data.length).toBeLessThan(0.5);
  expect(worst).toBeLessThan(largest);
  expect(ssim(image, { data, width, height })).toBeGreaterThan(0.995);
}

/** A part of a picture, cut out. */
export async function cutOut(
  image: RgbImage,
  {
    left,
    top,
    width,
    height,
  }: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Promise<RgbImage> {
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  const data = await sharp(Buffer.from(image.data), { raw }).extract({ left, top, width, height }).raw().toBuffer();
  return { data, width, height };
}
