/**
 * `npm run bench:cluster`: a day of a million videos, seconds of it, on a real Redis. Simulated are only the machines' work:
 * queue, store, plans, progress, fair share and ends are the product's. JSON goes to stdout, progress to stderr.
 *   --videos-per-day 1000000 --video-seconds 60 --chunk-frames 100 --chunk-seconds 2.5 --workers 2000 --seconds 60
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRedis } from '../../test/helpers/redis-server.ts';
import { watchRedis } from './redis-load.ts';
import type { SimulationCounts, SimulationOrder } from './simulated-worker.ts';
import { startSubmitting } from './submitter.ts';

const { values } = parseArgs({
  options: {
    'videos-per-day': { type: 'string', default: '1000000' },
    'video-seconds': { type: 'string', default: '60' },
    'chunk-frames': { type: 'string', default: '100' },
    'chunk-seconds': { type: 'string', default: '2.5' },
    workers: { type: 'string', default: '2000' },
    machines: { type: 'string', default: '250' },
    processes: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '40' },
    seconds: { type: 'string', default: '60' },
  },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const number = (name: keyof typeof values): number => Number(values[name]);
const FPS = 25;
const perDay = number('videos-per-day');
const chunks = Math.ceil((number('video-seconds') * FPS) / number('chunk-frames'));
const processes = number('processes');
const machines = number('machines');
const concurrency = Math.round(number('workers') / machines);

const quantile = (list: readonly number[], share: number): number | undefined => {
  const sorted = [...list].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? undefined : Number(value.toFixed(3));
};
const spreadOf = (list: readonly number[]) => ({
  median: quantile(list, 0.5),
  p95: quantile(list, 0.95),
  p99: quantile(list, 0.99),
});

const folder = mkdtempSync(join(tmpdir(), 'facefusion-bench-cluster-'));
await using redis = await startRedis({ durable: 'everysec' });
const load = await watchRedis(redis.url);
const children: ChildProcess[] = [];
try {
  say(`starting ${machines} machines with ${concurrency} tasks at once each`);
  for (let at = 0; at < processes; at++) {
    const child = fork(new URL('./simulated-worker.ts', import.meta.url), { stdio: 'inherit' });
    children.push(child);
    const order: SimulationOrder = {
      ...{ url: redis.url, machines: Math.round(machines / processes), concurrency, chunks },
      ...{ framesPerChunk: number('chunk-frames'), chunkSeconds: number('chunk-seconds'), seed: at + 1 },
    };
    child.send(order);
    await once(child, 'message');
  }
  const ask = async (): Promise<SimulationCounts[]> =>
    Promise.all(
      children.map(async (child) => {
        child.send('read');
        const [counts] = (await once(child, 'message')) as [SimulationCounts];
        return counts;
      }),
    );
  const idle = await (async () => {
    await wait(5000);
    await load.read();
    await wait(10_000);
    return load.read();
  })();
  say('submitting');
  const warmUp = await startSubmitting(redis.url, folder, perDay / 86_400, number('video-seconds'));
  // Until as many jobs are in each stage as there will be.
  await wait(number('warm-up') * 1000);
  await warmUp();
  const stop = await startSubmitting(redis.url, folder, perDay / 86_400, number('video-seconds'));
  const before = await ask();
  await load.read();
  await wait(number('seconds') * 1000);
  const [busy, counts, submissions] = [await load.read(), await ask(), await stop()];
  const seconds = number('seconds');
  const tasks = counts.reduce((sum, { tasks: done }) => sum + done, 0);
  const jobs = counts.reduce((sum, { jobs: done }) => sum + done, 0);
  const waits = Object.fromEntries(
    ['plan', 'chunk', 'stitch'].map((kind) => [kind, spreadOf(counts.flatMap((count) => count.waits[kind] ?? []))]),
  );
  const workerCores =
    counts.reduce((sum, { cpuSeconds }, at) => sum + cpuSeconds - before[at]!.cpuSeconds, 0) / seconds;
  const report = {
    machine: {
      processor: os.cpus()[0]?.model,
      cores: os.cpus().length,
      node: process.version,
      redis: '7.0.15, appendfsync everysec',
    },
    simulated: {
      ...{
        videosPerDay: perDay,
        videoSeconds: number('video-seconds'),
        chunks,
        workers: machines * concurrency,
        machines,
      },
      ...{ chunkSeconds: number('chunk-seconds'), measuredSeconds: seconds },
    },
    wantedTasksPerSecond: Number(((perDay / 86_400) * (chunks + 2)).toFixed(1)),
    tasksPerSecond: Number((tasks / seconds).toFixed(1)),
    jobsPerSecond: Number((jobs / seconds).toFixed(2)),
    errors: counts.reduce((sum, { errors }) => sum + errors, 0),
    waitSeconds: waits,
    jobSeconds: spreadOf(counts.flatMap((count) => count.jobSeconds)),
    redis: { idle: { commandsPerSecond: idle.commandsPerSecond, cores: idle.cores }, busy },
    redisMillisecondsPerTask: Number((((busy.cores - idle.cores) * 1000) / (tasks / seconds)).toFixed(3)),
    /** Tasks a second with which the one thread of Redis would be busy all the time, by this measure. */
    redisTasksPerSecondAtMost: Math.round((1 - idle.cores) / ((busy.cores - idle.cores) / (tasks / seconds))),
    gateway: {
      submitted: submissions.submitted,
      refused: submissions.refused,
      millisecondsOfCpuPerJob: Number(((submissions.cpuSeconds * 1000) / submissions.submitted).toFixed(2)),
      latencyMilliseconds: spreadOf(submissions.latencies),
    },
    /** Of the control processes of all machines together: what scheduling costs. */
    workersControl: {
      cores: Number(workerCores.toFixed(3)),
      millisecondsPerTask: Number(((workerCores * 1000) / (tasks / seconds)).toFixed(2)),
      shareOfChunk: Number((workerCores / (tasks / seconds) / number('chunk-seconds')).toFixed(5)),
    },
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  for (const child of children) child.kill('SIGKILL');
  load.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
