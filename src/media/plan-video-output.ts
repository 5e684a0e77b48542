/** Decides container and codecs of an output video before its first frame. */
import { basename, extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { VIDEO_ENCODERS } from '../core/options.ts';
import { findFfmpeg } from './find-ffmpeg.ts';

export type VideoEncoder = (typeof VIDEO_ENCODERS)[number];

/** What one container takes. Codec names are ffprobe's. */
interface ContainerRules {
  /** ffmpeg's name of the muxer. */
  readonly muxer: string;
  /** The first one replaces an encoder that the container does not take. */
  readonly encoders: readonly [VideoEncoder, ...VideoEncoder[]];
  /** Audio that is copied; `any` for all. */
  readonly audioCodecs: ReadonlySet<string> | 'any';
  /** What other audio becomes: the first of these that ffmpeg has. */
  readonly audioEncoders: readonly [string, ...string[]];
  /** Subtitles that are copied, and what other text subtitles become; pictures of text cannot be converted. */
  readonly subtitleCodecs: ReadonlySet<string>;
  readonly subtitleEncoder?: string;
  /** True for containers of the MP4 family: index in front, time scale to choose. */
  readonly isMp4: boolean;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const none: ReadonlySet<string> = new Set();

/**
 * The rows follow FaceFusion's table of container fixes: m4v takes H.264 only, webm VP9 only, mov no VP9, and neither
 * mov, m4v nor avi take Opus.
 */
const CONTAINERS = {
  mp4: {
    muxer: 'mp4',
    encoders: ['libx264', 'libx265', 'libvpx-vp9'],
    audioCodecs: words('aac mp3 ac3 eac3 alac opus flac mp2'),
    audioEncoders: ['aac'],
    subtitleCodecs: words('mov_text'),
    subtitleEncoder: 'mov_text',
    isMp4: true,
  },
  mov: {
    muxer: 'mov',
    encoders: ['libx264', 'libx265'],
    audioCodecs: words('aac mp3 ac3 eac3 alac pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le'),
    audioEncoders: ['aac'],
    subtitleCodecs: words('mov_text'),
    subtitleEncoder: 'mov_text',
    isMp4: true,
  },
  m4v: {
    muxer: 'ipod',
    encoders: ['libx264'],
    audioCodecs: words('aac ac3 alac'),
    audioEncoders: ['aac'],
    subtitleCodecs: words('mov_text'),
    subtitleEncoder: 'mov_text',
    isMp4: true,
  },
  mkv: {
    muxer: 'matroska',
    encoders: ['libx264', 'libx265', 'libvpx-vp9'],
    audioCodecs: 'any',
    audioEncoders: ['aac'],
    subtitleCodecs: words('subrip ass ssa webvtt hdmv_pgs_subtitle dvd_subtitle dvb_subtitle'),
    subtitleEncoder: 'subrip',
    isMp4: false,
  },
  webm: {
    muxer: 'webm',
    encoders: ['libvpx-vp9'],
    audioCodecs: words('opus vorbis'),
    audioEncoders: ['libopus', 'libvorbis'],
    subtitleCodecs: words('webvtt'),
    subtitleEncoder: 'webvtt',
    isMp4: false,
  },
  avi: {
    muxer: 'avi',
    encoders: ['libx264'],
    audioCodecs: words('mp3 ac3 mp2 pcm_s16le pcm_u8'),
    audioEncoders: ['libmp3lame', 'aac'],
    subtitleCodecs: none,
    isMp4: false,
  },
} as const satisfies Record<string, ContainerRules>;

export type OutputContainer = keyof typeof CONTAINERS;
export const OUTPUT_CONTAINERS = Object.keys(CONTAINERS) as readonly OutputContainer[];

/** A decision that is known to work with this ffmpeg. */
export interface VideoOutputPlan extends ContainerRules {
  readonly container: OutputContainer;
  /** The encoder to use; another than asked for when the container does not take that. */
  readonly encoder: VideoEncoder;
  /** The audio encoder for streams that cannot be copied. */
  readonly audioEncoder: string;
  /** Changes to what was asked for, as sentences for the user. */
  readonly notes: readonly string[];
}

/**
 * Checks an output path and encoder against each other and against this ffmpeg.
 * @throws OUTPUT_UNSUPPORTED (ending), ENCODER_UNAVAILABLE, FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD
 */
export async function planVideoOutput(path: string, encoder: VideoEncoder): Promise<VideoOutputPlan> {
  const ending = extname(path).toLowerCase();
  const container = OUTPUT_CONTAINERS.find((name) => `.${name}` === ending);
  if (!container) {
    throw new AppError(
      'OUTPUT_UNSUPPORTED',
      `A video cannot be written as ${ending === '' ? basename(path) : ending}.`,
      { hint: `Use one of ${OUTPUT_CONTAINERS.map((name) => `.${name}`).join(' ')}.` },
    );
  }
  const rules: ContainerRules = CONTAINERS[container];
  const fits = rules.encoders.includes(encoder);
  const chosen = fits ? encoder : rules.encoders[0];

  const ffmpeg = await findFfmpeg();
  const encoders = await ffmpeg.encoders();
  if (!encoders.has(chosen)) throw encoderMissing(chosen);
  const audioEncoder = rules.audioEncoders.find((name) => encoders.has(name));
  if (!audioEncoder) throw encoderMissing(rules.audioEncoders[0]);
  return {
    ...rules,
    container,
    encoder: chosen,
    audioEncoder,
    notes: fits ? [] : [`${ending} does not take ${encoder}; ${chosen} is used.`],
  };
}

const encoderMissing = (name: string): AppError =>
  new AppError('ENCODER_UNAVAILABLE', `This ffmpeg has no encoder ${name}.`, {
    hint: 'Choose another --output-video-encoder or output ending, or install a full build of ffmpeg.',
    details: { encoder: name },
  });
