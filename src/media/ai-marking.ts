/** What every output says about itself in its metadata: a photo in XMP, a video in its comment or what it has instead. */
import { appendFile, open } from 'node:fs/promises';
import { AIGC_KEY, aigcProperty, removeAigc } from './aigc-metadata.ts';

/** IPTC's term for a picture of a camera with parts made by a trained model. @see https://cv.iptc.org/newscodes/digitalsourcetype */
export const DIGITAL_SOURCE_TYPE =
  'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

const IPTC_EXTENSION = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';

/** The sentence in the comment field of a video. */
export const AI_COMMENT = `AI-modified: faces in this video were changed with FaceFusion. DigitalSourceType: ${DIGITAL_SOURCE_TYPE}`;

/** The comment of an output: what the target said, then the marking, once. */
export function markComment(comment: string | undefined): string {
  const own = comment?.trim() ?? '';
  if (own.includes(DIGITAL_SOURCE_TYPE)) return own;
  return own === '' ? AI_COMMENT : `${own}\n${AI_COMMENT}`;
}

/**
 * Options for ffmpeg that write the marking into a container.
 * @param comment the target's own
 * @param aigc the label of GB 45438-2025, where it is asked for
 */
export function markingOptions(muxer: string, comment: string | undefined, aigc?: string): string[] {
  switch (muxer) {
    case 'mpegts':
      // The only text of a transport stream. Long ones would be torn by the header of the next packet.
      return ['-metadata', `service_provider=AI-modified: ${DIGITAL_SOURCE_TYPE}`];
    case 'mxf':
      // The names of user comments begin so.
      return ['-metadata', `comment_ai_modified=${markComment(comment)}`];
    default:
      return aigc === undefined
        ? ['-metadata', `comment=${markComment(comment)}`]
        : // AVI drops keys that it does not know; the comment has the label there.
          muxer === 'avi'
          ? ['-metadata', `comment=${markComment(comment)}\n${aigc}`]
          : ['-metadata', `comment=${markComment(comment)}`, '-metadata', `${AIGC_KEY}=${aigc}`];
  }
}

/** Id of a packet of a program stream with data that players skip. @see ISO/IEC 13818-1, table 2-22 */
const PRIVATE_STREAM_2 = 0x000001bf;

/** Adds the marking to an MPEG program stream, which has no place for text: in a private packet at its end. */
export async function markProgramStream(path: string): Promise<void> {
  const text = Buffer.from(AI_COMMENT, 'latin1');
  const head = Buffer.alloc(6);
  head.writeUInt32BE(PRIVATE_STREAM_2, 0);
  head.writeUInt16BE(text.length, 4);
  await appendFile(path, Buffer.concat([head, text]));
}

/** Adds the marking to a GIF, in a comment before its last byte. @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
export async function markGif(path: string): Promise<void> {
  const text = Buffer.from(AI_COMMENT, 'latin1');
  // Extension, comment, one block of text of at most 255 bytes, no further block, end of the file.
  const comment = Buffer.from([0x21, 0xfe, text.length, ...text, 0, 0x3b]);
  const file = await open(path, 'r+');
  try {
    await file.write(comment, 0, comment.length, (await file.stat()).size - 1);
  } finally {
    await file.close();
  }
}

/**
 * Adds the marking to an animated WebP, as XMP behind its frames.
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export async function markWebp(path: string, aigc?: string): Promise<void> {
  const xmp = Buffer.from(markXmp(undefined, aigc));
  const padding = Buffer.alloc(xmp.length % 2);
  const head = Buffer.from('XMP \0\0\0\0', 'latin1');
  head.writeUInt32LE(xmp.length, 4);
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const chunk = Buffer.concat([head, xmp, padding]);
    await file.write(chunk, 0, chunk.length, size);
    // The length of all that follows it stands behind RIFF; the flags are the first byte of VP8X.
    const start = Buffer.alloc(21);
    await file.read(start, 0, start.length, 0);
    start.writeUInt32LE(size + chunk.length - 8, 4);
    start[20]! |= 0x04;
    await file.write(start, 0, start.length, 0);
  } finally {
    await file.close();
  }
}

/**
 * Adds the marking to an XMP packet, keeping what stands in it, or makes a new packet.
 * A source type that the packet had before is replaced: it spoke of the target.
 * @param aigc the label of GB 45438-2025, which replaces the packet's: it has what that said
 */
export function markXmp(xmp: string | undefined, aigc?: string): string {
  // RDF allows several descriptions of one resource, so that a new one never clashes with the names in the others.
  const end = xmp?.match(/<\/([\w-]+:)?RDF\s*>(?![\s\S]*<\/(?:[\w-]+:)?RDF\s*>)/);
  if (xmp === undefined || !end || end.index === undefined) {
    return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${description('rdf:', '', aigc)}</rdf:RDF></x:xmpmeta>`;
  }
  const prefix = end[1] ?? '';
  const about = xmp.match(/\babout\s*=\s*("[^"]*"|'[^']*')/)?.[1]?.slice(1, -1) ?? '';
  const own = removeSourceType(xmp.slice(0, end.index));
  const before = aigc === undefined ? own : removeAigc(own);
  return before + description(prefix, about, aigc) + xmp.slice(end.index);
}

const description = (prefix: string, about: string, aigc: string | undefined): string =>
  `<${prefix}Description ${prefix}about="${about.replaceAll('"', '&quot;')}" xmlns:Iptc4xmpExt="${IPTC_EXTENSION}">` +
  `<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>` +
  `${aigc === undefined ? '' : aigcProperty(aigc)}</${prefix}Description>`;

/** Removes the property where it stands, as an attribute or as an element, whatever its prefix. */
const removeSourceType = (xmp: string): string =>
  xmp
    .replace(/\s+[\w-]+:DigitalSourceType\s*=\s*("[^"]*"|'[^']*')/g, '')
    .replace(/<([\w-]+):DigitalSourceType\b[^>]*?(?:\/>|>[\s\S]*?<\/\1:DigitalSourceType\s*>)/g, '');
