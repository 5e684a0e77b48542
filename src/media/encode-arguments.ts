/** The command line of the encoding ffmpeg. */
import { toFfmpegFile } from './ffmpeg-process.ts';
import type { VideoOutputPlan } from './plan-video-output.ts';
import type { VideoInfo } from './probe.ts';
import { scaledSize } from './scaled-size.ts';
import { type ColourTags, tagFilter, tagOptions } from './video-colour.ts';
import { codecOptions, factsOf, type RateControl, type VideoPreset } from './video-encoders.ts';

/** Ticks a second below which the time scale is multiplied: frame times fall between coarse ticks. */
const FINEST_NEEDED_TICKS = 10_000;
const COARSEST_USABLE_TICKS = 1_000_000;
/** For sources whose time base is no fraction of a second that can be kept. 90 kHz is that of MPEG. */
const DEFAULT_TICKS = 90_000;

/** Ticks a second in which every time stamp of the source is a whole number, where that can be. */
export function outputTimescale(timeBase: VideoInfo['timeBase']): number {
  const ticks = timeBase.denominator;
  if (ticks > COARSEST_USABLE_TICKS) return DEFAULT_TICKS;
  return ticks * Math.ceil(FINEST_NEEDED_TICKS / ticks);
}

export interface EncodeSettings {
  /** The target's facts, or those of the frames where the rate is changed: size, colour, time base, pixel shape. */
  readonly info: VideoInfo;
  readonly plan: VideoOutputPlan;
  readonly preset: VideoPreset;
  /** 0..100 */
  readonly quality: number;
  /** Size of the output relative to the frames. */
  readonly scale: number;
  readonly rate?: RateControl | undefined;
  readonly keyFrameSeconds?: number | undefined;
}

/** Arguments that encode raw Matroska from stdin into an MP4 without audio; with alpha, into Matroska. */
export function encodeArguments(path: string, settings: EncodeSettings): string[] {
  const { info, plan, preset, quality, rate, keyFrameSeconds } = settings;
  const { chunkEncoder: encoder, bitDepth, bFrames = true, alpha = false } = plan;
  const [filters, tags] = pictureFilters(settings);
  const [timeBase, ticks] = timing(settings);
  return [
    ...['-nostdin', '-v', 'error', '-y'],
    // A queue gives the pipe a thread of its own, which ffmpeg 5 has for several inputs only: 100 instead of 77 frames a
    // second at 720p on two cores.
    ...['-thread_queue_size', '4', '-f', 'matroska', '-i', 'pipe:0'],
    ...['-map', '0:v:0', '-vf', [...filters, `setsar=${info.pixelAspect.replace(':', '/')}`].join(',')],
    ...['-fps_mode', 'passthrough', '-enc_time_base', timeBase],
    ...codecOptions({ encoder, preset, quality, bitDepth, bFrames, alpha, rate, keyFrameSeconds }),
    ...tagOptions(tags),
    ...(isFirstPass(rate) ? ['-f', 'null', '-'] : fileOptions(path, alpha, ticks)),
  ];
}

/** What only looks writes no picture: libvpx has none then. */
export const isFirstPass = (rate: RateControl | undefined): boolean =>
  rate?.kind === 'average' && rate.pass?.number === 1;

const fileOptions = (path: string, alpha: boolean, ticks: number): string[] => [
  // MP4 has no place for the alpha of VP9.
  ...(alpha ? ['-f', 'matroska'] : ['-video_track_timescale', String(ticks), '-f', 'mp4']),
  toFfmpegFile(path),
];

/** Time base of the encoder and time scale of the file. */
function timing({ info, plan, rate }: EncodeSettings): [timeBase: string, ticks: number] {
  if (plan.rate !== 'broadcast') {
    const ticks = outputTimescale(info.timeBase);
    if (plan.chunkEncoder === 'libvpx-vp9' && rate?.kind === 'average' && rate.pass) {
      // It takes the time base for the frame rate when it deals out the bits of two passes.
      const { numerator, denominator } = info.fpsFraction;
      return [`${denominator}/${numerator}`, ticks];
    }
    return [`1/${ticks}`, ticks];
  }
  // The header of MPEG-2 has a number for each rate, which the encoder looks up by its time base.
  const { numerator, denominator } = plan.fps;
  return [`${denominator}/${numerator}`, numerator * Math.ceil(FINEST_NEEDED_TICKS / numerator)];
}

/** Filters up to the tags of the picture, and these. */
function pictureFilters({ info, plan, scale }: EncodeSettings): [filters: string[], tags: ColourTags] {
  const { colour } = info;
  const { codec } = factsOf(plan.chunkEncoder);
  const isFull = colour.range === 'full';
  // Frames without tags are scaled as they are; with tags, their range might be converted on the way.
  const [width, height] = scaledSize(info, scale);
  const resize = scale === 1 ? '' : `w=${width}:h=${height}:`;
  const flags = 'flags=bicubic+accurate_rnd+full_chroma_int';
  if (codec === 'h264rgb') {
    const from = `in_color_matrix=${colour.matrix}:in_range=${isFull ? 'full' : 'limited'}`;
    const { primaries, transfer } = colour.tags;
    const tags = { ...(primaries ? { primaries } : {}), ...(transfer ? { transfer } : {}) };
    return [[`scale=${resize}${from}:${flags}`, 'format=rgb24', ...tagFilter(tags)], tags];
  }
  if (codec === 'mpeg2' && isFull) {
    const tags: ColourTags = { ...colour.tags, range: 'tv' };
    return [[`scale=${resize}in_range=full:out_range=limited:${flags}`, ...tagFilter(tags)], tags];
  }
  return [[...(resize === '' ? [] : [`scale=${resize}${flags}`]), ...tagFilter(colour.tags)], colour.tags];
}
