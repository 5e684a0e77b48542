/** The last step of most videos: the joined frames, and everything else that the target has, in the output's container. */
import { AppError } from '../core/errors.ts';
import { markingOptions, markProgramStream } from './ai-marking.ts';
import { type AudioSettings, audioOptions } from './audio-output.ts';
import { outputTimescale } from './encode-arguments.ts';
import { ffmpegFailure, runFfmpeg, saysOutputFailed, toFfmpegFile } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { VideoOutputPlan } from './plan-video-output.ts';
import type { VideoInfo } from './probe.ts';
import type { SoundSource } from './sound-source.ts';
import { toStandardMatrix } from './video-colour.ts';
import { factsOf, qualityToScale } from './video-encoders.ts';
import { UNTRUSTED_INPUT } from './video-input.ts';

const TEXT_SUBTITLES = new Set(['mov_text', 'subrip', 'ass', 'ssa', 'webvtt', 'text']);

export interface MuxSettings extends AudioSettings {
  /** The list of chunks; their frames begin at time 0. */
  readonly listPath: string;
  readonly outputPath: string;
  readonly plan: VideoOutputPlan;
  readonly info: VideoInfo;
  /** 0..100, for a picture that is converted. */
  readonly quality: number;
  /** File whose audio, subtitles, chapters and metadata are taken. */
  readonly othersFrom?: string | undefined;
  /** File whose sound takes the place of theirs; it begins with the target and ends with it at the latest. */
  readonly sound?: SoundSource | undefined;
  /** Seconds at which the first frame is shown, and from then to the end of the last. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** Set when the video is a part of the target: the rest is cut to it. */
  readonly trimSeconds?: { readonly start: number; readonly duration: number } | undefined;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Arguments of ffmpeg that read a list of chunks which this program wrote. */
export const readList = (listPath: string): string[] => ['-safe', '0', '-f', 'concat', '-i', toFfmpegFile(listPath)];

/**
 * Puts all streams into the container, the picture without encoding it again unless the plan says so.
 * @throws OUTPUT_FAILED (disk full, no permission), FFMPEG_FAILED, CANCELLED
 */
export async function muxOutput(settings: MuxSettings): Promise<void> {
  const { plan, info, trimSeconds, othersFrom, outputPath } = settings;
  const offset = trimSeconds ? 0 : settings.startSeconds;
  const cut = trimSeconds ? ['-ss', trimSeconds.start.toFixed(6), '-t', trimSeconds.duration.toFixed(6)] : [];
  const others = othersFrom === undefined ? [] : [...UNTRUSTED_INPUT, ...cut, '-i', toFfmpegFile(othersFrom)];
  await runOutputStep(
    [
      ...['-itsoffset', offset.toFixed(6), ...readList(settings.listPath), ...others, ...soundInput(settings)],
      ...['-map', '0:v:0', ...pictureOptions(settings)],
      ...(othersFrom === undefined ? [] : otherStreams(settings)),
      ...soundStream(settings),
      ...markingOptions(plan.muxer, info.comment, settings.aigc),
      ...containerOptions(settings),
      ...['-f', plan.muxer, toFfmpegFile(outputPath)],
    ],
    outputPath,
    settings.signal,
  );
  if (plan.container === 'mpeg') await markProgramStream(outputPath);
}

/**
 * Runs ffmpeg to write an output.
 * @param path what an error names
 * @throws OUTPUT_FAILED (disk full, no permission), FFMPEG_FAILED, CANCELLED
 */
export async function runOutputStep(
  args: readonly string[],
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { ffmpegPath } = await findFfmpeg();
  const { exit, stderr } = await runFfmpeg(ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args], { signal });
  if (exit.code !== 0 || saysOutputFailed(stderr)) throw encodeFailure(exit, stderr, path, 'joining video and audio');
}

/** FFMPEG_FAILED, or OUTPUT_FAILED when stderr says that the file system refused. */
export function encodeFailure(
  exit: Parameters<typeof ffmpegFailure>[0],
  stderr: string,
  path: string,
  task: string,
): AppError {
  const failure = ffmpegFailure(exit, stderr, task);
  if (!saysOutputFailed(stderr)) return failure;
  return new AppError('OUTPUT_FAILED', `${path} could not be written: ${failure.message}`, {
    hint: 'Free some space, check the permissions of the folder, or choose another one.',
    cause: failure,
  });
}

function pictureOptions({ plan, info, quality }: MuxSettings): string[] {
  const { codec } = factsOf(plan.chunkEncoder);
  if (plan.finish === 'copy') {
    // AVI and MXF want H.264 with start codes; the filter that AVI's muxer would add mistakes some lengths for them.
    const filter = plan.container === 'avi' || plan.container === 'mxf' ? ['-bsf:v', 'h264_mp4toannexb'] : [];
    return ['-c:v', 'copy', ...filter, ...(codec === 'hevc' && plan.isMp4 ? ['-tag:v', 'hvc1'] : [])];
  }
  const own = ['-c:v', plan.encoder, '-fps_mode', 'passthrough'];
  if (plan.encoder === 'rawvideo') {
    // The order of bytes that each container has had from the beginning.
    const pixels = plan.alpha ? 'argb' : plan.container === 'avi' ? 'bgr24' : 'rgb24';
    return [...own, '-vf', `${toRgb(info)},format=${pixels}`, '-pix_fmt', pixels];
  }
  const scale = String(qualityToScale(quality));
  // ASF counts in milliseconds.
  return [...own, '-vf', toStandardMatrix(info.colour, info.height), '-q:v', scale, '-enc_time_base:v', '1/1000'];
}

/** A filter that turns the numbers of the frames into RGB. */
export function toRgb({ colour }: VideoInfo): string {
  const range = colour.range === 'full' ? 'full' : 'limited';
  return `scale=in_color_matrix=${colour.matrix}:in_range=${range}:flags=bicubic+accurate_rnd+full_chroma_int`;
}

function containerOptions({ plan, info, aigc }: MuxSettings): string[] {
  if (plan.isMp4) {
    const ticks = String(outputTimescale(info.timeBase));
    // FLAC in MP4 counted as an experiment until ffmpeg 6.
    const strict = plan.container === 'mp4' ? ['-strict', 'experimental'] : [];
    // Keys beyond those of iTunes are written only so.
    const flags = aigc === undefined ? '+faststart' : '+faststart+use_metadata_tags';
    return ['-movflags', flags, '-video_track_timescale', ticks, ...strict];
  }
  if (plan.container !== 'avi') return [];
  // Without a rate AVI would get twice as many frames, every other one empty.
  const rate = ['-r', `${plan.fps.numerator}/${plan.fps.denominator}`];
  // Encoded sound begins a little before time 0. AVI cannot say so, and shifting everything would cost it a frame.
  return ['-avoid_negative_ts', 'disabled', ...(plan.finish === 'copy' ? rate : [])];
}

/** When the picture ends, in seconds of the other inputs. */
const endOf = ({ durationSeconds, trimSeconds, startSeconds }: MuxSettings): number =>
  durationSeconds + (trimSeconds ? 0 : startSeconds);

function soundInput(settings: MuxSettings): string[] {
  const { sound, trimSeconds } = settings;
  if (!sound) return [];
  const start = trimSeconds ? ['-ss', trimSeconds.start.toFixed(6)] : [];
  return [...UNTRUSTED_INPUT, ...start, '-t', endOf(settings).toFixed(6), '-i', toFfmpegFile(sound.path)];
}

/** The first sound of the last input. */
function soundStream(settings: MuxSettings): string[] {
  const { plan, sound, othersFrom } = settings;
  const place = { input: othersFrom === undefined ? 1 : 2, endSeconds: endOf(settings) };
  return sound ? audioOptions(plan, plan.audio, [sound.stream], settings, place) : [];
}

/** Audio, subtitles, chapters and metadata of input 1. */
function otherStreams(settings: MuxSettings): string[] {
  const { plan, info } = settings;
  const options = ['-map_metadata', '1', '-map_chapters', '1'];
  const place = { input: 1, endSeconds: endOf(settings) };
  if (!settings.sound) options.push(...audioOptions(plan, plan.audio, info.audioStreams, settings, place));
  let kept = 0;
  info.subtitleStreams.forEach((stream, index) => {
    const copies = plan.subtitleCodecs.has(stream.codec);
    const converts = plan.subtitleEncoder !== undefined && TEXT_SUBTITLES.has(stream.codec);
    if (!copies && !converts) return;
    options.push('-map', `1:s:${index}`, `-c:s:${kept++}`, copies ? 'copy' : plan.subtitleEncoder!);
  });
  // Fonts that styled subtitles need.
  if (plan.container === 'mkv') options.push('-map', '1:t?', '-c:t', 'copy');
  return options;
}
