/** The last step of a video: its frames, and everything else that the target has, in the output's container. */
import { AppError } from '../core/errors.ts';
import { markComment } from './ai-marking.ts';
import { outputTimescale } from './encode-arguments.ts';
import { ffmpegFailure, runFfmpeg, saysOutputFailed, toFfmpegFile } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { VideoOutputPlan } from './plan-video-output.ts';
import { UNTRUSTED_INPUT, type VideoInfo } from './probe.ts';

/** Bits a second for audio that must be encoded anew. */
const AUDIO_BITRATE = '192k';
const TEXT_SUBTITLES = new Set(['mov_text', 'subrip', 'ass', 'ssa', 'webvtt', 'text']);

export interface MuxSettings {
  /** The encoded frames, beginning at time 0. */
  readonly videoPath: string;
  /** True where `videoPath` is a list of chunks. */
  readonly isList?: boolean;
  readonly outputPath: string;
  readonly plan: VideoOutputPlan;
  readonly info: VideoInfo;
  /** File whose audio, subtitles, chapters and metadata are taken. */
  readonly othersFrom?: string | undefined;
  /** 0..100; 0 drops the audio, 100 leaves it as it is. */
  readonly audioVolume: number;
  /** Seconds at which the first frame is shown. */
  readonly startSeconds: number;
  /** Set when the video is a part of the target: the rest is cut to it. */
  readonly trimSeconds?: { readonly start: number; readonly duration: number } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Joins the streams without encoding the video again.
 * @throws OUTPUT_FAILED (disk full, no permission), FFMPEG_FAILED, CANCELLED
 */
export async function muxOutput(settings: MuxSettings): Promise<void> {
  const { plan, info, trimSeconds, othersFrom } = settings;
  const ffmpeg = await findFfmpeg();
  const offset = trimSeconds ? 0 : settings.startSeconds;
  const cut = trimSeconds ? ['-ss', trimSeconds.start.toFixed(6), '-t', trimSeconds.duration.toFixed(6)] : [];
  const others = othersFrom === undefined ? [] : [...UNTRUSTED_INPUT, ...cut, '-i', toFfmpegFile(othersFrom)];
  const container = plan.isMp4
    ? ['-movflags', '+faststart', '-video_track_timescale', String(outputTimescale(info.timeBase))]
    : [];
  // Encoded sound begins a little before time 0. AVI cannot say so, and shifting everything would cost it a frame.
  // Its muxer mistakes some lengths of a first packet for a start code, so that the filter it would add is named here.
  const forAvi = plan.container === 'avi' ? ['-avoid_negative_ts', 'disabled', '-bsf:v', 'h264_mp4toannexb'] : [];
  const tag = plan.encoder === 'libx265' && plan.isMp4 ? ['-tag:v', 'hvc1'] : [];
  const { exit, stderr } = await runFfmpeg(
    ffmpeg.ffmpegPath,
    [
      ...['-nostdin', '-v', 'error', '-y'],
      ...['-itsoffset', offset.toFixed(6)],
      ...(settings.isList ? ['-safe', '0', '-f', 'concat'] : ['-f', 'mp4']),
      ...['-i', toFfmpegFile(settings.videoPath)],
      ...others,
      ...['-map', '0:v:0', '-c:v', 'copy', ...tag],
      ...(othersFrom === undefined ? [] : otherStreams(settings)),
      ...['-metadata', `comment=${markComment(info.comment)}`],
      ...container,
      ...forAvi,
      ...['-f', plan.muxer, toFfmpegFile(settings.outputPath)],
    ],
    { signal: settings.signal },
  );
  if (exit.code !== 0 || saysOutputFailed(stderr)) throw muxFailure(exit, stderr, settings.outputPath);
}

const muxFailure = (exit: Parameters<typeof ffmpegFailure>[0], stderr: string, path: string): AppError =>
  encodeFailure(exit, stderr, path, 'joining video and audio');

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

/** Audio, subtitles, chapters and metadata of input 1. */
function otherStreams({ plan, info, audioVolume }: MuxSettings): string[] {
  const options = ['-map_metadata', '1', '-map_chapters', '1'];
  if (audioVolume > 0) {
    info.audioStreams.forEach((stream, index) => {
      const copies = audioVolume === 100 && (plan.audioCodecs === 'any' || plan.audioCodecs.has(stream.codec));
      options.push('-map', `1:a:${index}`);
      if (copies) options.push(`-c:a:${index}`, 'copy');
      else options.push(`-c:a:${index}`, plan.audioEncoder, `-b:a:${index}`, AUDIO_BITRATE);
      if (audioVolume !== 100) options.push(`-filter:a:${index}`, `volume=${audioVolume / 100}`);
    });
  }
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

/** Counts the packets of the video stream of a file that this program wrote. */
export async function countFrames(path: string, muxer: string, signal?: AbortSignal): Promise<number> {
  const ffmpeg = await findFfmpeg();
  const what = [
    '-count_packets',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=nb_read_packets',
    '-of',
    'csv=p=0',
  ];
  const { exit, stdout, stderr } = await runFfmpeg(
    ffmpeg.ffprobePath,
    [
      '-v',
      'error',
      '-protocol_whitelist',
      'file,pipe',
      ...what,
      '-f',
      DEMUXER_OF[muxer] ?? muxer,
      '-i',
      toFfmpegFile(path),
    ],
    { signal },
  );
  if (exit.code !== 0) throw ffmpegFailure(exit, stderr, 'verifying the output');
  return Number.parseInt(stdout, 10) || 0;
}

/** Where muxer and demuxer have different names. */
const DEMUXER_OF: Readonly<Record<string, string>> = { ipod: 'mp4', webm: 'matroska' };
