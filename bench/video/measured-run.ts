/** Runs a program to its end and measures what it and everything that it starts take. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { distinctMegabytes, processTree, residentMegabytes } from '../process-tree.ts';

const RESIDENT_SAMPLE_MS = 50;
/** Every second of the others: the kernel walks all pages for it. */
const DISTINCT_EVERY = 2;

export interface MeasuredRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From start to end, as a user waits. */
  readonly seconds: number;
  /** User and system time of the program and of all children that it waited for. */
  readonly cpuSeconds: number;
  /** 0 unless `watchMemory`. */
  readonly peak: MemoryPeak;
}

/** Peaks over time of the sum over all processes: pages that they share counted for each of them, and once. */
export interface MemoryPeak {
  readonly residentMegabytes: number;
  readonly distinctMegabytes: number;
  /** Largest of each kind of process by itself, with a number where there are several at once. */
  readonly byProcess: Readonly<Record<string, number>>;
}

export interface MeasureOptions {
  readonly watchMemory?: boolean;
  /** Exit codes that are no failure of the measurement. Default: 0. */
  readonly goodCodes?: readonly number[];
}

/** POSIX `times` adds up the CPU time of a shell's children, theirs included; Node cannot ask for it. */
const SHELL = '"$@"; code=$?; times >&3; exit $code';

/** @throws Error with the end of stderr where the program ends with another code */
export async function measureRun(
  program: string,
  words: readonly string[],
  { watchMemory = false, goodCodes = [0] }: MeasureOptions = {},
): Promise<MeasuredRun> {
  const start = performance.now();
  const child = spawn('sh', ['-c', SHELL, 'sh', program, ...words], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const watch = watchMemory ? watchPeak(child.pid ?? 0) : undefined;
  const [stdout, stderr, times] = await Promise.all([
    textOf(child, 1),
    textOf(child, 2),
    textOf(child, 3),
    closed(child),
  ]);
  const seconds = (performance.now() - start) / 1000;
  const peak = watch?.() ?? { residentMegabytes: 0, distinctMegabytes: 0, byProcess: {} };
  const code = child.exitCode ?? -1;
  if (!goodCodes.includes(code)) throw new Error(`${program} ended with ${code}: ${stderr.slice(-2000)}`);
  return { code, stdout, stderr, seconds, cpuSeconds: childSeconds(times), peak };
}

const closed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });

async function textOf(child: ChildProcess, descriptor: 1 | 2 | 3): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdio[descriptor] as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The second line of `times`: user and system time of the children, as `1m23.45s`. */
function childSeconds(times: string): number {
  const parts = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`The shell said ${JSON.stringify(times)} for times.`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

function watchPeak(shell: number): () => MemoryPeak {
  let resident = 0;
  let distinct = 0;
  const byProcess: Record<string, number> = {};
  let sample = 0;
  const look = (): void => {
    const tree = processTree(shell).filter(({ id }) => id !== shell);
    resident = Math.max(resident, residentMegabytes(tree));
    if (sample++ % DISTINCT_EVERY !== 0) return;
    distinct = Math.max(distinct, distinctMegabytes(tree));
    const seen = new Map<string, number>();
    for (const process of tree) {
      const megabytes = distinctMegabytes([process]);
      // Ending, or not yet begun.
      if (megabytes === 0) continue;
      const kind = kindOf(process.name, process.command);
      const number = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, number);
      const key = number === 1 ? kind : `${kind} ${number}`;
      byProcess[key] = Math.max(byProcess[key] ?? 0, megabytes);
    }
  };
  const timer = setInterval(look, RESIDENT_SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return { residentMegabytes: resident, distinctMegabytes: distinct, byProcess };
  };
}

function kindOf(name: string, command: string): string {
  if (name === 'ffmpeg') return / -f rawvideo /.test(command) ? 'decoder' : 'encoder';
  return command.includes('runner-process') ? 'runner' : name === 'node' ? 'command line' : name;
}

/** The program as it is shipped: a TypeScript loader would count too. */
export const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What the bench reads of `process --json`. */
const resultSchema = z.object({
  outcome: z.string(),
  frames: z.object({ total: z.number(), changed: z.number() }),
  timing: z.object({
    totalSeconds: z.number(),
    framesPerSecond: z.number().optional(),
    stages: z.record(z.string(), z.number()),
  }),
});

export type RunDocument = z.output<typeof resultSchema>;
export type ProgramRun = MeasuredRun & { readonly result: RunDocument };

/** `facefusion process …`, the built program. @throws Error when there is no build, or the run fails */
export async function runProgram(words: readonly string[], options: MeasureOptions = {}): Promise<ProgramRun> {
  if (!existsSync(PROGRAM)) throw new Error('The built program is measured: npm run build comes first.');
  const run = await measureRun(process.execPath, [PROGRAM, 'process', ...words, '--json', '--quiet'], options);
  return { ...run, result: resultSchema.parse(JSON.parse(run.stdout)) };
}
