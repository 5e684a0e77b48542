/** How the output is called where nobody says otherwise. */
import type { Asset } from './assets.ts';
import type { ProjectDocument, Source } from './document.ts';

/** What the service takes: letters, digits, - and _, beginning with one of the first two. */
export const NAME_RULE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const LONGEST = 100;

/** Everything else becomes a dash; other scripts have no place in it, as the service's rule says. */
export function toName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return plain.slice(0, LONGEST).replace(/-+$/, '');
}

const withoutEnding = (fileName: string): string => fileName.replace(/\.[^.]{1,5}$/, '');

/** Of a name in another script only its letter would be left. */
const nameOf = ({ id, name }: Source): string =>
  toName(
    /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(name) ? `source-${id}` : name,
  ).toLowerCase() || 'swapped';

/** `portrait-source-b`: target and source; `team-intro-swapped` with several sources. */
export function outputName({ sources, output }: ProjectDocument, target: Asset | undefined): string {
  if (output.name !== undefined) return output.name;
  const stem = toName(withoutEnding(target?.fileName ?? '')) || 'result';
  const [only, ...others] = sources;
  const more = only && others.length === 0 ? nameOf(only) : 'swapped';
  return toName(`${stem.slice(0, LONGEST - more.length - 1)}-${more}`);
}

/** What the service can write of a photo; another kind becomes PNG. */
export const PHOTO_FORMATS = ['jpg', 'png', 'webp', 'avif', 'tiff', 'bmp'] as const;
export const VIDEO_FORMATS = ['mp4', 'mov', 'mkv', 'webm', 'm4v', 'avi', 'gif'] as const;

/** What the target's own kind becomes. */
export function outputFormat({ output }: ProjectDocument, target: Asset | undefined): string | undefined {
  if (!target) return output.format;
  const { media } = target;
  const formats: readonly string[] = media.kind === 'image' ? PHOTO_FORMATS : VIDEO_FORMATS;
  if (output.format !== undefined && formats.includes(output.format)) return output.format;
  return media.kind === 'image' ? (formats.includes(media.format) ? media.format : 'png') : 'mp4';
}
