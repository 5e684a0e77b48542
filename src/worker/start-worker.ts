/** A worker: takes tasks that this machine can run, and has them done by runners. This process itself never blocks. */
import { newId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { createTaskHandler } from '../jobs/execute/create-handlers.ts';
import { openScratch } from '../jobs/execute/scratch.ts';
import { tellQueue } from '../jobs/job-streams.ts';
import { countEnds } from '../jobs/metrics/count-ends.ts';
import type { ServiceMetrics } from '../jobs/metrics/service-metrics.ts';
import { lookLane, type WorkerAbilities } from '../jobs/queue/lanes.ts';
import { superviseJobs } from '../jobs/supervise.ts';
import type { Tracing } from '../jobs/tracing/tracing.ts';
import { announceWorker, type WorkerDocument } from '../jobs/worker-document.ts';
import { createRunnerPool } from '../runner/runner-pool.ts';
import { trackTasks } from './active-tasks.ts';
import { type AbilityOptions, findAbilities, hostHash } from './find-abilities.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { describeMember, joinCluster } from './join-cluster.ts';
import { openScratchPlace } from './scratch-place.ts';
import { watchScratch } from './scratch-usage.ts';
import { keepScratchTidy } from './tidy-scratch.ts';
import { watchLanes } from './watch-lanes.ts';

/** For how long a worker that stops goes on with what it has in hand. */
export const DRAIN_SECONDS = 120;

export interface WorkerOptions extends AbilityOptions {
  /** Lent. */
  readonly backend: Backend;
  /** Folder of workers on this machine; each makes one of its own in it, unless the backend is embedded. */
  readonly scratch: string;
  readonly logger: Logger;
  /** Answers at once beside the tasks, so that they do not wait for a run to end; 0: they wait for a free hand. Default 0. */
  readonly lookHands?: number | undefined;
  readonly drainSeconds?: number | undefined;
  /** Share of outputs that are measured when they have been published, 0..1; goes to `metrics`. */
  readonly qualitySamples?: number | undefined;
  readonly metrics?: ServiceMetrics | undefined;
  readonly tracing?: Tracing | undefined;
}

/** A running worker. Disposing it is `close`. */
export interface Worker extends AsyncDisposable {
  readonly id: string;
  /** Tasks in hand. */
  readonly active: number;
  readonly abilities: WorkerAbilities;
  /** As others see it. */
  describe(): WorkerDocument;
  /** When the store last heard of it, milliseconds since 1970. */
  readonly heardAt: number;
  /** Takes no more tasks, finishes those in hand for `drainSeconds`, and then gives them back. */
  close(): Promise<void>;
}

/**
 * Joins the cluster, says what this machine can run, and begins to take tasks.
 * @throws KEYS_UNUSABLE for keys of another installation than the cluster's, POLICY_INVALID, MEMORY_LIMIT, STORE_FAILED,
 *   OUTPUT_FAILED for a scratch folder that cannot be used
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const {
    concurrency,
    lookHands = 0,
    logger,
    drainSeconds = DRAIN_SECONDS,
    metrics,
    tracing,
    qualitySamples = 0,
  } = options;
  // Of a service that counts them already, ends are not counted twice.
  const backend = metrics && !options.backend.onEnded ? countEnds(options.backend, metrics) : options.backend;
  const { store, queue } = backend;
  const id = newId('worker');
  const startedAt = new Date().toISOString();
  const member = await describeMember();
  if (backend.isShared) {
    const { isChanged } = await joinCluster(store, member);
    if (isChanged) logger.warn('this worker has another policy or version than the cluster had until now');
  }
  const abilities = await findAbilities(member.installation, options);
  const opened: AsyncDisposable[] = [];
  const endAll = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  const open = <T extends AsyncDisposable>(part: T): T => {
    opened.push(part);
    return part;
  };
  try {
    /** Until the worker can say what it is, there is nothing to tell. */
    let tellRoom = (): void => {};
    const onChange = (): void => tellRoom();
    const place = open(await openScratchPlace({ root: options.scratch, worker: id, backend, logger, onChange }));
    const isKept = !backend.isShared;
    const scratch = await openScratch({ folder: place.path, storage: backend.storage, isKept });
    open(keepScratchTidy(backend, scratch, logger));
    const usage = await watchScratch(scratch, {
      ...{ folder: place.path, worker: id, store, logger },
      onCleared: () => void place.look().then(() => heartbeat?.beat()),
    });
    open({ [Symbol.asyncDispose]: async () => usage[Symbol.dispose]() });
    const pool = open(createRunnerPool({ size: concurrency + lookHands, logger }));
    const samples =
      metrics && qualitySamples > 0
        ? { share: qualitySamples, onMeasure: (name: string, value: number) => metrics.quality(name, value) }
        : undefined;
    // A limit that somebody has set holds. What the machine has is only an estimate of what a run can get.
    const limit = options.memoryBytes === undefined ? {} : { memoryBytes: abilities.memoryBytes };
    const lent = { backend, pool, scratch, worker: id, logger, samples, metrics, tracing };
    const handler = createTaskHandler({ ...lent, ...limit });
    const tasks = trackTasks(handler, () => heartbeat?.beat());
    const lanes = await watchLanes(store, abilities, () => heartbeat?.beat(), logger);
    open(lanes);
    let state: WorkerDocument['state'] = 'ready';
    const describe = (): WorkerDocument => ({
      ...{ id, state, version: member.version, installation: member.installation, host: hostHash() },
      ...{ providers: [...abilities.providers], models: [...abilities.models], memoryBytes: abilities.memoryBytes },
      ...(usage.latest ? { scratch: { ...usage.latest, ...place.room } } : {}),
      ...{ concurrency, lanes: [...lanes.names], tasks: tasks.list(), startedAt, seenAt: new Date().toISOString() },
    });
    let heartbeat: Heartbeat | undefined;
    /** Others hear of it from the document first, and then are told to read it. */
    tellRoom = () => {
      void announceWorker(backend, describe())
        .then(() => tellQueue(store, new Date().toISOString()))
        .catch((error: unknown) => logger.warn('a change of room could not be told', { reason: String(error) }));
    };
    heartbeat = open(await startHeartbeat(store, describe, logger));
    const served = (): readonly string[] => (place.hasRoom ? lanes.names : []);
    const looked = (): readonly string[] => served().map(lookLane);
    open(superviseJobs(backend, logger));
    const { handler: work } = tasks;
    const workers =
      lookHands === 0
        ? [queue.work({ lanes: () => [...served(), ...looked()], concurrency, handler: work })]
        : [
            queue.work({ lanes: served, concurrency, handler: work }),
            queue.work({ lanes: looked, concurrency: lookHands, handler: work }),
          ];
    logger.info('worker ready', { worker: id, concurrency, providers: abilities.providers, lanes: lanes.names.length });

    const end = async (): Promise<void> => {
      state = 'draining';
      heartbeat?.beat();
      const drain = setTimeout(() => tasks.abort(), drainSeconds * 1000);
      try {
        await Promise.all(workers.map((worker) => worker.close()));
      } finally {
        clearTimeout(drain);
        await endAll();
      }
      logger.info('worker ended', { worker: id });
    };
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => (closing ??= end());
    return {
      id,
      get active() {
        return workers.reduce((sum, { active }) => sum + active, 0);
      },
      abilities,
      describe,
      get heardAt() {
        return heartbeat?.lastAt ?? 0;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}
