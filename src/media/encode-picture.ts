/** Pictures for people to look at: small, quick to make, without metadata. */
import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../core/image.ts';
import { readImage } from './read-image.ts';
import type { ImageFormat } from './sniff.ts';

/** Above it a difference is not seen beside the original; chroma stays whole so that edges of colour do, too. */
const QUALITY = 90;

const toJpeg = (picture: Sharp): Promise<Buffer> =>
  picture.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4', mozjpeg: false }).toBuffer();

/** @returns a JPEG */
export const encodePicture = ({ data, width, height }: RgbImage): Promise<Buffer> =>
  toJpeg(sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false }));

/**
 * A photo, upright, in sRGB, transparent parts white.
 * @param format as `sniffMedia` tells it
 * @param width  of the picture in pixels, smaller than the photo's; left out: as it is
 * @returns a JPEG
 * @throws what `readImage` throws, and what sharp throws for a damaged photo
 */
export async function encodePhoto(path: string, format: ImageFormat, width?: number): Promise<Buffer> {
  const picture = format === 'bmp' ? await openBitmap(path) : sharp(path, { failOn: 'error', limitInputPixels: false });
  const upright = picture.autoOrient();
  const sized = width === undefined ? upright : upright.resize({ width, withoutEnlargement: true });
  return toJpeg(sized.flatten({ background: '#ffffff' }).toColourspace('srgb'));
}

async function openBitmap(path: string): Promise<Sharp> {
  const { image } = await readImage(path);
  const { data, width, height } = image;
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}
