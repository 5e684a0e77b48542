/** What the embedded queue does to its tables, each step whole or not at all. */
import { randomUUID } from 'node:crypto';
import type { AppErrorJson } from '../../core/errors.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import { EmbeddedShares } from './embedded-shares.ts';
import { keptFailing } from './failed-attempt.ts';
import { bandOf, chooseLane, moveTurns } from './fair-share.ts';
import { goesOnWhilePaused } from './lanes.ts';
import { type LaneStats, LOST_WORKERS, MOST_ORDERED, type Task, type TaskEnd, type TaskResult } from './queue.ts';
import { ENDS_KEPT_MILLISECONDS } from './queue-times.ts';

/** A task that a worker got. */
export interface TakenTask {
  readonly task: Task;
  readonly number: number;
  readonly token: string;
  readonly readyAt: number;
  readonly before: readonly TaskResult[];
}

/** A task in work. */
export interface Lease {
  readonly id: string;
  readonly token: string;
  readonly holder: string;
  readonly leasedUntil: number;
}

/** `blocked` tasks wait for others; a `waiting` one may have to wait for its `ready_at`. */
type TaskState = 'blocked' | 'waiting' | 'active' | 'completed' | 'failed';

interface NextRow {
  readonly id: string;
  readonly lane: string;
  readonly band: number;
  readonly start: number;
}

interface EndRow {
  readonly task: string;
  readonly state: TaskState;
  readonly result: string;
}

/** Between start tags that were the same; costs are 1 and more. */
const LEAST_STEP = 2 ** -20;

export class EmbeddedTasks {
  readonly #database: EmbeddedDatabase;
  readonly #shares: EmbeddedShares;

  constructor(database: EmbeddedDatabase) {
    this.#database = database;
    this.#shares = new EmbeddedShares(database);
  }

  add(tasks: readonly Task[], now: number): void {
    this.#database.transaction(() => {
      for (const task of tasks) this.#insert(task, 'waiting', now);
    });
  }

  addFlow(first: readonly Task[], last: Task, now: number): void {
    this.#database.transaction(() => {
      for (const task of first) this.#insert(task, 'waiting', now);
      if (!this.#insert(last, 'blocked', now)) return;
      const sql = 'INSERT INTO queue_flows (last, position, first) VALUES (?, ?, ?)';
      for (const [position, task] of first.entries()) this.#database.run(sql, last.id, position, task.id);
      const ended = first.map((task) => this.ended(task.id));
      const failed = ended.find((end) => end?.outcome === 'failed');
      if (failed) return this.#end(last.id, 'failed', failed.error, now);
      const pending = ended.filter((end) => end === undefined).length;
      this.#database.run('UPDATE queue_tasks SET pending = ? WHERE id = ?', pending, last.id);
      if (pending === 0) this.#unblock(last.id, now);
    });
  }

  /** Gives the next task of these lanes to a holder. */
  take(
    lanes: readonly string[],
    lastLane: string | undefined,
    lease: Omit<Lease, 'id' | 'token'>,
    now: number,
  ): TakenTask | undefined {
    // Asked outside first: idle workers do not fight for the right to write.
    if (!this.#next(this.#open(lanes), lastLane, now)) return undefined;
    return this.#database.transaction(() => {
      const next = this.#next(this.#open(lanes), lastLane, now);
      if (!next) return undefined;
      const token = randomUUID();
      const row = this.#database.get<{ task: string; begun: number; first_ready_at: number }>(
        `UPDATE queue_tasks SET state = 'active', begun = begun + 1, token = ?, holder = ?, leased_until = ?
         WHERE id = ? RETURNING task, begun, first_ready_at`,
        ...[token, lease.holder, lease.leasedUntil, next.id],
      );
      if (!row) return undefined;
      this.#shares.pass(next, next.start);
      const task = JSON.parse(row.task) as Task;
      return { task, token, number: row.begun, readyAt: row.first_ready_at, before: this.#before(task.id) };
    });
  }

  /** @returns tokens among these that are still the holders of their tasks; their leases last until then */
  renew(tokens: readonly string[], leasedUntil: number): ReadonlySet<string> {
    const sql = `UPDATE queue_tasks SET leased_until = ? WHERE state = 'active' AND token IN (${marks(tokens)}) RETURNING token`;
    return new Set(this.#database.all<{ token: string }>(sql, leasedUntil, ...tokens).map(({ token }) => token));
  }

  /** @returns tokens among these that are still the holders of their tasks */
  held(tokens: readonly string[]): ReadonlySet<string> {
    const sql = `SELECT token FROM queue_tasks WHERE state = 'active' AND token IN (${marks(tokens)})`;
    return new Set(this.#database.all<{ token: string }>(sql, ...tokens).map(({ token }) => token));
  }

  has(id: string): boolean {
    return this.#database.get('SELECT 1 FROM queue_tasks WHERE id = ?', id) !== undefined;
  }

  /** @returns false where the token is not the holder any more: nothing has changed then */
  complete(id: string, token: string, value: unknown, now: number): boolean {
    return this.#whileHeld(id, token, () => this.#end(id, 'completed', value, now));
  }

  fail(id: string, token: string, error: AppErrorJson, now: number): boolean {
    return this.#whileHeld(id, token, () => this.#end(id, 'failed', error, now));
  }

  tryAgain(id: string, token: string, readyAt: number): boolean {
    return this.#whileHeld(id, token, () => {
      this.#database.run(
        `UPDATE queue_tasks SET state = 'waiting', ready_at = ?, thrown = thrown + 1, token = NULL WHERE id = ?`,
        ...[readyAt, id],
      );
    });
  }

  /** How often the handler of a task threw. */
  thrown(id: string): number {
    return this.#database.get<{ thrown: number }>('SELECT thrown FROM queue_tasks WHERE id = ?', id)?.thrown ?? 0;
  }

  leases(): readonly Lease[] {
    return this.#database.all<Lease>(
      `SELECT id, token, holder, leased_until AS leasedUntil FROM queue_tasks WHERE state = 'active'`,
    );
  }

  /** Takes a task from a holder that gave no sign of life; after too many of those it ends. */
  takeAway({ id, token }: Lease, now: number): void {
    this.#whileHeld(id, token, () => {
      const { lost } = this.#database.get<{ lost: number }>(
        'UPDATE queue_tasks SET lost = lost + 1 WHERE id = ? RETURNING lost',
        id,
      ) ?? { lost: 0 };
      if (lost > LOST_WORKERS) this.#end(id, 'failed', keptFailing(id), now);
      else {
        this.#database.run(
          `UPDATE queue_tasks SET state = 'waiting', ready_at = ?, token = NULL WHERE id = ?`,
          now,
          id,
        );
      }
    });
  }

  /** Takes all tasks of a job away that have not ended. @returns tokens of those in work */
  cancel(job: string): readonly string[] {
    return this.#database.transaction(() => {
      const open = `job = ? AND state IN ('blocked', 'waiting', 'active')`;
      const unused = this.#database.all<{ lane: string; band: number; tenant: string; cost: number }>(
        `SELECT lane, band, tenant, SUM(cost) AS cost FROM queue_tasks
         WHERE job = ? AND state IN ('blocked', 'waiting') AND begun = 0 GROUP BY lane, band, tenant`,
        job,
      );
      for (const { cost, ...share } of unused) this.#shares.giveBack(share, cost);
      this.#database.run(`DELETE FROM queue_flows WHERE last IN (SELECT id FROM queue_tasks WHERE ${open})`, job);
      const gone = this.#database.all<{ token: string | null }>(
        `DELETE FROM queue_tasks WHERE ${open} RETURNING token`,
        job,
      );
      return gone.flatMap(({ token }) => token ?? []);
    });
  }

  order(tenant: string): readonly string[] {
    const sql = `SELECT job, lane FROM queue_tasks WHERE state = 'waiting' AND tenant = ? ORDER BY band, start, sequence`;
    const rows = this.#database.all<{ job: string; lane: string }>(sql, tenant);
    const jobs = new Set(rows.filter(({ lane }) => !goesOnWhilePaused(lane)).map(({ job }) => job));
    return [...jobs].slice(0, MOST_ORDERED);
  }

  move(job: string, before: string | undefined): boolean {
    return this.#database.transaction(() => {
      const groups = this.#database.all<{ lane: string; band: number; tenant: string }>(
        `SELECT DISTINCT lane, band, tenant FROM queue_tasks WHERE state = 'waiting' AND job = ?`,
        job,
      );
      let isMoved = false;
      for (const { lane, band, tenant } of groups) {
        const turns = this.#database.all<{ id: string; job: string; start: number }>(
          `SELECT id, job, start FROM queue_tasks WHERE state = 'waiting' AND lane = ? AND band = ? AND tenant = ?
           ORDER BY start, sequence`,
          ...[lane, band, tenant],
        );
        const moved = moveTurns(turns, job, before);
        if (!moved) continue;
        isMoved = true;
        let last = Number.NEGATIVE_INFINITY;
        for (const [at, { id }] of moved.entries()) {
          // Two of the same number would go by the order in which they were added.
          last = Math.max(turns[at]?.start ?? last, last + LEAST_STEP);
          this.#database.run('UPDATE queue_tasks SET start = ? WHERE id = ?', last, id);
        }
      }
      return isMoved;
    });
  }

  setPaused(isPaused: boolean): void {
    this.#database.run(
      `INSERT INTO queue_facts (name, value) VALUES ('paused', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      isPaused ? 1 : 0,
    );
  }

  isPaused(): boolean {
    return this.#fact('paused') === 1;
  }

  /** Number of the newest end. */
  lastEnd(): number {
    return this.#fact('ends');
  }

  /** Ends after that number, oldest first. */
  endsAfter(number: number): readonly { readonly number: number; readonly end: TaskEnd }[] {
    const sql =
      'SELECT task, state, result, end_number AS number FROM queue_tasks WHERE end_number > ? ORDER BY end_number LIMIT 1000';
    return this.#database
      .all<EndRow & { readonly number: number }>(sql, number)
      .map((row) => ({ number: row.number, end: toEnd(row) }));
  }

  ended(id: string): TaskEnd | undefined {
    const sql = `SELECT task, state, result FROM queue_tasks WHERE id = ? AND state IN ('completed', 'failed')`;
    const row = this.#database.get<EndRow>(sql, id);
    return row && toEnd(row);
  }

  stats(now: number): readonly LaneStats[] {
    const sql = `SELECT lane, SUM(state = 'waiting' AND ready_at <= ?1) AS waiting, SUM(state = 'active') AS active,
      SUM(state = 'blocked' OR (state = 'waiting' AND ready_at > ?1)) AS delayed,
      MAX(0, ?1 - COALESCE(MIN(CASE WHEN state = 'waiting' AND ready_at <= ?1 THEN ready_at END), ?1)) / 1000.0
        AS oldestSeconds
      FROM queue_tasks WHERE end_number IS NULL GROUP BY lane ORDER BY lane`;
    return this.#database.all<LaneStats>(sql, now).map((row) => ({ ...row }));
  }

  /** Milliseconds since 1970 at which the next task becomes ready that is not yet. */
  nextReadyAt(now: number): number | undefined {
    const sql = `SELECT MIN(ready_at) AS at FROM queue_tasks WHERE state = 'waiting' AND ready_at > ?`;
    return this.#database.get<{ at: number | null }>(sql, now)?.at ?? undefined;
  }

  /** Forgets old ends, save those that another task still waits for, and shares that are used up. */
  prune(now: number): void {
    this.#database.transaction(() => {
      const old = 'ended_at < ?';
      this.#database.run(
        `DELETE FROM queue_flows WHERE last IN (SELECT id FROM queue_tasks WHERE ${old})`,
        now - ENDS_KEPT_MILLISECONDS,
      );
      this.#database.run(
        `DELETE FROM queue_tasks WHERE ${old} AND NOT EXISTS (SELECT 1 FROM queue_flows WHERE first = queue_tasks.id)`,
        now - ENDS_KEPT_MILLISECONDS,
      );
      this.#shares.prune();
    });
  }

  #insert(task: Task, state: TaskState, now: number): boolean {
    if (this.has(task.id)) return false;
    const { lane, tenant, cost } = task;
    const band = bandOf(task.priority);
    const start = this.#shares.begin({ lane, band, tenant }, cost);
    this.#database.run(
      `INSERT INTO queue_tasks (id, job, lane, tenant, band, cost, start, task, state, first_ready_at, ready_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[task.id, task.job, lane, tenant, band, Math.max(1, cost), start, JSON.stringify(task), state, now, now],
    );
    return true;
  }

  #open(lanes: readonly string[]): readonly string[] {
    return this.isPaused() ? lanes.filter(goesOnWhilePaused) : lanes;
  }

  #next(lanes: readonly string[], lastLane: string | undefined, now: number): NextRow | undefined {
    const rows = lanes.flatMap((lane) => {
      const row = this.#database.get<NextRow>(
        `SELECT id, lane, band, start FROM queue_tasks WHERE state = 'waiting' AND lane = ? AND ready_at <= ?
         ORDER BY band, start, sequence LIMIT 1`,
        ...[lane, now],
      );
      return row ? [row] : [];
    });
    const lane = chooseLane(rows, lastLane);
    return rows.find((row) => row.lane === lane);
  }

  #before(last: string): readonly TaskResult[] {
    const sql = `SELECT first AS task, result FROM queue_flows JOIN queue_tasks ON queue_tasks.id = first
      WHERE last = ? ORDER BY position`;
    return this.#database
      .all<{ task: string; result: string }>(sql, last)
      .map(({ task, result }) => ({ task, value: parseResult(result) }));
  }

  #whileHeld(id: string, token: string, work: () => void): boolean {
    return this.#database.transaction(() => {
      const held = `SELECT 1 FROM queue_tasks WHERE id = ? AND token = ? AND state = 'active'`;
      if (!this.#database.get(held, id, token)) return false;
      work();
      return true;
    });
  }

  /** Ends a task, and what waits for it: with the last of its tasks completed that is ready, with one failed it fails. */
  #end(id: string, state: 'completed' | 'failed', result: unknown, now: number): void {
    const number = this.lastEnd() + 1;
    this.#database.run(
      `INSERT INTO queue_facts (name, value) VALUES ('ends', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      number,
    );
    this.#database.run(
      `UPDATE queue_tasks SET state = ?, result = ?, ended_at = ?, end_number = ?, token = NULL, holder = NULL WHERE id = ?`,
      ...[state, JSON.stringify(result) ?? null, now, number, id],
    );
    const followers = this.#database.all<{ id: string }>(
      `SELECT last AS id FROM queue_flows JOIN queue_tasks ON queue_tasks.id = last WHERE first = ? AND state = 'blocked'`,
      id,
    );
    for (const follower of followers) {
      if (state === 'failed') {
        this.#end(follower.id, 'failed', result, now);
        continue;
      }
      const sql = 'UPDATE queue_tasks SET pending = pending - 1 WHERE id = ? RETURNING pending';
      if (this.#database.get<{ pending: number }>(sql, follower.id)?.pending === 0) this.#unblock(follower.id, now);
    }
  }

  #unblock(id: string, now: number): void {
    const sql = `UPDATE queue_tasks SET state = 'waiting', first_ready_at = ?, ready_at = ? WHERE id = ?`;
    this.#database.run(sql, now, now, id);
  }

  #fact(name: string): number {
    return this.#database.get<{ value: number }>('SELECT value FROM queue_facts WHERE name = ?', name)?.value ?? 0;
  }
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** A handler that gives nothing has no result. */
const parseResult = (result: string | null): unknown => (result === null ? undefined : (JSON.parse(result) as unknown));

function toEnd({ task, state, result }: EndRow): TaskEnd {
  const parsed = JSON.parse(task) as Task;
  if (state === 'failed') return { task: parsed, outcome: 'failed', error: JSON.parse(result) as AppErrorJson };
  return { task: parsed, outcome: 'completed', value: parseResult(result) };
}
