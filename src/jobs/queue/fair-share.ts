/**
 * Who is next: start-time fair queueing. Each task gets a start tag, and the lowest is taken first; a queue's virtual time
 * is the highest start tag taken so far. Of two tenants that always have tasks waiting, neither gets more than its half
 * plus one task, however many it has added, and whoever comes anew begins at the virtual time: behind nobody's heap.
 * @see Goyal, Vin and Cheng 1996, "Start-time Fair Queuing"
 */
import { PRIORITIES, type Priority } from './queue.ts';

/** Where a task stands in the line of its lane and priority, in units of cost. */
export interface ShareTags {
  readonly start: number;
  /** Where its tenant's next task begins, unless the virtual time is beyond that. */
  readonly finish: number;
}

/**
 * Tags of a task that is added.
 * @param virtualTime of its lane and priority
 * @param tenantFinish finish tag of its tenant's task before; 0 where there was none
 */
export function tagTask(virtualTime: number, tenantFinish: number, cost: number): ShareTags {
  const start = Math.max(virtualTime, tenantFinish);
  return { start, finish: start + Math.max(1, cost) };
}

/** The virtual time after a task was taken. */
export const passTask = (virtualTime: number, start: number): number => Math.max(virtualTime, start);

/** A tenant's finish tag after tasks of it that nobody began were taken away: what it did not use is not counted. */
export const refundTasks = (tenantFinish: number, cost: number): number => Math.max(0, tenantFinish - cost);

/** Position of a priority: a lower band goes before a higher one, whatever the tags. */
export const bandOf = (priority: Priority): number => PRIORITIES.indexOf(priority);

/** A lane with something to do. */
export interface ReadyLane {
  readonly lane: string;
  /** Of its first task; below 0 for one that goes before all others. */
  readonly band: number;
}

/**
 * Which lane a worker takes its next task from: one with the best band, and of those the next in turn, so that a heap in one
 * lane does not keep a worker from another.
 * @param last the lane it took from before
 */
export function chooseLane(lanes: readonly ReadyLane[], last: string | undefined): string | undefined {
  const best = Math.min(...lanes.map(({ band }) => band));
  const names = lanes
    .filter(({ band }) => band === best)
    .map(({ lane }) => lane)
    .sort();
  return names.find((name) => last !== undefined && name > last) ?? names[0];
}

/**
 * Who has which turn when a job goes before another one of its tenant.
 * @param turns tasks of a tenant in a lane and priority, the next one first
 * @param before left out: behind all others
 * @returns the same tasks in their new order; undefined where one of both jobs has none
 */
export function moveTurns<T extends { readonly job: string }>(
  turns: readonly T[],
  job: string,
  before: string | undefined,
): readonly T[] | undefined {
  const own = turns.filter((turn) => turn.job === job);
  const others = turns.filter((turn) => turn.job !== job);
  const at = before === undefined ? others.length : others.findIndex((turn) => turn.job === before);
  if (own.length === 0 || at < 0) return undefined;
  return [...others.slice(0, at), ...own, ...others.slice(at)];
}
