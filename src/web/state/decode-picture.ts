/**
 * Decodes a picture before it is shown: until then the stage would be blank, or show the one before under the new one's name.
 * Onto a canvas: what an `img` has decoded is held by Chromium long after the page has let go of it, some 500 MB of it.
 * @returns an element to be shown as it is, in one place
 * @throws InvalidStateError of what is no picture
 */
export async function decodePicture(picture: Blob): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(picture);
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.ariaHidden = 'true';
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}
