/** Names of uploads, as they are kept and shown. */

const MAX_BYTES = 200;
const MAX_ENDING = 16;

/** C0, DEL, C1, and what turns the direction of text or is not seen: a name must look like what it is. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * The last part of a name, without what could leave a folder, hide its ending or break a header.
 * @returns at most 200 bytes of UTF-8, never empty
 */
export function cleanFileName(name: string, fallback = 'upload'): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/[<>:"|?*%]/g, '_')
    .replace(/\s+/gu, ' ')
    .replace(/^[.\s-]+|[.\s]+$/gu, '');
  if (clean === '') return fallback;
  if (Buffer.byteLength(clean) <= MAX_BYTES) return clean;
  const dot = clean.lastIndexOf('.');
  const ending = dot > 0 && clean.length - dot <= MAX_ENDING ? clean.slice(dot) : '';
  return cutToBytes(clean.slice(0, clean.length - ending.length), MAX_BYTES - Buffer.byteLength(ending)) + ending;
}

function cutToBytes(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > most) break;
    kept += letter;
  }
  return kept;
}
