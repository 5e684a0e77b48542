/** A photo of one person for runs that take paths. */
import sharp from 'sharp';
import type { ClipFolder } from './clips.ts';
import { cropAround, type FaceLibrary } from './face-library.ts';

/** Writes the surroundings of a bench face to a PNG, so that the run cannot choose another face of the photo. */
export async function writeSourcePhoto(library: FaceLibrary, name: string, folder: ClipFolder): Promise<string> {
  const { image } = cropAround(await library.face(name));
  const path = folder.path('source.png');
  await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}
