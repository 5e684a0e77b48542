/**
 * `npm run bench:server`: what one gateway takes, and what the service costs beside the work. JSON goes to stdout, progress
 * to stderr. `--part load|photo|overhead|workers` measures one.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { defaultModelDirectory } from '../../src/engine/inference/session.ts';
import { readManifest } from '../../src/engine/models/manifest.ts';
import { startRedis } from '../../test/helpers/redis-server.ts';
import { ffmpeg } from '../../test/helpers/run-folder.ts';
import { sampleVideoPath } from '../../test/helpers/sample-media.ts';
import { describeMachine } from '../machine.ts';
import { startService, submit, untilEnded, upload } from './service.ts';
import type { StreamOrder, StreamReport } from './streams.ts';
import { startWorker } from './worker.ts';

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    seconds: { type: 'string', default: '15' },
    streams: { type: 'string', default: '5000' },
    runs: { type: 'string', default: '5' },
  },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const wants = (name: string): boolean => values.part === undefined || values.part === name;
const runs = Number(values.runs);
const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

const folder = mkdtempSync(join(tmpdir(), 'facefusion-bench-server-'));
const at = (name: string): string => join(folder, name);
const demo = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
await sharp(join(demo, 'sample3.jpg'))
  .extract({ left: 1000, top: 120, width: 520, height: 640 })
  .jpeg()
  .toFile(at('me.jpg'));
await sharp(join(demo, 'sample6.jpg'))
  .extract({ left: 1330, top: 60, width: 560, height: 640 })
  .jpeg()
  .toFile(at('you.jpg'));
ffmpeg(
  '-i',
  sampleVideoPath('cap12_edit'),
  '-t',
  '16',
  '-an',
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  at('clip.mp4'),
);
const installation = (name: string): NodeJS.ProcessEnv => ({
  FACEFUSION_DATA_FOLDER: at(name),
  FACEFUSION_KEYS: at('keys'),
  FACEFUSION_AUDIT: at('audit'),
});

/** Submissions and event streams on a gateway without a worker. */
async function measureLoad(): Promise<object> {
  say('load: submissions');
  await using service = await startService(
    ['serve', '--port', '0', '--workers', '0', '--requests-per-minute', '0', '--max-waiting', '1000000'],
    installation('load'),
  );
  const [source, target] = [
    await upload(service.url, at('me.jpg'), 'me.jpg'),
    await upload(service.url, at('clip.mp4'), 'clip.mp4'),
  ];
  const idle = service.megabytes();
  const cpu = service.cpuSeconds();
  const body = JSON.stringify({ sources: [source], target, reuse: false });
  const headers = { 'content-type': 'application/json' };
  const result = await autocannon({
    ...{ url: `${service.url}/v1/jobs`, method: 'POST', headers, body },
    ...{ connections: 32, duration: Number(values.seconds) },
  });
  const submissions = {
    perSecond: round(result.requests.average),
    milliseconds: { median: result.latency.p50, p99: result.latency.p99 },
    refused: result.non2xx + result.errors,
    millisecondsOfCpuEach: round(((service.cpuSeconds() - cpu) * 1000) / result.requests.total, 2),
    megabytes: { idle: round(idle), after: round(service.megabytes()) },
  };
  say('load: event streams');
  const jobs: string[] = [];
  for (let i = 0; i < 50; i++) jobs.push((await submit(service.url, { sources: [source], target, reuse: false })).id);
  const client = fork(new URL('./streams.ts', import.meta.url), { stdio: 'inherit' });
  const begin = performance.now();
  const order: StreamOrder = { port: Number(new URL(service.url).port), count: Number(values.streams), jobs };
  client.send(order);
  await once(client, 'message');
  const openSeconds = (performance.now() - begin) / 1000;
  const read = async (): Promise<StreamReport> => {
    client.send('read');
    return ((await once(client, 'message')) as [StreamReport])[0];
  };
  const { open, refused } = await read();
  // Ends of jobs, which everybody hears.
  const told = performance.now();
  for (const id of jobs) await fetch(`${service.url}/v1/jobs/${id}/cancel`, { method: 'POST' });
  let heard = 0;
  let report = await read();
  while ((heard += report.heard) < Number(values.streams) && performance.now() - told < 30_000) {
    await wait(20);
    report = await read();
  }
  const streams = {
    ...{ wanted: Number(values.streams), open, refused, heard },
    secondsToOpen: round(openSeconds, 2),
    /** From the first of 50 cancellations to the last event heard. */
    millisecondsToTellAll: round(performance.now() - told),
    megabytes: round(service.megabytes()),
  };
  client.kill();
  return { submissions, streams };
}

/** Photos through the API on a service whose models are loaded. */
async function measurePhoto(): Promise<object> {
  say('photo');
  await using service = await startService(
    ['serve', '--port', '0', '--requests-per-minute', '0'],
    installation('photo'),
  );
  const [source, target] = [
    await upload(service.url, at('me.jpg'), 'me.jpg'),
    await upload(service.url, at('you.jpg'), 'you.jpg'),
  ];
  const once = async (): Promise<number> => {
    const begin = performance.now();
    const { id } = await submit(service.url, { sources: [source], target, reuse: false });
    await untilEnded(service.url, id);
    return performance.now() - begin;
  };
  const first = await once();
  const times: number[] = [];
  for (let i = 0; i < 4 * runs; i++) times.push(await once());
  return {
    width: 560,
    height: 640,
    firstMilliseconds: round(first),
    milliseconds: round(median(times)),
    all: times.map((time) => round(time)),
  };
}

/** What the service adds to the run of a video. */
async function measureOverhead(): Promise<object> {
  say('overhead');
  await using service = await startService(
    ['serve', '--port', '0', '--requests-per-minute', '0'],
    installation('overhead'),
  );
  const [source, target] = [
    await upload(service.url, at('me.jpg'), 'me.jpg'),
    await upload(service.url, at('clip.mp4'), 'clip.mp4'),
  ];
  const shares: number[] = [];
  const seconds: number[] = [];
  for (let i = 0; i < runs + 1; i++) {
    const cpu = service.cpuSeconds();
    const { id } = await submit(service.url, { sources: [source], target, reuse: false });
    const job = await untilEnded(service.url, id);
    const total = (Date.parse(job.endedAt!) - Date.parse(job.createdAt)) / 1000;
    const { queued = 0, ...stages } = job.timings ?? {};
    const run = Object.values(stages).reduce((sum, value) => sum + value, 0);
    // The first one loads models.
    if (i > 0) {
      shares.push((total - run) / run);
      seconds.push(run);
    }
    say(
      `  ${round(total, 2)} s, of which the run ${round(run, 2)} s, queued ${round(queued, 3)} s, gateway ${round(service.cpuSeconds() - cpu, 2)} s of processor time`,
    );
  }
  return {
    runSeconds: round(median(seconds), 2),
    share: round(median(shares), 4),
    all: shares.map((share) => round(share, 4)),
  };
}

/** One and two workers on a core each. */
async function measureWorkers(): Promise<object> {
  const time = async (cores: readonly number[]): Promise<number[]> => {
    await using redis = await startRedis({ durable: 'everysec' });
    const place = [`--queue=${redis.url}`, `--storage=${at(`media-${cores.length}`)}`];
    await using service = await startService(
      ['serve', '--port', '0', '--workers', '0', '--requests-per-minute', '0', ...place],
      installation('gateway'),
    );
    const workers = await Promise.all(cores.map((core) => startWorker(place, installation(`worker-${core}`), core)));
    try {
      const [source, target] = [
        await upload(service.url, at('me.jpg'), 'me.jpg'),
        await upload(service.url, at('clip.mp4'), 'clip.mp4'),
      ];
      const seconds: number[] = [];
      for (let i = 0; i < runs + 1; i++) {
        const { id } = await submit(service.url, { sources: [source], target, reuse: false });
        const job = await untilEnded(service.url, id);
        if (i > 0) seconds.push((Date.parse(job.endedAt!) - Date.parse(job.createdAt)) / 1000);
        say(
          `  ${cores.length} worker(s): ${round((Date.parse(job.endedAt!) - Date.parse(job.createdAt)) / 1000, 2)} s`,
        );
      }
      return seconds;
    } finally {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
    }
  };
  say('workers');
  const [one, two] = [await time([0]), await time([0, 1])];
  return {
    oneSeconds: round(median(one), 2),
    twoSeconds: round(median(two), 2),
    ratio: round(median(two) / median(one), 3),
    all: { one, two },
  };
}

try {
  const report = {
    machine: await describeMachine(await readManifest(defaultModelDirectory())),
    wanted: {
      submissionsPerSecond: 500,
      streams: 5000,
      megabytes: 300,
      photoMilliseconds: 300,
      overhead: 0.02,
      twoWorkers: 0.6,
    },
    ...(wants('load') ? { load: await measureLoad() } : {}),
    ...(wants('photo') ? { photo: await measurePhoto() } : {}),
    ...(wants('overhead') ? { overhead: await measureOverhead() } : {}),
    ...(wants('workers') ? { workers: await measureWorkers() } : {}),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
