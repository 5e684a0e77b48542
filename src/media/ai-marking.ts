/** What every output says about itself in its metadata: a photo in XMP, a video in its comment. */

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
 * Adds the marking to an XMP packet, keeping what stands in it, or makes a new packet.
 * A source type that the packet had before is replaced: it spoke of the target.
 */
export function markXmp(xmp: string | undefined): string {
  // RDF allows several descriptions of one resource, so that a new one never clashes with the names in the others.
  const end = xmp?.match(/<\/([\w-]+:)?RDF\s*>(?![\s\S]*<\/(?:[\w-]+:)?RDF\s*>)/);
  if (xmp === undefined || !end || end.index === undefined) {
    return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${description('rdf:', '')}</rdf:RDF></x:xmpmeta>`;
  }
  const prefix = end[1] ?? '';
  const about = xmp.match(/\babout\s*=\s*("[^"]*"|'[^']*')/)?.[1]?.slice(1, -1) ?? '';
  const before = removeSourceType(xmp.slice(0, end.index));
  return before + description(prefix, about) + xmp.slice(end.index);
}

const description = (prefix: string, about: string): string =>
  `<${prefix}Description ${prefix}about="${about.replaceAll('"', '&quot;')}" xmlns:Iptc4xmpExt="${IPTC_EXTENSION}">` +
  `<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType></${prefix}Description>`;

/** Removes the property where it stands, as an attribute or as an element, whatever its prefix. */
const removeSourceType = (xmp: string): string =>
  xmp
    .replace(/\s+[\w-]+:DigitalSourceType\s*=\s*("[^"]*"|'[^']*')/g, '')
    .replace(/<([\w-]+):DigitalSourceType\b[^>]*?(?:\/>|>[\s\S]*?<\/\1:DigitalSourceType\s*>)/g, '');
