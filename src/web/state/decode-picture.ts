/**
 * Fetches and decodes a picture before it is shown: until then the stage would be blank, or show the one before under the
 * new one's name.
 * @returns an element to be shown as it is; as long as it is held, it is drawn at once
 * @throws EncodingError of what is no picture
 */
export async function decodePicture(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.alt = '';
  image.draggable = false;
  // Drawn with the label that belongs to it, not some time later.
  image.decoding = 'sync';
  image.src = url;
  await image.decode();
  return image;
}
