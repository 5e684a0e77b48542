/** Cuts a finished MP4 into fragments for HLS; nothing is encoded again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { markingOptions } from '../ai-marking.ts';
import { toFfmpegFile } from '../ffmpeg-process.ts';
import { runOutputStep } from '../mux-output.ts';

export interface Segment {
  /** Name of its file in the folder. */
  readonly file: string;
  readonly durationSeconds: number;
}

export interface SegmentedVideo {
  /** What comes before every segment: name of its file in the folder. */
  readonly initFile: string;
  readonly segments: readonly Segment[];
}

export interface SegmentOptions {
  /** With a key frame at each multiple of `segmentSeconds`. */
  readonly from: string;
  /** Exists and is empty. */
  readonly folder: string;
  readonly segmentSeconds: number;
  readonly hasSound: boolean;
  readonly comment: string | undefined;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const PLAYLIST = 'index.m3u8';
const INIT = 'init.mp4';

/** @throws OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED */
export async function cutSegments(options: SegmentOptions): Promise<SegmentedVideo> {
  const { from, folder, segmentSeconds, hasSound, comment, aigc, signal } = options;
  const playlistPath = join(folder, PLAYLIST);
  await runOutputStep(
    [
      ...['-i', toFfmpegFile(from), '-map', '0:v:0', ...(hasSound ? ['-map', '0:a:0'] : []), '-c', 'copy'],
      ...['-map_chapters', '-1', '-map_metadata', '-1', ...markingOptions('mp4', comment, aigc)],
      ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '0', '-hls_playlist_type', 'vod'],
      ...['-hls_segment_type', 'fmp4', '-hls_flags', 'independent_segments', '-hls_fmp4_init_filename', INIT],
      // Keys beyond those of iTunes are written only so.
      ...(aigc === undefined ? [] : ['-hls_segment_options', 'movflags=+use_metadata_tags']),
      ...['-hls_segment_filename', toFfmpegFile(join(folder, '%05d.m4s')), toFfmpegFile(playlistPath)],
    ],
    playlistPath,
    signal,
  );
  return { initFile: INIT, segments: parsePlaylist(await readFile(playlistPath, 'utf8')) };
}

function parsePlaylist(text: string): Segment[] {
  const found = [...text.matchAll(/^#EXTINF:([\d.]+),[^\n]*\n([^#\n]+)$/gm)];
  if (found.length === 0) throw new AppError('FFMPEG_FAILED', 'Expected segments in the playlist, found none.');
  return found.map(([, seconds, path]) => ({
    file: path!.trim().split('/').at(-1)!,
    durationSeconds: Number(seconds),
  }));
}
