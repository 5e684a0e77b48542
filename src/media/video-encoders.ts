/** What is known of each video encoder: its codec, the pixels it takes, and its options for a quality and a preset. */
import type { VIDEO_ENCODERS, VIDEO_PRESETS } from '../core/output-options.ts';

export type VideoEncoder = (typeof VIDEO_ENCODERS)[number];
export type VideoPreset = (typeof VIDEO_PRESETS)[number];
/**
 * Encoders of chunks. `lossless` is for outputs that are converted from the joined chunks, `lossless-alpha` for those that
 * are transparent; MPEG-2 is for MPEG.
 */
export type ChunkEncoder = Exclude<VideoEncoder, 'rawvideo'> | 'mpeg2video' | 'lossless' | 'lossless-alpha';
/** What is in a chunk, as far as containers differ in what they take. */
export type ChunkCodec = 'h264' | 'h264rgb' | 'hevc' | 'vp9' | 'mpeg2' | 'raw';

/** Key frames are at most this far apart whatever the chunk size, so that players can seek. */
const LONGEST_GOP_FRAMES = 250;
/** DVD players and editors expect a key frame each half second in MPEG-2. */
const MPEG2_GOP_FRAMES = 15;

interface EncoderFacts {
  readonly codec: ChunkCodec;
  /** True where a device does the work: whether it is there shows a trial only. */
  readonly hardware: boolean;
  readonly pixels: string;
  /** Pixels of 10 bits, where the encoder takes them. */
  readonly deepPixels?: string;
  /** Pixels with alpha, where the encoder takes them. */
  readonly alphaPixels?: string;
}

const software = (codec: ChunkCodec, pixels: string, deepPixels?: string): EncoderFacts => ({
  ...{ codec, pixels, hardware: false },
  ...(deepPixels === undefined ? {} : { deepPixels }),
});
const hardware = (codec: ChunkCodec): EncoderFacts => ({
  ...{ codec, hardware: true, pixels: 'nv12' },
  ...(codec === 'hevc' ? { deepPixels: 'p010le' } : {}),
});

const FACTS: Readonly<Record<VideoEncoder | ChunkEncoder, EncoderFacts>> = {
  libx264: software('h264', 'yuv420p', 'yuv420p10le'),
  libx264rgb: software('h264rgb', 'rgb24'),
  libx265: software('hevc', 'yuv420p', 'yuv420p10le'),
  'libvpx-vp9': { ...software('vp9', 'yuv420p', 'yuv420p10le'), alphaPixels: 'yuva420p' },
  h264_nvenc: hardware('h264'),
  hevc_nvenc: hardware('hevc'),
  h264_amf: hardware('h264'),
  // Its P010 came with ffmpeg 7.
  hevc_amf: { codec: 'hevc', hardware: true, pixels: 'nv12' },
  h264_qsv: hardware('h264'),
  hevc_qsv: hardware('hevc'),
  h264_videotoolbox: hardware('h264'),
  hevc_videotoolbox: hardware('hevc'),
  rawvideo: software('raw', 'rgb24'),
  mpeg2video: software('mpeg2', 'yuv420p'),
  lossless: software('h264', 'yuv420p'),
  'lossless-alpha': { ...software('raw', 'yuva420p'), alphaPixels: 'yuva420p' },
};

/** @returns what is known of an encoder */
export const factsOf = (encoder: VideoEncoder | ChunkEncoder): EncoderFacts => FACTS[encoder];

/** True where a device does the work. */
export const usesHardware = (encoder: VideoEncoder): boolean => factsOf(encoder).hardware;

/** ffmpeg's name of the encoder of a chunk. */
export const ffmpegName = (encoder: VideoEncoder | ChunkEncoder): string =>
  encoder === 'lossless' ? 'libx264' : encoder === 'lossless-alpha' ? 'ffv1' : encoder;

/** libvpx has no presets; these are its speed settings from fastest to best. */
const VP9_SPEED: Readonly<Record<VideoPreset, readonly [deadline: string, speed: number]>> = {
  ultrafast: ['realtime', 8],
  superfast: ['realtime', 7],
  veryfast: ['realtime', 6],
  faster: ['good', 5],
  fast: ['good', 4],
  medium: ['good', 3],
  slow: ['good', 2],
  slower: ['good', 1],
  veryslow: ['good', 0],
};

/** Which third of the presets one is in, for encoders that have three. FaceFusion's mapping for AMF. */
const third = (preset: VideoPreset): 0 | 1 | 2 =>
  /fast$/.test(preset) && preset !== 'fast' && preset !== 'faster' ? 0 : /^slow|^veryslow/.test(preset) ? 2 : 1;

/** FaceFusion's mapping for NVENC. */
const nvencPreset = (preset: VideoPreset): string =>
  preset === 'medium' ? 'medium' : /slow/.test(preset) ? 'slow' : 'fast';

/** A value between what quality 0 and quality 100 mean. */
const between = (worst: number, best: number, quality: number): number =>
  Math.round(worst + ((best - worst) * quality) / 100);

/**
 * Quality 0..100 on an encoder's own scale, in FaceFusion's mapping: linear, 100 is 0 and 0 is the encoder's worst,
 * 63 for VP9 and 51 for all others.
 */
export const qualityToCrf = (encoder: VideoEncoder | ChunkEncoder, quality: number): number =>
  between(encoder === 'libvpx-vp9' ? 63 : 51, 0, quality);

/**
 * Quality 0..100 on the scale of MPEG's quantisers, from 31 to 2. Their steps are as long as their number says, so that
 * equal differences of quality are equal factors.
 */
export const qualityToScale = (quality: number): number => Math.round(31 * (2 / 31) ** (quality / 100));

export interface CodecSettings {
  readonly encoder: ChunkEncoder;
  readonly preset: VideoPreset;
  /** 0..100 */
  readonly quality: number;
  readonly bitDepth: 8 | 10;
  /** False for containers that have no place for the order in which B-frames are shown. */
  readonly bFrames: boolean;
  /** True where frames have alpha. */
  readonly alpha?: boolean;
  /** Bits that the picture may have, in place of, or as a limit to, its quality. */
  readonly rate?: RateControl | undefined;
  /** A key frame at each multiple of so many seconds, and nowhere else unless the longest group ends. */
  readonly keyFrameSeconds?: number | undefined;
}

export type RateControl =
  | {
      /** Bits a second on average, in thousands; the first of two passes only looks. */
      readonly kind: 'average';
      readonly kilobits: number;
      /** One pass, or the number of this one and where the first leaves what it saw. */
      readonly pass?: { readonly number: 1 | 2; readonly logPath: string } | undefined;
    }
  /** Quality counts, but no second has more bits than this, in thousands. */
  | { readonly kind: 'limit'; readonly kilobits: number };

/** Encoders that can look at the whole video before they encode it. */
export const TWO_PASS_ENCODERS: readonly string[] = ['libx264', 'libx265', 'libvpx-vp9'];

/** Options of the encoder, its name and pixels included. Every group of pictures is closed. */
export function codecOptions(settings: CodecSettings): string[] {
  const { encoder, bitDepth, alpha = false } = settings;
  const { pixels, deepPixels, alphaPixels, hardware: isHardware } = factsOf(encoder);
  const format = (alpha && alphaPixels) || (bitDepth === 10 && deepPixels) || pixels;
  return [
    ...['-c:v', ffmpegName(encoder), '-pix_fmt', format],
    ...['-g', String(encoder === 'mpeg2video' ? MPEG2_GOP_FRAMES : LONGEST_GOP_FRAMES)],
    ...(isHardware ? hardwareQuality(settings) : softwareQuality(settings)),
    ...(settings.bFrames ? [] : ['-bf', '0']),
    ...keyFrames(settings),
  ];
}

/** Scenes do not begin groups of their own: renditions of other sizes would begin theirs elsewhere. */
const keyFrames = ({ keyFrameSeconds, encoder }: CodecSettings): string[] =>
  keyFrameSeconds === undefined
    ? []
    : [
        ...['-force_key_frames', `expr:gte(t,n_forced*${keyFrameSeconds})`],
        ...(encoder === 'libx264' ? ['-sc_threshold', '0'] : []),
      ];

/** Bytes that a decoder holds, in seconds of the limit. */
const BUFFER_SECONDS = 2;

/** Options that take the place of the quality, or stand beside it. */
function rateOptions(rate: RateControl | undefined, quality: readonly string[]): string[] {
  if (!rate) return [...quality];
  const bits = `${rate.kilobits}k`;
  if (rate.kind === 'limit')
    return [...quality, '-maxrate', bits, '-bufsize', `${Math.round(rate.kilobits * BUFFER_SECONDS)}k`];
  const { pass } = rate;
  return ['-b:v', bits, ...(pass ? ['-pass', String(pass.number), '-passlogfile', pass.logPath] : [])];
}

/**
 * x264's bytes depend on its threads: with a fixed number they are the same on every machine. Two carry 720p at 150 frames a
 * second, and without a look-ahead thread of their own they take 155 instead of 178 MB.
 */
const X264_THREADS: readonly string[] = ['-threads', '2', '-x264-params', 'sync-lookahead=0'];

function softwareQuality({ encoder, preset, quality, bitDepth, alpha = false, rate }: CodecSettings): string[] {
  const crf = rateOptions(rate, ['-crf', String(qualityToCrf(encoder, quality))]);
  switch (encoder) {
    case 'libx265':
      return [
        ...crf,
        '-preset',
        preset,
        '-x265-params',
        `log-level=error:open-gop=0${x265Pass(rate)}`,
        '-tag:v',
        'hvc1',
      ];
    case 'libvpx-vp9': {
      const [deadline, speed] = VP9_SPEED[preset];
      // Frames that are not shown would have to be there in the stream of alpha too, which ffmpeg cannot promise.
      const profile = alpha ? ['-auto-alt-ref', '0'] : bitDepth === 10 ? ['-profile:v', '2'] : [];
      // Without a rate its default would be the limit.
      const unlimited = rate ? [] : ['-b:v', '0'];
      return [...crf, ...profile, ...unlimited, '-deadline', deadline, '-cpu-used', String(speed), '-row-mt', '1'];
    }
    case 'mpeg2video':
      return ['-q:v', String(qualityToScale(quality)), '-qmin', '1'];
    case 'lossless-alpha':
      return ['-level', '3', '-slices', '4'];
    case 'lossless':
      return ['-qp', '0', '-preset', 'ultrafast', ...X264_THREADS];
    default:
      return [...crf, '-preset', preset, ...X264_THREADS];
  }
}

/** Bits a second of the worst and the best quality of VideoToolbox, in thousands, as in FaceFusion. */
const VIDEOTOOLBOX_KILOBITS = [1024, 50_512] as const;

/** ffmpeg does not pass its own options for passes on to x265. Its colons would end the path. */
const x265Pass = (rate: RateControl | undefined): string =>
  rate?.kind === 'average' && rate.pass
    ? `:pass=${rate.pass.number}:stats=${rate.pass.logPath.replaceAll(':', '\\:')}`
    : '';

function hardwareQuality({ encoder, preset, quality, rate }: CodecSettings): string[] {
  if (rate) return rateOptions(rate, []);
  const scale = qualityToCrf(encoder, quality);
  // Apple's players know H.265 by the tag hvc1 only.
  const tag = factsOf(encoder).codec === 'hevc' ? ['-tag:v', 'hvc1'] : [];
  const [name, kind] = encoder.split('_');
  switch (kind) {
    case 'nvenc':
      // 0 would mean that the driver chooses; without a bit rate of 0 its default of 2 Mbit/s would be the limit.
      return ['-rc', 'vbr', '-cq', String(Math.max(1, scale)), '-b:v', '0', '-preset', nvencPreset(preset), ...tag];
    case 'amf': {
      const planes = name === 'h264' ? ['i', 'p', 'b'] : ['i', 'p'];
      const steps = planes.flatMap((plane) => [`-qp_${plane}`, String(scale)]);
      return ['-rc', 'cqp', ...steps, '-quality', ['speed', 'balanced', 'quality'][third(preset)]!, ...tag];
    }
    case 'qsv': {
      const known = preset === 'ultrafast' || preset === 'superfast' ? 'veryfast' : preset;
      return ['-global_quality', String(Math.max(1, scale)), '-preset', known, ...tag];
    }
    default: {
      const [worst, best] = VIDEOTOOLBOX_KILOBITS;
      return ['-b:v', `${between(worst, best, quality)}k`, ...tag];
    }
  }
}
