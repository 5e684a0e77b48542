/** Gauges of what is shared by all processes: jobs, tasks, workers, callbacks. Any gateway can be asked. */
import type { Logger } from '../../core/logger.ts';
import type { Backend } from '../backend.ts';
import { JOB_STATES } from '../job.ts';
import { COMMON_LANE } from '../queue/lanes.ts';
import type { LaneStats } from '../queue/queue.ts';
import type { StateGauges } from './service-metrics.ts';

const NOTHING: LaneStats = { lane: COMMON_LANE, waiting: 0, active: 0, delayed: 0, oldestSeconds: 0 };
/** Kinds of documents that are counted by state. */
const WORKER_STATES = ['ready', 'draining'];
const CALLBACK_STATES = ['waiting', 'delivered', 'dead'];

/**
 * For `onScrape`. A scrape during which the backend is away has the last values of what could not be read, which the log
 * says: process metrics and the rest of the page are there all the same.
 */
export function collectState({ store, queue }: Backend, logger: Logger): (gauges: StateGauges) => Promise<void> {
  return async (gauges) => {
    try {
      const [jobs, workers, callbacks, lanes, paused] = await Promise.all([
        store.count('job'),
        store.count('worker'),
        store.count('callback'),
        queue.stats(),
        queue.isPaused(),
      ]);
      for (const state of JOB_STATES) gauges.jobs.set({ state }, jobs[state] ?? 0);
      for (const state of WORKER_STATES) gauges.workers.set({ state }, workers[state] ?? 0);
      for (const state of CALLBACK_STATES) gauges.callbacks.set({ state }, callbacks[state] ?? 0);
      gauges.paused.set(paused ? 1 : 0);
      gauges.tasks.reset();
      gauges.oldestSeconds.reset();
      // A lane in which nothing is has no line; that of everybody says so.
      const all = lanes.some(({ lane }) => lane === COMMON_LANE) ? lanes : [NOTHING, ...lanes];
      for (const { lane, waiting, active, delayed, oldestSeconds } of all) {
        gauges.tasks.set({ lane, state: 'waiting' }, waiting);
        gauges.tasks.set({ lane, state: 'active' }, active);
        gauges.tasks.set({ lane, state: 'delayed' }, delayed);
        gauges.oldestSeconds.set({ lane }, oldestSeconds);
      }
    } catch (error) {
      logger.warn('metrics of the queue could not be read', { reason: String(error) });
    }
  };
}
