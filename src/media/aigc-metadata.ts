/**
 * The implicit label of China's GB 45438-2025: a JSON text under the name AIGC, in XMP or in the metadata of a container.
 * Here only where it stands; what it says is in trust/labels.
 */

/** @see TC260-PG, practice guide to the standard's metadata */
const NAMESPACE = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
export const AIGC_KEY = 'AIGC';

/** Output endings without a place for it. */
export const WITHOUT_AIGC: readonly string[] = [
  '.bmp',
  '.gif',
  '.ts',
  '.mts',
  '.m2ts',
  '.mpg',
  '.mpeg',
  '.vob',
  '.mxf',
];

const ATTRIBUTE = /\s+[\w-]+:AIGC\s*=\s*("[^"]*"|'[^']*')/;
const ELEMENT = /<([\w-]+):AIGC\b[^>]*>([\s\S]*?)<\/\1:AIGC\s*>/;

/** The text of an XMP packet's label. */
export function readAigcOfXmp(xmp: string): string | undefined {
  const text = xmp.match(ATTRIBUTE)?.[1]?.slice(1, -1) ?? xmp.match(ELEMENT)?.[2];
  return text === undefined ? undefined : unescapeXml(text.trim());
}

/** The label among the texts of a container. */
export const findAigcText = (texts: readonly string[]): string | undefined =>
  texts.flatMap((text) => text.match(/\{[^{}]*"ContentProducer"[\s\S]*\}/)?.[0] ?? [])[0];

/** A property for an XMP description, with its namespace. */
export const aigcProperty = (text: string): string =>
  `<TC260:AIGC xmlns:TC260="${NAMESPACE}">${escapeXml(text)}</TC260:AIGC>`;

/** Takes the label out of a packet, so that the one that extends it can be put in. */
export const removeAigc = (xmp: string): string =>
  xmp.replace(new RegExp(ATTRIBUTE, 'g'), '').replace(new RegExp(ELEMENT, 'g'), '');

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const unescapeXml = (text: string): string =>
  text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, hex === '' ? 10 : 16)),
    )
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
