/** Runs of the command line whose processes can be told from all others, caught at a moment and looked at afterwards. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { ffmpeg } from '../../helpers/run-folder.ts';
import { type CliResult, MEDIA, makeFolder, runCli } from './cli.ts';
import { holdRunner } from './hold-runner.ts';

/** A moment that a run can be caught at. */
export type Moment = 'models' | 'frames' | 'second chunk' | 'last frame';

/** Frames of the runs, in chunks of `CHUNK`. */
export const FRAMES = 90;
export const CHUNK = 30;

export interface RunProcess {
  readonly id: number;
  readonly kind: 'cli' | 'runner' | 'decoder' | 'encoder' | 'other';
  /** One letter, see proc(5): `T` stopped, `Z` ended but not collected. */
  readonly state: string;
}

export interface WatchedRuns {
  at(name: string): string;
  /**
   * Runs the clip and calls `act` once, at the moment, at which the runner stands still until then. With `--json=lines`, unless `more`
   * says otherwise.
   */
  runUntil(output: string, moment: Moment, act: (run: CaughtRun) => void, more?: readonly string[]): Promise<CliResult>;
  /** Runs the clip to its end. */
  run(output: string, more?: readonly string[]): Promise<CliResult>;
  /** Processes of our runs that are alive. */
  processes(): readonly RunProcess[];
  /** Waits until no process of our runs is left. */
  allGone(): Promise<void>;
  /** Files beside and for an output that only a run in progress may have. */
  unfinishedFiles(output: string): readonly string[];
  dispose(): void;
}

export interface CaughtRun {
  readonly cli: ChildProcess;
  readonly processes: readonly RunProcess[];
}

/** What the runner says last before it is held: words of its log, or frames that are done, well inside a chunk. */
const SAID_AT: Readonly<Record<Moment, string | number>> = {
  models: 'run begins',
  frames: CHUNK / 3,
  'second chunk': CHUNK + CHUNK / 3,
  'last frame': FRAMES,
};

const kindOf = (command: string): RunProcess['kind'] => {
  if (command.includes('cli/main.js')) return 'cli';
  if (command.includes('runner-process')) return 'runner';
  if (!command.includes('ffmpeg')) return 'other';
  if (command.includes('pipe:0')) return 'encoder';
  return command.includes('rawvideo') ? 'decoder' : 'other';
};

/** Makes the target: small, and worked on by what loads least, for what is looked at is the processes. */
export function watchRuns(name: string): WatchedRuns {
  const folder = makeFolder(name);
  const at = (file: string): string => join(folder.path, file);
  ffmpeg('-t', '4', '-i', MEDIA.talkingMan, '-vf', 'scale=240:180', '-preset', 'ultrafast', at('target.mp4'));
  mkdirSync(at('held'));
  const mark = `FACEFUSION_TEST_RUN=${folder.path}`;

  const processes = (): RunProcess[] =>
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => {
        try {
          if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(mark)) return [];
          const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
          const state = stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
          return [{ id: Number(entry), kind: kindOf(readFileSync(`/proc/${entry}/cmdline`, 'latin1')), state }];
        } catch {
          // It ended while we looked.
          return [];
        }
      });
  const words = (output: string, more: readonly string[]): string[] => [
    ...['process', '--processors', 'stylizer', '--stylizer-model', 'sketch', '-t', at('target.mp4'), '-o', at(output)],
    ...['--verbose', '--json=lines', '--trim-frame-end', String(FRAMES), '--video-chunk-size', String(CHUNK), ...more],
  ];
  const env = { FACEFUSION_TEST_RUN: folder.path };
  return {
    at,
    processes,
    run: (output, more = []) => runCli(words(output, more), { env }),
    async runUntil(output, moment, act, more = []) {
      const hold = holdRunner(at(`held/${output}`), SAID_AT[moment]);
      let cli: ChildProcess | undefined;
      let hasActed = false;
      const look = setInterval(() => {
        if (hasActed || !cli || !hold.isHeld()) return;
        hasActed = true;
        try {
          act({ cli, processes: processes() });
        } finally {
          hold.letGo();
        }
      }, 10);
      const result = await runCli(words(output, more), {
        env: { ...env, ...hold.env },
        ownGroup: true,
        onStart: (child) => {
          cli = child;
        },
      }).finally(() => clearInterval(look));
      expect(hasActed, `no ${moment}: ${result.stderr}`).toBe(true);
      return result;
    },
    allGone: () => vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 20_000 }),
    unfinishedFiles: (output) => [
      ...readdirSync(folder.path).filter((entry) => entry.startsWith(`${output}.partial`)),
      ...(existsSync(at(`${output}.chunks`))
        ? readdirSync(at(`${output}.chunks`)).filter((entry) => !/^(?:journal.*|chunk-\d+\.(?:state|\w+))$/.test(entry))
        : []),
    ],
    dispose: folder.dispose,
  };
}

/** The events that `--json=lines` printed. */
export const eventsOf = ({ stdout }: CliResult) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Process ids of one kind. */
export const idsOf = ({ processes }: CaughtRun, kind: RunProcess['kind']): number[] =>
  processes.filter((process) => process.kind === kind).map(({ id }) => id);
