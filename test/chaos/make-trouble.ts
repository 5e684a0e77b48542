/** What goes wrong during a chaos run: workers and runners are killed and frozen, Redis goes away, S3 fails. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { LOST_WORKERS } from '../../src/jobs/queue/queue.ts';
import { listWorkers } from '../../src/jobs/worker-document.ts';
import type { Cluster, WorkerProcess } from './cluster-processes.ts';
import type { Random } from './random.ts';

export type Say = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** How often each happened. */
export interface Trouble {
  readonly workerKills: number;
  readonly runnerKills: number;
  readonly shortFreezes: number;
  /** Longer than the lease: somebody else has the task when the worker wakes. */
  readonly longFreezes: number;
  readonly redisRestarts: number;
  readonly storageFailures: number;
}

export interface TroubleOptions {
  readonly cluster: Cluster;
  readonly workers: WorkerProcess[];
  readonly seconds: number;
  readonly leaseSeconds: number;
  readonly random: Random;
  readonly say: Say;
}

const WEIGHTS = { kill: 5, runner: 2, nap: 3, freeze: 2, redis: 2, storage: 2 } as const;

/** Makes trouble for so many seconds, and leaves all workers running, Redis up and S3 well. */
export async function makeTrouble(options: TroubleOptions): Promise<Trouble> {
  const { cluster, workers, seconds, leaseSeconds, random, say } = options;
  const end = performance.now() + seconds * 1000;
  const count = {
    workerKills: 0,
    runnerKills: 0,
    shortFreezes: 0,
    longFreezes: 0,
    redisRestarts: 0,
    storageFailures: 0,
  };
  /** Times each task was taken from a worker. One that took three down is poison by definition: not made here. */
  const losses = new Map<string, number>();

  /** A worker that can be spared, all of whose tasks survive another loss. */
  const chooseVictim = async (): Promise<WorkerProcess | undefined> => {
    const known = await listWorkers(cluster.backend);
    const able = workers.filter(({ id }) => {
      const tasks = known.find((worker) => worker.id === id)?.tasks;
      return tasks?.every((task) => (losses.get(task.id) ?? 0) < LOST_WORKERS - 1);
    });
    const victim = random.pick(able);
    for (const task of known.find(({ id }) => id === victim?.id)?.tasks ?? []) {
      losses.set(task.id, (losses.get(task.id) ?? 0) + 1);
    }
    return victim;
  };

  const restart = async (victim: WorkerProcess): Promise<void> => {
    await victim.exited;
    workers.splice(workers.indexOf(victim), 1, await cluster.startWorker());
  };
  const freeze = async (milliseconds: number): Promise<boolean> => {
    const victim = await chooseVictim();
    if (!victim) return false;
    const { pid } = victim.child;
    const runners = random.between(0, 1) < 0.5 ? cluster.processes().filter(isChildOf(pid!)).map(idOf) : [];
    const all = [pid!, ...runners];
    say('freeze', { worker: victim.id, processes: all.length, milliseconds: Math.round(milliseconds) });
    for (const id of all) signal(id, 'SIGSTOP');
    await wait(milliseconds);
    for (const id of all) signal(id, 'SIGCONT');
    return true;
  };

  while (performance.now() < end) {
    await wait(random.between(1000, 5000));
    switch (random.weighted(WEIGHTS)) {
      case 'kill': {
        const victim = await chooseVictim();
        if (!victim) break;
        say('kill', { worker: victim.id });
        victim.child.kill('SIGKILL');
        count.workerKills++;
        await restart(victim);
        break;
      }
      case 'runner': {
        const victim = await chooseVictim();
        const runner = victim && random.pick(cluster.processes().filter(isChildOf(victim.child.pid!)));
        if (!victim || !runner) break;
        say('kill of a runner', { worker: victim.id });
        signal(idOf(runner), 'SIGKILL');
        count.runnerKills++;
        break;
      }
      case 'nap':
        if (await freeze(random.between(200, leaseSeconds * 300))) count.shortFreezes++;
        break;
      case 'freeze':
        if (await freeze(random.between(leaseSeconds * 1500, leaseSeconds * 2500))) count.longFreezes++;
        break;
      case 'redis': {
        const milliseconds = random.between(200, 3000);
        say('kill of Redis', { milliseconds: Math.round(milliseconds) });
        await cluster.redis.kill();
        await wait(milliseconds);
        await cluster.redis.restart();
        count.redisRestarts++;
        break;
      }
      case 'storage':
        say('S3 fails');
        cluster.s3.fail(0.1);
        await wait(random.between(1000, 4000));
        cluster.s3.fail(0);
        count.storageFailures++;
        break;
    }
  }
  return count;
}

const idOf = (line: string): number => Number(line.split(' ', 1)[0]);

/** Lines of `processes` that a process has started. */
const isChildOf =
  (parent: number) =>
  (line: string): boolean => {
    try {
      const stat = readFileSync(`/proc/${idOf(line)}/stat`, 'latin1');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent);
    } catch {
      // It ended while we looked.
      return false;
    }
  };

function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
