/**
 * One of the processes that stand for many machines with workers: real queue, real store, real reports; only the work
 * itself is a wait. Each machine has connections of its own. Started by `main.ts`, told what to do by one message.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { JobOutput } from '../../src/jobs/job.ts';
import { createProgressReport, reportBegun, reportCompleted, reportPlan } from '../../src/jobs/job-progress.ts';
import { openBullQueue } from '../../src/jobs/queue/bull-queue.ts';
import { COMMON_LANE } from '../../src/jobs/queue/lanes.ts';
import type { Attempt, Task } from '../../src/jobs/queue/queue.ts';
import { openRedisStore } from '../../src/jobs/store/redis-store.ts';
import { jobPayloadSchema, taskId } from '../../src/jobs/tasks.ts';
import { createRandom } from '../video/random.ts';

export interface SimulationOrder {
  readonly url: string;
  readonly machines: number;
  /** Tasks at once on each machine. */
  readonly concurrency: number;
  readonly chunks: number;
  readonly framesPerChunk: number;
  /** Median of the time a chunk takes; single ones differ by half and double. */
  readonly chunkSeconds: number;
  readonly seed: number;
}

/** What a process has seen since it was last asked. */
export interface SimulationCounts {
  readonly tasks: number;
  readonly jobs: number;
  /** Seconds from ready to begun, by kind. */
  readonly waits: Readonly<Record<string, readonly number[]>>;
  /** Seconds from the submission of a job to its end. */
  readonly jobSeconds: readonly number[];
  readonly errors: number;
  /** Of this process, since its start. */
  readonly cpuSeconds: number;
}

const PLAN_SECONDS = 0.4;
const STITCH_SECONDS = 3;

async function simulate(order: SimulationOrder): Promise<() => SimulationCounts> {
  const { url, machines, concurrency, chunks, framesPerChunk, chunkSeconds, seed } = order;
  const random = createRandom(seed);
  let [tasks, jobs, errors] = [0, 0, 0];
  let waits: Record<string, number[]> = {};
  let jobSeconds: number[] = [];

  const work = async (
    store: Awaited<ReturnType<typeof openRedisStore>>,
    queue: Awaited<ReturnType<typeof openBullQueue>>,
    name: string,
    { task, readyAt, signal }: Attempt,
  ): Promise<unknown> => {
    const { run, chunk } = jobPayloadSchema.parse(task.payload);
    (waits[task.kind] ??= []).push((Date.now() - readyAt) / 1000);
    const job = await reportBegun({ store }, { job: task.job, run }, task, name);
    if (!job) return undefined;
    const spread = 2 ** (2 * random() - 1);
    if (task.kind === 'plan') {
      await wait(PLAN_SECONDS * spread * 1000, undefined, { signal });
      await reportPlan({ store }, { job: task.job, run }, { chunks, frames: chunks * framesPerChunk });
      const next = (kind: 'chunk' | 'stitch', number: number, more: object): Task => ({
        ...task,
        ...{ id: taskId(task.job, run, kind, number), kind, cost: 1, payload: { run, ...more } },
      });
      const parts = Array.from({ length: chunks }, (_, at) => next('chunk', at, { chunk: at }));
      await queue.addFlow(parts, next('stitch', 0, { chunks }));
    } else if (task.kind === 'chunk') {
      const report = createProgressReport({ store }, { job: task.job, run }, { kind: 'chunk', chunk });
      const seconds = chunkSeconds * spread;
      // As the runner reports: often, of which the report keeps one a second.
      const steps = Math.max(1, Math.round(seconds * 4));
      for (let step = 1; step <= steps; step++) {
        await wait((seconds / steps) * 1000, undefined, { signal });
        report.onProgress({ type: 'progress', stage: 'process', done: Math.round((step / steps) * framesPerChunk) });
      }
      await report.close();
      return { chunk, manifestKey: `jobs/${task.job}/chunks/${chunk}/t/manifest.json`, frames: framesPerChunk };
    } else {
      await wait(STITCH_SECONDS * spread * 1000, undefined, { signal });
      const output: JobOutput = {
        ...{ name: 'result.mp4', role: 'main', key: `jobs/${task.job}/output/t/result.mp4`, contentType: 'video/mp4' },
        ...{ bytes: 12_000_000, sha256: '0'.repeat(64), width: 1280, height: 720 },
      };
      await reportCompleted({ store }, { job: task.job, run }, { outputs: [output], timings: {}, notes: [] });
      jobs++;
      jobSeconds.push((Date.now() - Date.parse(job.createdAt)) / 1000);
    }
    return { done: true };
  };

  for (let machine = 0; machine < machines; machine++) {
    const name = `simulated-${seed}-${machine}`;
    const [store, queue] = [await openRedisStore(url), await openBullQueue({ url })];
    queue.work({
      lanes: () => [COMMON_LANE],
      concurrency,
      handler: async (attempt) => {
        try {
          const value = await work(store, queue, name, attempt);
          tasks++;
          return value;
        } catch (error) {
          errors++;
          throw error;
        }
      },
    });
  }
  return () => {
    const { user, system } = process.cpuUsage();
    const counts = { tasks, jobs, waits, jobSeconds, errors, cpuSeconds: (user + system) / 1e6 };
    [tasks, jobs, errors, waits, jobSeconds] = [0, 0, 0, {}, []];
    return counts;
  };
}

let read: (() => SimulationCounts) | undefined;
process.on('message', (message: SimulationOrder | 'read') => {
  if (message === 'read') process.send?.(read?.());
  else {
    void simulate(message).then((reader) => {
      read = reader;
      process.send?.('ready');
    });
  }
});
process.on('disconnect', () => process.exit());
