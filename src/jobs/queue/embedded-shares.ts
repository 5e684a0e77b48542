/** Who is next, as the tables of the embedded queue keep it: start-time fair queueing by `fair-share.ts`. */
import type { EmbeddedDatabase } from './embedded-database.ts';
import { passTask, refundTasks, tagTask } from './fair-share.ts';

/** A line of tasks: of one lane, of one priority. */
export interface Line {
  readonly lane: string;
  readonly band: number;
}

/** Of one tenant in it. */
export interface Share extends Line {
  readonly tenant: string;
}

/** Its methods are called within a transaction of their caller. */
export class EmbeddedShares {
  readonly #database: EmbeddedDatabase;

  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  /** Counts a task that is added. @returns its start tag */
  begin(share: Share, cost: number): number {
    const { start, finish } = tagTask(this.#virtualTime(share), this.#finish(share), cost);
    this.#setFinish(share, finish);
    return start;
  }

  /** What was never begun is not counted. @param cost of all of it */
  giveBack(share: Share, cost: number): void {
    this.#setFinish(share, refundTasks(this.#finish(share), cost));
  }

  /** A task was taken. @param start its tag */
  pass(line: Line, start: number): void {
    this.#database.run(
      `INSERT INTO queue_clocks (lane, band, virtual_time) VALUES (?, ?, ?)
       ON CONFLICT (lane, band) DO UPDATE SET virtual_time = excluded.virtual_time`,
      ...[line.lane, line.band, passTask(this.#virtualTime(line), start)],
    );
  }

  /** Forgets shares that are used up. */
  prune(): void {
    this.#database.run(
      `DELETE FROM queue_shares WHERE finish <= (SELECT virtual_time FROM queue_clocks AS clock
       WHERE clock.lane = queue_shares.lane AND clock.band = queue_shares.band)`,
    );
  }

  #virtualTime({ lane, band }: Line): number {
    const sql = 'SELECT virtual_time AS time FROM queue_clocks WHERE lane = ? AND band = ?';
    return this.#database.get<{ time: number }>(sql, lane, band)?.time ?? 0;
  }

  #finish({ lane, band, tenant }: Share): number {
    const sql = 'SELECT finish FROM queue_shares WHERE lane = ? AND band = ? AND tenant = ?';
    return this.#database.get<{ finish: number }>(sql, lane, band, tenant)?.finish ?? 0;
  }

  #setFinish({ lane, band, tenant }: Share, finish: number): void {
    this.#database.run(
      `INSERT INTO queue_shares (lane, band, tenant, finish) VALUES (?, ?, ?, ?)
       ON CONFLICT (lane, band, tenant) DO UPDATE SET finish = excluded.finish`,
      ...[lane, band, tenant, finish],
    );
  }
}
