import sharp from 'sharp';
import type { RgbImage } from '../core/image.ts';

/**
 * Resizes a finished picture with Lanczos filters.
 * @returns owned by the caller
 */
export async function resizeImage<T extends RgbImage & { readonly alpha?: Uint8Array | undefined }>(
  picture: T,
  width: number,
  height: number,
): Promise<RgbImage & { readonly alpha?: Uint8Array | undefined }> {
  const resize = async (data: Uint8Array, channels: 1 | 3): Promise<Uint8Array> =>
    sharp(data, { raw: { width: picture.width, height: picture.height, channels }, limitInputPixels: false })
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      // Without it one channel comes out as three.
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  return {
    ...{ data: await resize(picture.data, 3), width, height },
    ...(picture.alpha ? { alpha: await resize(picture.alpha, 1) } : {}),
  };
}
