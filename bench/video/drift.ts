/** How far picture and sound are from their times after many chunks have been joined. */
import { runFfmpeg } from '../../src/media/ffmpeg-process.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';
import { indexFrames } from '../../src/media/packet-index.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { createChunkPlan } from '../../src/trust/plan-chunks.ts';
import { atLeast, atMost, type Check } from '../wanted.ts';
import { type BenchContext, MEDIA } from './context.ts';
import { runProgram } from './measured-run.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface DriftReport {
  readonly checks: readonly Check[];
  readonly rates: readonly DriftMeasures[];
}

export interface DriftMeasures {
  readonly rate: string;
  readonly chunks: number;
  readonly frames: number;
  /** Largest difference of a time stamp to that of the same frame or packet of the target, milliseconds. */
  readonly videoErrorMs: number;
  readonly audioErrorMs: number;
}

const RATES = ['24000/1001', '30000/1001'] as const;
const CHUNKS = 40;
const CHUNK_SIZE = 10;

export async function measureDrift(context: BenchContext): Promise<DriftReport> {
  const rates: DriftMeasures[] = [];
  for (const rate of context.args.quick ? RATES.slice(0, 1) : RATES) rates.push(await measureRate(context, rate));
  return {
    rates,
    checks: rates.flatMap(({ rate, chunks, videoErrorMs, audioErrorMs }) => [
      atLeast(`chunks at ${rate}`, chunks, CHUNKS),
      atMost(`drift of the picture at ${rate}, ms`, videoErrorMs, WANTED.driftMs),
      atMost(`drift of the sound at ${rate}, ms`, audioErrorMs, WANTED.driftMs),
    ]),
  };
}

async function measureRate({ folder, library, say, sourcePath }: BenchContext, rate: string): Promise<DriftMeasures> {
  const target = await makeTarget(library.mediaPath(MEDIA), folder.path('drift.mp4'), rate);
  const output = folder.path('drifted.mp4');
  await runProgram(['-s', sourcePath, '-t', target, '-o', output, '--force', '--video-chunk-size', String(CHUNK_SIZE)]);
  const [video, videoBefore] = [await packetTimes(output, 'v:0'), await packetTimes(target, 'v:0')];
  const [audio, audioBefore] = [await packetTimes(output, 'a:0'), await packetTimes(target, 'a:0')];
  const measures: DriftMeasures = {
    ...{ rate, chunks: await countChunks(target), frames: video.length },
    videoErrorMs: largestError(video, videoBefore),
    audioErrorMs: largestError(audio, audioBefore),
  };
  say(
    `${measures.chunks} chunks at ${rate}: picture off by at most ${measures.videoErrorMs.toFixed(3)} ms, sound ${measures.audioErrorMs.toFixed(3)} ms`,
  );
  return measures;
}

/** cap12 with a rate of its own, and a tone. */
async function makeTarget(original: string, path: string, rate: string): Promise<string> {
  const frames = CHUNKS * CHUNK_SIZE;
  const { ffmpegPath } = await findFfmpeg();
  const words = [
    ...['-v', 'error', '-y', '-r', rate, '-i', original, '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000'],
    ...[
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-frames:v',
      String(frames),
      '-shortest',
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
    ],
    ...['-crf', '18', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path],
  ];
  const { exit, stderr } = await runFfmpeg(ffmpegPath, words, { timeoutSeconds: 600 });
  if (exit.code !== 0) throw new Error(`ffmpeg could not make the clip: ${stderr}`);
  return path;
}

async function countChunks(path: string): Promise<number> {
  const { times, isKey } = await indexFrames(path, await probeVideo(path));
  const plan = createChunkPlan({ startFrame: 0, endFrame: times.length, openEnd: true, chunkSize: CHUNK_SIZE, isKey });
  let chunks = 0;
  while (plan.chunk(chunks)) chunks++;
  return chunks;
}

/** Seconds at which the packets of a stream are shown or heard, in that order. */
async function packetTimes(path: string, stream: string): Promise<readonly number[]> {
  const { ffprobePath } = await findFfmpeg();
  const words = ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path];
  const { exit, stdout, stderr } = await runFfmpeg(ffprobePath, words, { timeoutSeconds: 600 });
  if (exit.code !== 0) throw new Error(`ffprobe could not read ${path}: ${stderr}`);
  return stdout
    .split('\n')
    .map((line) => Number.parseFloat(line))
    .filter((seconds) => Number.isFinite(seconds))
    .sort((a, b) => a - b);
}

/** Infinite where there are more or fewer than there were. */
function largestError(times: readonly number[], before: readonly number[]): number {
  if (times.length !== before.length || times.length === 0) return Number.POSITIVE_INFINITY;
  return Math.max(...times.map((seconds, index) => 1000 * Math.abs(seconds - before[index])));
}
