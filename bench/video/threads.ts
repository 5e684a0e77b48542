/** One thread against two: the same bytes, and never slower. */
import { atLeast, atMost, type Check } from '../wanted.ts';
import { type BenchContext, CLIP_CASES, MEDIA, type Spread, spread } from './context.ts';
import { hashFrames } from './frame-hashes.ts';
import { runProgram } from './measured-run.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface ThreadsReport {
  readonly checks: readonly Check[];
  readonly loopFps: Readonly<Record<string, Spread>>;
  readonly differentFrames: number;
}

const COUNTS = [1, 2] as const;

export async function measureThreads({ args, folder, library, say, sourcePath }: BenchContext): Promise<ThreadsReport> {
  const { frames, runs } = args;
  const { filters } = CLIP_CASES['720p-240'];
  const target = await folder.make('target.mp4', library.mediaPath(MEDIA), { frames, filters });
  const outputOf = (count: number): string => folder.path(`threads-${count}.mp4`);
  const fps = new Map<number, number[]>(COUNTS.map((count) => [count, []]));
  for (let round = 0; round < runs; round++) {
    for (const count of COUNTS) {
      const words = ['-s', sourcePath, '-t', target, '-o', outputOf(count), '--force'];
      const { result } = await runProgram([...words, '--execution-thread-count', String(count)]);
      fps.get(count)?.push(result.timing.framesPerSecond ?? 0);
    }
  }
  const [one, two] = COUNTS.map((count) => spread(fps.get(count) ?? []));
  const [first, second] = await Promise.all(COUNTS.map((count) => hashFrames(outputOf(count))));
  const differentFrames =
    Math.abs(first.length - second.length) +
    first.filter((hash, index) => index < second.length && hash !== second[index]).length;
  say(`threads: one ${one.median.toFixed(1)} fps, two ${two.median.toFixed(1)}; ${differentFrames} frames differ`);
  return {
    checks: [
      atLeast('two threads over one, frames a second', two.median / one.median, WANTED.twoThreadsOverOne),
      atMost('frames that differ between one thread and two', differentFrames, 0),
    ],
    loopFps: { 1: one, 2: two },
    differentFrames,
  };
}
