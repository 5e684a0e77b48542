/** Peak memory of the command line on a short and on a long 720p video. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AS_720P, ClipFolder } from './clips.ts';
import type { FaceLibrary } from './face-library.ts';
import { treeMegabytes } from './process-tree.ts';
import { writeSourcePhoto } from './source-photo.ts';
import { atMost, type Check, WANTED_SPEED } from './wanted.ts';

export interface MemoryReport {
  readonly checks: readonly Check[];
  /** Peak of the sum over the process tree, megabytes, by number of frames. */
  readonly peakMegabytes: Readonly<Record<string, number>>;
}

const MEDIA = 'cap12';
const SOURCE = 's6#3';
const LENGTHS = [300, 3000] as const;
const SAMPLE_MILLISECONDS = 50;
/** The program as it is shipped: a TypeScript loader would count too. */
const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Runs the built program. @throws Error when there is no build or the run fails */
export async function measureMemory(library: FaceLibrary, say: (text: string) => void): Promise<MemoryReport> {
  if (!existsSync(PROGRAM)) throw new Error('Memory is measured on the built program: npm run build comes first.');
  await using folder = await ClipFolder.create();
  const source = await writeSourcePhoto(library, SOURCE, folder);
  const peaks: number[] = [];
  for (const frames of LENGTHS) {
    const name = `target-${frames}.mp4`;
    const target = await folder.make(name, library.mediaPath(MEDIA), { frames, filters: AS_720P });
    const peak = await peakOf(source, target, folder.path(`result-${frames}.mp4`));
    say(`${frames} frames: ${peak.toFixed(0)} MB`);
    peaks.push(peak);
  }
  const [short, long] = peaks;
  return {
    checks: [
      atMost('peak memory at 720p, megabytes', Math.max(...peaks), WANTED_SPEED.peakMegabytes),
      atMost('peak memory, 3000 frames over 300', long / short, WANTED_SPEED.growth),
    ],
    peakMegabytes: Object.fromEntries(LENGTHS.map((frames, i) => [String(frames), peaks[i]])),
  };
}

async function peakOf(source: string, target: string, output: string): Promise<number> {
  const words = [PROGRAM, 'process', '--source', source, '--target', target, '--output', output, '--quiet'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const timer = setInterval(() => {
    if (child.pid !== undefined) peak = Math.max(peak, treeMegabytes(child.pid));
  }, SAMPLE_MILLISECONDS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`The program ended with exit code ${code}.`);
  return peak;
}
