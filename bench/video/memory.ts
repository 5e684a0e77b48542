/** Peak memory of all processes of a run, on clips of different length. */
import { runFfmpeg } from '../../src/media/ffmpeg-process.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';
import { atMost, type Check } from '../wanted.ts';
import { type BenchContext, CLIP_CASES, MEDIA } from './context.ts';
import { type MemoryPeak, runProgram } from './measured-run.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface MemoryReport {
  readonly checks: readonly Check[];
  readonly peaks: readonly (MemoryPeak & { readonly size: string; readonly frames: number })[];
}

const SIZES = [
  { size: '720p', filters: CLIP_CASES['720p-240'].filters, limit: WANTED.peakMegabytes720p },
  { size: '1080p', filters: CLIP_CASES['1080p-240'].filters, limit: WANTED.peakMegabytes1080p },
] as const;
/** Frames that are encoded; longer clips repeat them. */
const FOOTAGE = 300;

/** Distinct pages are compared with the limits: the sum of resident ones counts a shared library once a process. */
export async function measureMemory({ args, folder, library, say, sourcePath }: BenchContext): Promise<MemoryReport> {
  const peaks: MemoryReport['peaks'][number][] = [];
  const checks: Check[] = [];
  for (const { size, filters, limit } of SIZES) {
    const footage = await folder.make('footage.mp4', library.mediaPath(MEDIA), { frames: FOOTAGE, filters });
    const ofSize: number[] = [];
    for (const frames of args.memoryFrames) {
      const target = await repeat(footage, folder.path('target.mp4'), frames);
      const words = ['-s', sourcePath, '-t', target, '-o', folder.path('result.mp4'), '--force'];
      const { peak } = await runProgram(words, { watchMemory: true });
      peaks.push({ size, frames, ...peak });
      ofSize.push(peak.distinctMegabytes);
      const each = Object.entries(peak.byProcess).map(([name, megabytes]) => `${name} ${megabytes.toFixed(0)}`);
      say(
        `${size}, ${frames} frames: ${peak.distinctMegabytes.toFixed(0)} MB, with shared pages counted for each process ${peak.residentMegabytes.toFixed(0)} (${each.join(', ')})`,
      );
    }
    checks.push(atMost(`peak memory at ${size}, megabytes`, Math.max(...ofSize), limit));
    if (ofSize.length > 1) {
      const growth = Math.max(...ofSize) / Math.min(...ofSize);
      checks.push(atMost(`peak memory at ${size}, ${args.memoryFrames.join(', ')} frames`, growth, WANTED.peakGrowth));
    }
  }
  return { checks, peaks };
}

/** Makes a clip of exactly so many frames out of a short one, without encoding. */
async function repeat(footage: string, path: string, frames: number): Promise<string> {
  const { ffmpegPath } = await findFfmpeg();
  const words = [
    '-v',
    'error',
    '-y',
    '-stream_loop',
    '-1',
    '-i',
    footage,
    '-c',
    'copy',
    '-frames:v',
    String(frames),
    path,
  ];
  const { exit, stderr } = await runFfmpeg(ffmpegPath, words, { timeoutSeconds: 600 });
  if (exit.code !== 0) throw new Error(`ffmpeg could not repeat the clip: ${stderr}`);
  return path;
}
