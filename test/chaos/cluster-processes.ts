/** A cluster of this machine: Redis, an S3, and workers that are processes of their own and can be killed and frozen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Backend } from '../../src/jobs/backend.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import { MAIN } from '../e2e/support/cli.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { type S3Server, startS3 } from '../helpers/s3-server.ts';

export interface ClusterOptions {
  /** Of files of this cluster; removed by its creator. */
  readonly folder: string;
  readonly leaseSeconds: number;
  /** Whether Redis loses nothing when it is killed. */
  readonly durable?: boolean;
}

export interface WorkerProcess {
  /** Of the worker, as others see it. */
  readonly id: string;
  readonly child: ChildProcess;
  /** What it said on stderr, line by line. */
  readonly log: readonly string[];
  readonly exited: Promise<number | null>;
}

export interface Cluster extends AsyncDisposable {
  readonly backend: Backend;
  readonly redis: RedisServer;
  readonly s3: S3Server;
  /** Of the workers. */
  readonly scratch: string;
  /** Resolves when it takes tasks. */
  startWorker(words?: readonly string[], environment?: NodeJS.ProcessEnv): Promise<WorkerProcess>;
  /** Workers and all that they have started, and are alive: `id command`. */
  processes(): readonly string[];
}

export async function startCluster({ folder, leaseSeconds, durable = true }: ClusterOptions): Promise<Cluster> {
  const redis = await startRedis({ durable });
  const s3 = await startS3();
  const storage = s3.url('media');
  const backend = await openBackend({ queue: redis.url, storage, folder: join(folder, 'gateway'), leaseSeconds });
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch, { recursive: true });
  const mark = `FACEFUSION_TEST_RUN=${folder}`;
  const children = new Set<ChildProcess>();
  return {
    backend,
    redis,
    s3,
    scratch,
    async startWorker(words = [], environment = {}) {
      const child = spawn(
        process.execPath,
        [
          ...[MAIN, 'worker', '--queue', redis.url, '--storage', storage, '--scratch', scratch, '--json=lines'],
          ...['--lease-seconds', String(leaseSeconds), '--memory-limit', '3', ...words],
        ],
        {
          env: { ...process.env, FACEFUSION_TEST_RUN: folder, ...environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      children.add(child);
      const log: string[] = [];
      createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
      const exited = new Promise<number | null>((resolve) => {
        child.once('exit', (code) => {
          children.delete(child);
          resolve(code);
        });
      });
      const id = await new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          const said = JSON.parse(line) as { readonly type: string; readonly worker?: string };
          if (said.type === 'ready' && said.worker) resolve(said.worker);
        });
        void exited.then((code) => reject(new Error(`A worker ended with ${code}: ${log.join('\n')}`)));
      });
      return { id, child, log, exited };
    },
    processes: () => processesOf(mark),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL');
      await backend[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function processesOf(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      try {
        if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(mark)) return [];
        const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
        // Ended, and not collected yet.
        if (stat.slice(stat.lastIndexOf(')') + 2)[0] === 'Z') return [];
        return [`${entry} ${readFileSync(`/proc/${entry}/cmdline`, 'latin1').replaceAll('\0', ' ')}`];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
