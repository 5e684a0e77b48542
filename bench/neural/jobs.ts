/** Ten jobs in a row in one process: whether they leave memory or sessions behind. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../../src/evaluate/metrics/statistics.ts';
import { processImage } from '../../src/runner/process.ts';
import { SMALL_HEAP, SMALL_POOLS } from '../../src/runner/runner-child.ts';
import { writeUserModels } from '../../test/helpers/user-model-folder.ts';
import type { ClipFolder } from '../clips.ts';
import { recogniserGraph, swapperGraph } from './heavy-graphs.ts';

export interface JobsMeasures {
  readonly jobs: number;
  /** Of the process after each job, when its garbage has been collected. */
  readonly residentMegabytes: readonly number[];
  /** The last three (their median) over the three after warming up, minus 1. */
  readonly growth: number;
  /** Sessions that were opened and not released. */
  readonly liveSessions: number;
}

/** The first jobs load libraries, compile code and grow pools. */
const WARM_UP = 3;

/** What the process of the jobs is told. */
export interface JobsTask {
  readonly modelFolder: string;
  readonly sourcePath: string;
  readonly targetPath: string;
  readonly outputPath: string;
  readonly jobs: number;
}

/** Runs the jobs in a process with the settings of the runner's. */
export async function measureJobs(
  folder: ClipFolder,
  source: string,
  target: string,
  jobs = 10,
): Promise<JobsMeasures> {
  // Narrow: ten jobs shall take seconds.
  const modelFolder = await writeUserModels(folder.path('job-models'), [
    { id: 'inswapper_128', bytes: swapperGraph(64).bytes },
    { id: 'arcface', bytes: recogniserGraph().bytes },
  ]);
  const task: JobsTask = {
    ...{ modelFolder, sourcePath: source, targetPath: target, outputPath: folder.path('job.png'), jobs },
  };
  const child = fork(new URL('./jobs-process.ts', import.meta.url), [JSON.stringify(task)], {
    execArgv: ['--import', 'tsx', ...SMALL_HEAP],
    env: { ...SMALL_POOLS, ...process.env },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (measures) => resolve(measures as JobsMeasures));
    child.once('exit', (code) => reject(new Error(`The process of the jobs ended with ${code}.`)));
  });
}

/** Every job swaps the face of a photo twice: with the embedded swapper, then with a model of the user's. */
export async function runJobs({ modelFolder, jobs, sourcePath, ...files }: JobsTask): Promise<JobsMeasures> {
  const live = new Map<string, number>();
  const count = (id: unknown, by: number): void => void live.set(String(id), (live.get(String(id)) ?? 0) + by);
  const logger = {
    debug(message: string, fields: Readonly<Record<string, unknown>> = {}) {
      if (message === 'model loaded') count(fields.id, 1);
      if (message === 'model released') count(fields.id, -1);
    },
    info() {},
    warn() {},
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const residentMegabytes: number[] = [];
  for (let job = 0; job < jobs; job++) {
    const options = { ...files, sourcePaths: [sourcePath], force: true };
    await processImage(options, { logger });
    const own = { modelFolder, licensePolicy: 'any', faceSwapperModel: 'inswapper_128' };
    await processImage({ ...options, ...own }, { logger });
    // What a tensor holds is released by a finaliser, which runs in a turn of the event loop after the collection.
    for (let pass = 0; pass < 3; pass++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    residentMegabytes.push(resident());
  }
  const early = median(residentMegabytes.slice(WARM_UP, WARM_UP + 3));
  return {
    ...{ jobs, residentMegabytes, growth: median(residentMegabytes.slice(-3)) / early - 1 },
    liveSessions: [...live.values()].reduce((sum, value) => sum + value, 0),
  };
}

/** In MB; what Node calls `rss` on every system. */
const resident = (): number =>
  process.platform === 'linux'
    ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1000
    : process.memoryUsage().rss / 1e6;
