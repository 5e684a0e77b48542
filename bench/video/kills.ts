/** SIGKILLs at random points of a run; the same command must then make what an uninterrupted run makes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { chunkFolderPath } from '../../src/media/chunk-journal.ts';
import { processTree, type TreeProcess } from '../process-tree.ts';
import { atLeast, atMost, type Check } from '../wanted.ts';
import { type BenchContext, MEDIA } from './context.ts';
import { hashFrames } from './frame-hashes.ts';
import { PROGRAM, runProgram } from './measured-run.ts';
import { createRandom } from './random.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface KillReport {
  readonly checks: readonly Check[];
  readonly frames: number;
  readonly chunkSize: number;
  readonly seed: number;
  readonly uninterruptedSeconds: number;
  readonly kills: readonly Kill[];
}

const VICTIMS = ['runner', 'ffmpeg', 'command line'] as const;
type Victim = (typeof VICTIMS)[number];

interface Kill {
  readonly victim: Victim;
  readonly atSeconds: number;
  /** Frames that had gone to the encoder, by the last progress event. */
  readonly doneFrames: number;
  /** Frames of the chunks that the journal counts. */
  readonly keptFrames: number;
  /** Whole chunks between both. */
  readonly chunksRedone: number;
  /** Processes of the run that were alive some seconds later. */
  readonly orphans: number;
  readonly rerunSeconds: number;
  readonly differentFrames: number;
}

const CHUNK_SIZE = 50;
/** Time in which everything that belonged to a killed run must be gone. */
const GONE_WITHIN_MS = 10_000;
const POLL_MS = 20;

export async function measureKills({ args, folder, library, say, sourcePath }: BenchContext): Promise<KillReport> {
  const { killFrames: frames, seed } = args;
  const random = createRandom(seed);
  const target = await folder.make('kills.mp4', library.mediaPath(MEDIA), { frames });
  const output = folder.path('killed.mp4');
  const words = ['-s', sourcePath, '-t', target, '-o', output, '--force', '--video-chunk-size', String(CHUNK_SIZE)];
  const reference = await runProgram(words);
  const expected = await hashFrames(output);
  const kills: Kill[] = [];
  while (kills.length < args.kills) {
    await rm(output, { force: true });
    const victim = VICTIMS[kills.length % VICTIMS.length];
    const killed = await killRun(words, victim, random() * reference.seconds, random);
    // It was faster than the uninterrupted one: nothing was killed.
    if (!killed) continue;
    const keptFrames = await framesInJournal(output);
    const { seconds: rerunSeconds } = await runProgram(words);
    const hashes = await hashFrames(output);
    const kill: Kill = {
      ...{ victim, ...killed, keptFrames, rerunSeconds },
      chunksRedone: Math.floor(Math.max(0, killed.doneFrames - keptFrames) / CHUNK_SIZE),
      differentFrames:
        Math.abs(hashes.length - expected.length) + hashes.filter((hash, index) => hash !== expected[index]).length,
    };
    kills.push(kill);
    say(
      `kill ${kills.length}: ${victim} after ${kill.atSeconds.toFixed(1)} s, ${kill.doneFrames} frames done, ${keptFrames} kept; ${kill.differentFrames} frames differ, ${kill.orphans} orphans${existsSync(chunkFolderPath(output)) ? ', chunks left' : ''}`,
    );
  }
  const most = (value: (kill: Kill) => number): number => Math.max(...kills.map(value));
  return {
    checks: [
      atLeast(
        `right outputs after ${kills.length} kills`,
        kills.filter((kill) => kill.differentFrames === 0).length,
        kills.length,
      ),
      atMost(
        'whole chunks made again after a kill',
        most(({ chunksRedone }) => chunksRedone),
        WANTED.chunksRedone,
      ),
      atMost(
        'processes left by a kill',
        most(({ orphans }) => orphans),
        0,
      ),
    ],
    ...{ frames, chunkSize: CHUNK_SIZE, seed, uninterruptedSeconds: reference.seconds, kills },
  };
}

/** Starts a run and kills one of its processes. @returns undefined where the run ended before that */
async function killRun(
  words: readonly string[],
  victim: Victim,
  afterSeconds: number,
  random: () => number,
): Promise<Pick<Kill, 'atSeconds' | 'doneFrames' | 'orphans'> | undefined> {
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'process', ...words, '--json=lines', '--quiet'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let doneFrames = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const [, done] of text.matchAll(/"stage":"process","done":(\d+)/g))
      doneFrames = Math.max(doneFrames, Number(done));
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const isEnded = await Promise.race([ended.then(() => true), delay(1000 * afterSeconds, false)]);
  const id = isEnded ? undefined : victimOf(child, victim, random);
  if (id === undefined) {
    child.kill();
    await ended;
    return undefined;
  }
  const family = processTree(child.pid ?? 0);
  process.kill(id, 'SIGKILL');
  const result = { atSeconds: (performance.now() - start) / 1000, doneFrames };
  await ended;
  return { ...result, orphans: await countAlive(family) };
}

function victimOf(child: ChildProcess, victim: Victim, random: () => number): number | undefined {
  const family = processTree(child.pid ?? 0);
  const choose = (ids: readonly number[]): number | undefined => ids[Math.floor(random() * ids.length)];
  switch (victim) {
    case 'command line':
      return child.pid;
    case 'runner':
      return family.find(({ command }) => command.includes('runner-process'))?.id;
    case 'ffmpeg':
      return choose(family.filter(({ name }) => name === 'ffmpeg').map(({ id }) => id));
  }
}

/** Waits until all are gone, or have become other programs, or too much time has passed. */
async function countAlive(family: readonly TreeProcess[]): Promise<number> {
  const end = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const alive = family.filter(({ id, command }) => processTree(id)[0]?.command === command);
    if (alive.length === 0 || performance.now() > end) return alive.length;
    await delay(POLL_MS);
  }
}

async function framesInJournal(output: string): Promise<number> {
  const text = await readFile(`${chunkFolderPath(output)}/journal.jsonl`, 'utf8').catch(() => '');
  let frames = 0;
  for (const [, start, end] of text.matchAll(/"startFrame":(\d+),"endFrame":(\d+)/g))
    frames += Number(end) - Number(start);
  return frames;
}
