/** How ffprobe's words for colour become ours, and ours become ffmpeg's. */
import type { ColourMatrix, HdrTransfer, YuvColour } from '../core/image.ts';

/** Colour of a video's frames. `tags` are what the stream says, `undefined` where it says nothing. */
export interface VideoColour extends YuvColour {
  /** True when the stream names no matrix and it was chosen by height. */
  readonly matrixGuessed: boolean;
  readonly tags: ColourTags;
}

/** Tags in ffmpeg's spelling, to be written as they were read. */
export interface ColourTags {
  readonly matrix?: string;
  readonly primaries?: string;
  readonly transfer?: string;
  readonly range?: 'tv' | 'pc';
}

/** Pictures of at least this height are taken for bt709 when the stream names no matrix, as players do. */
const HD_HEIGHT = 720;

const MATRICES: Readonly<Record<string, ColourMatrix>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  fcc: 'bt601',
  // Its weights differ from bt709's by 0.001.
  smpte240m: 'bt709',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};
/** Names that ffprobe prints and the filter `setparams` spells otherwise. */
const TRANSFER_SPELLING: Readonly<Record<string, string>> = { gamma22: 'bt470m', gamma28: 'bt470bg' };
const KNOWN_TRANSFERS = new Set(
  'bt709 bt470m bt470bg smpte170m smpte240m linear iec61966-2-4 bt1361e iec61966-2-1 bt2020-10 bt2020-12 smpte2084 smpte428 arib-std-b67'.split(
    ' ',
  ),
);
const KNOWN_PRIMARIES = new Set(
  'bt709 bt470m bt470bg smpte170m smpte240m film bt2020 smpte428 smpte431 smpte432 jedec-p22 ebu3213'.split(' '),
);

const HDR_TRANSFERS: Readonly<Record<string, HdrTransfer>> = { smpte2084: 'pq', 'arib-std-b67': 'hlg' };

/** What ffprobe says about colour; absent and `unknown` mean the same. */
export interface ProbedColour {
  readonly color_space?: string | undefined;
  readonly color_primaries?: string | undefined;
  readonly color_transfer?: string | undefined;
  readonly color_range?: string | undefined;
  readonly pix_fmt: string;
}

/** Reads the colour of a stream of this height. */
export function readColour(probed: ProbedColour, height: number): VideoColour {
  const named = MATRICES[probed.color_space ?? ''];
  const transfer = TRANSFER_SPELLING[probed.color_transfer ?? ''] ?? probed.color_transfer ?? '';
  const primaries = probed.color_primaries ?? '';
  // The yuvj formats mean full range by themselves, whatever the stream says.
  const isFull = probed.color_range === 'pc' || probed.pix_fmt.startsWith('yuvj');
  const range = isFull ? 'pc' : probed.color_range === 'tv' ? 'tv' : undefined;
  const hdr = HDR_TRANSFERS[probed.color_transfer ?? ''];
  return {
    matrix: named ?? (hdr ? 'bt2020' : standardMatrix(height)),
    range: isFull ? 'full' : 'limited',
    ...(hdr ? { hdr } : {}),
    matrixGuessed: named === undefined,
    tags: {
      ...(named && probed.color_space ? { matrix: probed.color_space } : {}),
      ...(KNOWN_PRIMARIES.has(primaries) ? { primaries } : {}),
      ...(KNOWN_TRANSFERS.has(transfer) ? { transfer } : {}),
      ...(range ? { range } : {}),
    },
  };
}

/** Colour of frames after tone mapping. */
export const SDR_HD_COLOUR: VideoColour = {
  matrix: 'bt709',
  range: 'limited',
  matrixGuessed: false,
  tags: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'tv' },
};

/** True for the transfer functions of HDR. */
export const isHdrTransfer = (transfer: string | undefined): boolean => HDR_TRANSFERS[transfer ?? ''] !== undefined;

/** A filter that tags frames without touching their numbers; empty when nothing is known. */
export function tagFilter(tags: ColourTags): string[] {
  const parts = [
    tags.range && `range=${tags.range}`,
    tags.matrix && `colorspace=${tags.matrix}`,
    tags.primaries && `color_primaries=${tags.primaries}`,
    tags.transfer && `color_trc=${tags.transfer}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [`setparams=${parts.join(':')}`];
}

/** The same tags as options of an encoder. ffmpeg 5 reads these, newer ones take the frames' own. */
export function tagOptions(tags: ColourTags): string[] {
  return [
    ...(tags.range ? ['-color_range', tags.range] : []),
    ...(tags.matrix ? ['-colorspace', tags.matrix] : []),
    ...(tags.primaries ? ['-color_primaries', tags.primaries] : []),
    ...(tags.transfer ? ['-color_trc', tags.transfer] : []),
  ];
}

/** The matrix that players take for a picture whose stream cannot name one. */
export const standardMatrix = (height: number): ColourMatrix => (height >= HD_HEIGHT ? 'bt709' : 'bt601');

/** A filter for formats without tags: the numbers become those that players expect at this height. */
export function toStandardMatrix({ matrix, range }: YuvColour, height: number): string {
  const from = `in_color_matrix=${matrix}:in_range=${range === 'full' ? 'full' : 'limited'}`;
  const to = `out_color_matrix=${standardMatrix(height)}:out_range=limited`;
  return `scale=${from}:${to}:flags=bicubic+accurate_rnd+full_chroma_int`;
}
