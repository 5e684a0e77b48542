/** The command line of the encoding ffmpeg. */
import { AppError } from '../core/errors.ts';
import type { VIDEO_PRESETS } from '../core/options.ts';
import { toFfmpegFile } from './ffmpeg-process.ts';
import type { VideoEncoder, VideoOutputPlan } from './plan-video-output.ts';
import type { VideoInfo } from './probe.ts';
import { tagFilter, tagOptions } from './video-colour.ts';

export type VideoPreset = (typeof VIDEO_PRESETS)[number];

/** Key frames are at most this far apart whatever the chunk size, so that players can seek. */
const LONGEST_GOP_FRAMES = 250;
/** Ticks a second below which the time scale is multiplied: frame times fall between coarse ticks. */
const FINEST_NEEDED_TICKS = 10_000;
const COARSEST_USABLE_TICKS = 1_000_000;
/** For sources whose time base is no fraction of a second that can be kept. 90 kHz is that of MPEG. */
const DEFAULT_TICKS = 90_000;

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

/**
 * Quality 0..100 as a constant rate factor, in FaceFusion's mapping: linear, 100 is 0 and 0 is the encoder's worst,
 * 51 for x264 and x265, 63 for VP9.
 */
export function qualityToCrf(encoder: VideoEncoder, quality: number): number {
  const worst = encoder === 'libvpx-vp9' ? 63 : 51;
  return Math.round(worst - (quality * worst) / 100);
}

/** Ticks a second in which every time stamp of the source is a whole number, where that can be. */
export function outputTimescale(timeBase: VideoInfo['timeBase']): number {
  const ticks = timeBase.denominator;
  if (ticks > COARSEST_USABLE_TICKS) return DEFAULT_TICKS;
  return ticks * Math.ceil(FINEST_NEEDED_TICKS / ticks);
}

export interface EncodeSettings {
  readonly info: VideoInfo;
  readonly plan: VideoOutputPlan;
  readonly preset: VideoPreset;
  /** 0..100 */
  readonly quality: number;
  /** Size of the output relative to the frames. */
  readonly scale: number;
}

/** Arguments that encode raw Matroska from stdin into an MP4 without audio. */
export function encodeArguments(path: string, settings: EncodeSettings): string[] {
  const { info } = settings;
  const ticks = outputTimescale(info.timeBase);
  const filters = [
    ...scaleFilter(settings),
    ...tagFilter(info.colour.tags),
    `setsar=${info.pixelAspect.replace(':', '/')}`,
  ];
  return [
    ...['-nostdin', '-v', 'error', '-y'],
    // A queue gives the pipe a thread of its own, which ffmpeg 5 has for several inputs only: 100 instead of 77 frames a
    // second at 720p on two cores.
    ...['-thread_queue_size', '4', '-f', 'matroska', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-vf', filters.join(',')],
    ...['-fps_mode', 'passthrough', '-enc_time_base', `1/${ticks}`],
    ...codecOptions(settings),
    ...tagOptions(info.colour.tags),
    ...['-video_track_timescale', String(ticks), '-f', 'mp4', toFfmpegFile(path)],
  ];
}

/** Even size of the output. */
export function scaledSize({ info, scale }: Pick<EncodeSettings, 'info' | 'scale'>): [width: number, height: number] {
  const even = (pixels: number): number => Math.max(2, 2 * Math.round((pixels * scale) / 2));
  return [even(info.frameWidth), even(info.frameHeight)];
}

/** Stands before the tags: frames without tags are scaled as they are, with tags their range might be converted. */
function scaleFilter(settings: EncodeSettings): string[] {
  if (settings.scale === 1) return [];
  const [width, height] = scaledSize(settings);
  return [`scale=w=${width}:h=${height}:flags=bicubic+accurate_rnd+full_chroma_int`];
}

function codecOptions(settings: EncodeSettings): string[] {
  const { plan, preset, quality } = settings;
  const gop = String(LONGEST_GOP_FRAMES);
  const crf = String(qualityToCrf(plan.encoder, quality));
  const common = ['-c:v', plan.encoder, '-pix_fmt', 'yuv420p', '-g', gop, '-crf', crf];
  switch (plan.encoder) {
    case 'libx264':
      // AVI has no place for the order in which B-frames are shown.
      return [...common, '-preset', preset, ...(plan.container === 'avi' ? ['-bf', '0'] : [])];
    case 'libx265':
      // Apple's players know H.265 by the tag hvc1 only.
      return [...common, '-preset', preset, '-x265-params', 'log-level=error:open-gop=0', '-tag:v', 'hvc1'];
    case 'libvpx-vp9': {
      const [deadline, speed] = VP9_SPEED[preset];
      return [...common, '-b:v', '0', '-deadline', deadline, '-cpu-used', String(speed), '-row-mt', '1'];
    }
    default:
      throw new AppError('ENCODER_UNAVAILABLE', `The encoder ${plan.encoder} has no arguments yet.`);
  }
}
