import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';

/** A face and the name of its file, without the ending. */
export interface NamedCrop {
  readonly name: string;
  readonly image: RgbImage;
}

/**
 * Writes crops as PNG files into a folder, which is made if it does not exist.
 * @returns their paths, in order
 * @throws OUTPUT_FAILED
 */
export async function writeCrops(folder: string, crops: readonly NamedCrop[]): Promise<string[]> {
  const { default: sharp } = await import('sharp');
  try {
    await mkdir(folder, { recursive: true });
    const paths: string[] = [];
    for (const { name, image } of crops) {
      const { data, width, height } = image;
      const path = join(folder, `${name}.png`);
      await sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(path);
      paths.push(path);
    }
    return paths;
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `The crops could not be written into ${JSON.stringify(folder)}.`, {
      hint: 'Choose another folder with --crops.',
      cause,
    });
  }
}
