/** Ten jobs in a row in one process: whether they leave memory or sessions behind. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../../src/evaluate/metrics/statistics.ts';
import { processImage } from '../../src/runner/process.ts';
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

/** Every job swaps the face of a photo twice: with the embedded swapper, then with a model of the user's. */
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
    const paths = { sourcePaths: [source], targetPath: target, outputPath: folder.path('job.png'), force: true };
    await processImage(paths, { logger });
    await processImage({ ...paths, modelFolder, licensePolicy: 'any', faceSwapperModel: 'inswapper_128' }, { logger });
    collect();
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
