/** The few things that must change in an EXIF block before it is written again. */

const ORIENTATION_TAG = 0x0112;
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ENTRY_BYTES = 12;

/** The TIFF structure inside an EXIF block, without the `Exif\0\0` that JPEG puts in front. A view, not a copy. */
export function stripExifPrefix(exif: Buffer): Buffer {
  return exif.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX) ? exif.subarray(EXIF_PREFIX.length) : exif;
}

/**
 * A copy of an EXIF block whose orientation is 1 (upright) and whose thumbnail is unlinked: the pixels have been turned
 * already, and the thumbnail would still show the face that was replaced.
 * @returns the TIFF structure without prefix, or undefined when it is damaged
 */
export function toUprightExif(exif: Buffer): Buffer | undefined {
  const tiff = Buffer.from(stripExifPrefix(exif));
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return undefined;
  const little = order === 'II';
  const readShort = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const readLong = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));

  const directory = readLong(4);
  if (directory + 2 > tiff.length) return undefined;
  const count = readShort(directory);
  const next = directory + 2 + count * ENTRY_BYTES;
  if (next > tiff.length) return undefined;
  for (let entry = directory + 2; entry < next; entry += ENTRY_BYTES) {
    if (readShort(entry) !== ORIENTATION_TAG) continue;
    if (little) tiff.writeUInt16LE(1, entry + 8);
    else tiff.writeUInt16BE(1, entry + 8);
  }
  // The second directory describes the thumbnail.
  if (next + 4 <= tiff.length) tiff.fill(0, next, next + 4);
  return tiff;
}
