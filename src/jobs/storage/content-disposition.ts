/**
 * Tells a browser to save what it gets, under a name. Whatever the name holds, it stays one name of one header.
 * @see RFC 6266, RFC 8187
 */
export function contentDisposition(fileName: string): string {
  // biome-ignore format: one class of letters
  const clean = fileName.normalize('NFC').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/g, '_');
  const plain = clean.replace(/[^\x20-\x7e]|["%]/g, '_');
  if (plain === clean) return `attachment; filename="${plain}"`;
  // Half of a pair cannot be encoded.
  const whole = clean.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '_');
  const encoded = encodeURIComponent(whole).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
