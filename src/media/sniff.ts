/** Tells what a file is by its first bytes. Names lie, so they are not looked at. */
import { isAnimatedGif, readWebpAnimation } from './animated-image.ts';
import { isInputSequence } from './image-sequence-input.ts';
import { openInputFile } from './input-file.ts';

/** Bytes looked at: a transport stream needs three packets, MXF may have a run-in of up to 64 KiB. */
const HEAD_BYTES = 65_536 + 16;

export const IMAGE_FORMATS = ['jpg', 'png', 'webp', 'bmp', 'tiff', 'avif', 'gif', 'heic'] as const;
export const VIDEO_FORMATS = [
  'mp4',
  'mov',
  'm4v',
  'mkv',
  'webm',
  'avi',
  'wmv',
  'mpeg',
  'ts',
  'mxf',
  'flv',
  'ogv',
  // Animated ones.
  'gif',
  'webp',
  // One photo a frame, named by a pattern.
  'images',
] as const;
export const AUDIO_FORMATS = ['mp3', 'wav', 'flac', 'ogg', 'm4a', 'aac', 'aiff'] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];
export type VideoFormat = (typeof VIDEO_FORMATS)[number];
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** What a file is. Animated `webp` and `gif` are videos. */
export type MediaKind =
  | { readonly kind: 'image'; readonly format: ImageFormat }
  | { readonly kind: 'video'; readonly format: VideoFormat }
  | { readonly kind: 'audio'; readonly format: AudioFormat }
  | { readonly kind: 'unknown'; readonly format: 'unknown' };

const image = (format: ImageFormat): MediaKind => ({ kind: 'image', format });
const video = (format: VideoFormat): MediaKind => ({ kind: 'video', format });
const audio = (format: AudioFormat): MediaKind => ({ kind: 'audio', format });
const UNKNOWN: MediaKind = { kind: 'unknown', format: 'unknown' };

/**
 * Tells the kind and format of a file by content; the pattern of an image sequence is a video.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE (empty, no permission)
 */
export async function sniffMedia(path: string): Promise<MediaKind> {
  if (await isInputSequence(path)) return video('images');
  const { handle, sizeBytes } = await openInputFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const media = sniffBytes(buffer.subarray(0, bytesRead));
    const { format } = media;
    if (format === 'gif' && (await isAnimatedGif(handle))) return video('gif');
    if (format === 'webp') {
      const animation = await readWebpAnimation(handle, sizeBytes, 2);
      if (animation && animation.delaysSeconds.length > 1) return video('webp');
    }
    return media;
  } finally {
    await handle.close();
  }
}

/**
 * Tells the kind and format from the first bytes of a file; 64 KiB are enough for every format. Animated pictures count
 * as images here.
 */
export function sniffBytes(head: Buffer): MediaKind {
  const text = (start: number, end: number): string => head.toString('latin1', start, end);
  const starts = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte);

  if (starts(0xff, 0xd8, 0xff)) return image('jpg');
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return image('png');
  if (text(0, 4) === 'GIF8') return image('gif');
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return image('tiff');
  if (text(0, 2) === 'BM' && head.length > 26 && isBmpHeaderSize(head.readUInt32LE(14))) return image('bmp');
  if (text(0, 4) === 'RIFF') return sniffRiff(text(8, 12));
  if (text(4, 8) === 'ftyp') return sniffFtyp(head);
  // QuickTime files older than `ftyp` begin with any of these atoms.
  if (['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(text(4, 8))) return video('mov');
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return video(text(0, 64).includes('webm') ? 'webm' : 'mkv');
  if (starts(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return video('wmv');
  if (starts(0, 0, 1, 0xba) || starts(0, 0, 1, 0xb3)) return video('mpeg');
  if (text(0, 3) === 'FLV') return video('flv');
  if (text(0, 4) === 'OggS') return text(0, 256).includes('theora') ? video('ogv') : audio('ogg');
  if (isTransportStream(head)) return video('ts');
  if (text(0, 3) === 'ID3') return audio('mp3');
  if (text(0, 4) === 'fLaC') return audio('flac');
  if (text(0, 4) === 'FORM' && text(8, 11) === 'AIF') return audio('aiff');
  if (head[0] === 0xff && (head[1]! & 0xf6) === 0xf0) return audio('aac');
  if (head[0] === 0xff && (head[1]! & 0xe6) === 0xe2) return audio('mp3');
  if (head.includes(MXF_PARTITION_KEY)) return video('mxf');
  return UNKNOWN;
}

/** SMPTE 377: the key of a header partition pack, without its last two bytes. */
const MXF_PARTITION_KEY = Buffer.from('060e2b34020501010d0102010102', 'hex');

/** The sizes that the info header of a BMP can have, from OS/2's to version 5. */
const isBmpHeaderSize = (size: number): boolean => [12, 40, 52, 56, 64, 108, 124].includes(size);

function sniffRiff(form: string): MediaKind {
  if (form === 'WEBP') return image('webp');
  if (form === 'AVI ') return video('avi');
  if (form === 'WAVE') return audio('wav');
  return UNKNOWN;
}

/** ISO base media files say what they are in the major and compatible brands of the `ftyp` box. */
function sniffFtyp(head: Buffer): MediaKind {
  const end = Math.min(head.readUInt32BE(0), head.length, 512);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) {
    // Bytes 12 to 15 hold the minor version.
    if (at !== 12) brands.push(head.toString('latin1', at, at + 4));
  }
  const major = brands[0] ?? '';
  if (major === 'avif' || major === 'avis') return image('avif');
  if (major === 'mif1' || major === 'msf1' || /^he[iv]/.test(major)) {
    return image(brands.includes('avif') ? 'avif' : 'heic');
  }
  if (major === 'qt  ') return video('mov');
  if (/^M4V/.test(major)) return video('m4v');
  if (/^M4[AB]/.test(major)) return audio('m4a');
  return video('mp4');
}

/** Sync bytes every 188 bytes, or every 192 in a BDAV stream, whose packets begin with a time code of four bytes. */
function isTransportStream(head: Buffer): boolean {
  const sync = (offset: number, step: number): boolean =>
    head.length > offset + 2 * step && [0, 1, 2].every((n) => head[offset + n * step] === 0x47);
  return sync(0, 188) || sync(4, 192);
}
