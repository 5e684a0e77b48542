/** Names that files get on the disk of a worker. */
import { basename, extname } from 'node:path';

/** File systems take 255 bytes; `.partial`, `.chunks` and the like come behind. */
const MAX_NAME_BYTES = 180;

/**
 * A name that is safe in any folder and still says what its owner called the file: the word filter and the audit log look
 * at it.
 * @param fallback where nothing is left of it
 */
export function toFileName(name: string, fallback: string): string {
  const clean = basename(name.replaceAll('\\', '/').replace(/[\u0000-\u001f\u007f]/g, ''))
    .normalize('NFC')
    .replace(/[<>:"|?*%]/g, '_')
    .replace(/^[.\s-]+|[.\s]+$/g, '');
  if (clean === '') return fallback;
  if (Buffer.byteLength(clean) <= MAX_NAME_BYTES) return clean;
  const ending = extname(clean).slice(0, 16);
  let [stem, left] = ['', MAX_NAME_BYTES - Buffer.byteLength(ending)];
  for (const letter of clean.slice(0, clean.length - extname(clean).length)) {
    left -= Buffer.byteLength(letter);
    if (left < 0) break;
    stem += letter;
  }
  return stem + ending;
}
