/** What each output container takes. One row a container; codec names are ffprobe's. */
import type { ChunkCodec } from './video-encoders.ts';

/** How the joined chunks become the output. */
export type Finish =
  /** Streams are copied. */
  | 'copy'
  /** The picture is encoded once more, by ffmpeg, from lossless chunks. */
  | 'convert'
  | 'gif'
  | 'webp'
  /** One file a frame. */
  | 'images';

export interface ContainerRules {
  /** ffmpeg's name of the muxer. */
  readonly muxer: string;
  /** Endings of file names, without dot. */
  readonly endings: readonly [string, ...string[]];
  /** The first one is used for encoders that make none of these; none where the picture is converted anyway. */
  readonly codecs: readonly ChunkCodec[];
  readonly finish: Finish;
  /** What the picture is converted to, where it is: ffmpeg's name of the encoder. */
  readonly convertsTo?: string;
  /** Audio that is copied; `any` for all. */
  readonly audioCodecs: ReadonlySet<string> | 'any';
  /** Audio encoders that may be asked for. Other audio becomes the first of these that ffmpeg has; none means no sound. */
  readonly audioEncoders: readonly string[];
  /** Subtitles that are copied, and what other text subtitles become; pictures of text cannot be converted. */
  readonly subtitleCodecs: ReadonlySet<string>;
  readonly subtitleEncoder?: string;
  /** True for containers of the MP4 family: index in front, time scale to choose. */
  readonly isMp4: boolean;
  /** False where there is no place for the order in which B-frames are shown. Default true. */
  readonly bFrames?: boolean;
  /** `constant`: frames have no times of their own. `broadcast`: and only the rates of television exist. */
  readonly rate?: 'constant' | 'broadcast';
  /** Frames a second above which the format or its players fail. */
  readonly fastestRate?: number;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const none: ReadonlySet<string> = new Set();

const MP4_TEXT = { subtitleCodecs: words('mov_text'), subtitleEncoder: 'mov_text', isMp4: true } as const;
const NO_TEXT = { subtitleCodecs: none, isMp4: false } as const;
const SILENT = { codecs: [], audioCodecs: none, audioEncoders: [], ...NO_TEXT } as const;

/**
 * The rows follow FaceFusion's table of container fixes, but for three: H.264 in WMV and MPEG is what few players
 * expect, so that these get WMV 2 and MPEG-2; and FLAC in MP4 plays nearly nowhere, so that it must be asked for.
 */
export const CONTAINERS = {
  mp4: {
    ...{ muxer: 'mp4', endings: ['mp4'], codecs: ['h264', 'h264rgb', 'hevc', 'vp9'], finish: 'copy' },
    audioCodecs: words('aac mp3 ac3 eac3 alac opus flac mp2'),
    audioEncoders: ['aac', 'libmp3lame', 'libopus', 'flac'],
    ...MP4_TEXT,
  },
  mov: {
    ...{ muxer: 'mov', endings: ['mov'], codecs: ['h264', 'h264rgb', 'hevc', 'raw'], finish: 'copy' },
    audioCodecs: words('aac mp3 ac3 eac3 alac pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le'),
    audioEncoders: ['aac', 'libmp3lame', 'pcm_s16le', 'pcm_s32le'],
    ...MP4_TEXT,
  },
  m4v: {
    ...{ muxer: 'ipod', endings: ['m4v'], codecs: ['h264'], finish: 'copy' },
    audioCodecs: words('aac ac3 alac'),
    audioEncoders: ['aac'],
    ...MP4_TEXT,
  },
  mkv: {
    ...{ muxer: 'matroska', endings: ['mkv'], codecs: ['h264', 'h264rgb', 'hevc', 'vp9'], finish: 'copy' },
    audioCodecs: 'any',
    audioEncoders: ['aac', 'flac', 'libmp3lame', 'libopus', 'libvorbis', 'pcm_s16le', 'pcm_s32le'],
    subtitleCodecs: words('subrip ass ssa webvtt hdmv_pgs_subtitle dvd_subtitle dvb_subtitle'),
    subtitleEncoder: 'subrip',
    isMp4: false,
  },
  webm: {
    ...{ muxer: 'webm', endings: ['webm'], codecs: ['vp9'], finish: 'copy' },
    audioCodecs: words('opus vorbis'),
    audioEncoders: ['libopus', 'libvorbis'],
    subtitleCodecs: words('webvtt'),
    subtitleEncoder: 'webvtt',
    isMp4: false,
  },
  avi: {
    ...{ muxer: 'avi', endings: ['avi'], codecs: ['h264', 'raw'], finish: 'copy', bFrames: false, rate: 'constant' },
    audioCodecs: words('mp3 ac3 mp2 pcm_s16le pcm_u8'),
    audioEncoders: ['libmp3lame', 'aac', 'pcm_s16le', 'pcm_s32le'],
    ...NO_TEXT,
  },
  wmv: {
    ...{ muxer: 'asf', endings: ['wmv'], codecs: [], finish: 'convert', convertsTo: 'wmv2' },
    audioCodecs: words('wmav1 wmav2 wmapro mp3'),
    audioEncoders: ['wmav2', 'libmp3lame', 'aac'],
    ...NO_TEXT,
  },
  mpeg: {
    ...{ muxer: 'mpeg', endings: ['mpeg', 'mpg'], codecs: ['mpeg2'], finish: 'copy', rate: 'broadcast' },
    audioCodecs: words('mp2 mp3'),
    audioEncoders: ['mp2', 'libmp3lame'],
    ...NO_TEXT,
  },
  ts: {
    ...{ muxer: 'mpegts', endings: ['ts'], codecs: ['h264', 'hevc'], finish: 'copy' },
    audioCodecs: words('aac mp3 mp2 ac3 eac3 opus'),
    audioEncoders: ['aac', 'libmp3lame', 'libopus'],
    ...NO_TEXT,
  },
  mxf: {
    ...{ muxer: 'mxf', endings: ['mxf'], codecs: ['h264'], finish: 'copy', bFrames: false, rate: 'broadcast' },
    audioCodecs: none,
    audioEncoders: ['pcm_s16le'],
    ...NO_TEXT,
  },
  // Players take delays below two hundredths of a second for a mistake and show ten.
  gif: { muxer: 'gif', endings: ['gif'], finish: 'gif', convertsTo: 'gif', fastestRate: 50, ...SILENT },
  webp: { muxer: 'webp', endings: ['webp'], finish: 'webp', convertsTo: 'libwebp_anim', ...SILENT },
  images: {
    ...{ muxer: 'rawvideo', endings: ['png', 'jpg', 'jpeg', 'webp', 'tiff', 'tif', 'bmp'], finish: 'images' },
    ...SILENT,
  },
} as const satisfies Record<string, ContainerRules>;

export type OutputContainer = keyof typeof CONTAINERS;
