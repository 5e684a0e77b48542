import { ffmpegFailure, runFfmpeg, toFfmpegFile } from '../../media/ffmpeg-process.ts';
import { findFfmpeg } from '../../media/find-ffmpeg.ts';
import { UNTRUSTED_INPUT } from '../../media/video-input.ts';

/** Writes the frame at this time as a PNG. @throws FFMPEG_FAILED, CANCELLED */
export async function takeFrame(input: string, output: string, seconds: number, signal: AbortSignal): Promise<void> {
  const { ffmpegPath } = await findFfmpeg();
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
  const from = [...UNTRUSTED_INPUT, '-ss', seconds.toFixed(3), '-i', toFfmpegFile(input)];
  const { exit, stderr } = await runFfmpeg(
    ffmpegPath,
    [...quiet, ...from, '-frames:v', '1', '-update', '1', toFfmpegFile(output)],
    { signal },
  );
  if (exit.code !== 0) throw ffmpegFailure(exit, stderr, 'taking a frame');
}
