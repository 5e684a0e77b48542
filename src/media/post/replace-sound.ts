/** A video with other sound: the picture is copied, bit for bit. */
import { AppError } from '../../core/errors.ts';
import { markingOptions, markProgramStream } from '../ai-marking.ts';
import { audioOptions } from '../audio-output.ts';
import { countOutputFrames } from '../count-output-frames.ts';
import { toFfmpegFile } from '../ffmpeg-process.ts';
import { runOutputStep } from '../mux-output.ts';
import type { VideoOutputPlan } from '../plan-video-output.ts';
import type { VideoInfo } from '../probe.ts';
import { inputArguments } from '../video-input.ts';

export interface ReplaceSoundOptions {
  readonly from: string;
  readonly info: VideoInfo;
  /** For the same container. */
  readonly plan: VideoOutputPlan;
  readonly path: string;
  /** Filters of ffmpeg, one a stream. */
  readonly audioFilters: readonly string[];
  /** 0..100 */
  readonly audioQuality: number;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws OUTPUT_FAILED, FFMPEG_FAILED (also where a frame is missing), CANCELLED */
export async function replaceSound(options: ReplaceSoundOptions): Promise<void> {
  const { from, info, plan, path, audioFilters, audioQuality, aigc, signal } = options;
  const settings = { audioQuality, audioVolume: 100, audioFilters };
  const flags = aigc === undefined ? '+faststart' : '+faststart+use_metadata_tags';
  await runOutputStep(
    [
      ...[...inputArguments(from), '-map', `0:${info.streamIndex}`, '-c:v', 'copy'],
      ...(plan.isMp4 && info.codec === 'hevc' ? ['-tag:v', 'hvc1'] : []),
      ...audioOptions(plan, plan.audio, info.audioStreams, settings, { input: 0, endSeconds: info.durationSeconds }),
      ...(plan.subtitleCodecs.size > 0 ? ['-map', '0:s?', '-c:s', 'copy'] : []),
      ...['-map_metadata', '0', '-map_chapters', '0', ...markingOptions(plan.muxer, info.comment, aigc)],
      // FLAC in MP4 counted as an experiment until ffmpeg 6.
      ...(plan.isMp4 ? ['-movflags', flags, '-strict', 'experimental'] : []),
      ...['-f', plan.muxer, toFfmpegFile(path)],
    ],
    path,
    signal,
  );
  if (plan.container === 'mpeg') await markProgramStream(path);
  const [expected, found] = [await countOutputFrames(from, plan, signal), await countOutputFrames(path, plan, signal)];
  if (expected === found) return;
  throw new AppError('FFMPEG_FAILED', `Expected ${expected} frames beside the new sound, found ${found}.`);
}
