/** Hashes of the decoded frames of a video. */
import { runFfmpeg } from '../../src/media/ffmpeg-process.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';

/** @returns one MD5 a frame of the first video stream, in order */
export async function hashFrames(path: string): Promise<readonly string[]> {
  const { ffmpegPath } = await findFfmpeg();
  const words = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ];
  const { exit, stdout, stderr } = await runFfmpeg(ffmpegPath, words, { timeoutSeconds: 600 });
  if (exit.code !== 0) throw new Error(`ffmpeg could not decode ${path}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}
