/** The tables of the embedded queue, in the same file as the embedded store. */
import { openSqliteFile, type SqliteFile, type SqliteValue } from '../store/sqlite-file.ts';

/** Steps of the tables. One is never changed once released; the next is added at the end. */
const QUEUE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE queue_tasks (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     job TEXT NOT NULL,
     lane TEXT NOT NULL,
     tenant TEXT NOT NULL,
     band INTEGER NOT NULL,
     cost REAL NOT NULL,
     start REAL NOT NULL,
     task TEXT NOT NULL,
     state TEXT NOT NULL,
     pending INTEGER NOT NULL DEFAULT 0,
     first_ready_at INTEGER NOT NULL,
     ready_at INTEGER NOT NULL,
     begun INTEGER NOT NULL DEFAULT 0,
     thrown INTEGER NOT NULL DEFAULT 0,
     lost INTEGER NOT NULL DEFAULT 0,
     token TEXT,
     holder TEXT,
     leased_until INTEGER,
     result TEXT,
     ended_at INTEGER,
     end_number INTEGER
   );
   CREATE INDEX queue_tasks_waiting ON queue_tasks (lane, band, start, sequence) WHERE state = 'waiting';
   CREATE INDEX queue_tasks_active ON queue_tasks (leased_until) WHERE state = 'active';
   CREATE INDEX queue_tasks_ready ON queue_tasks (ready_at) WHERE state = 'waiting';
   CREATE INDEX queue_tasks_open ON queue_tasks (lane, state, ready_at) WHERE end_number IS NULL;
   CREATE INDEX queue_tasks_job ON queue_tasks (job);
   CREATE UNIQUE INDEX queue_tasks_end ON queue_tasks (end_number) WHERE end_number IS NOT NULL;
   CREATE TABLE queue_flows (
     last TEXT NOT NULL,
     position INTEGER NOT NULL,
     first TEXT NOT NULL,
     PRIMARY KEY (last, position)
   ) WITHOUT ROWID;
   CREATE INDEX queue_flows_first ON queue_flows (first);
   CREATE TABLE queue_shares (
     lane TEXT NOT NULL,
     band INTEGER NOT NULL,
     tenant TEXT NOT NULL,
     finish REAL NOT NULL,
     PRIMARY KEY (lane, band, tenant)
   ) WITHOUT ROWID;
   CREATE TABLE queue_clocks (
     lane TEXT NOT NULL,
     band INTEGER NOT NULL,
     virtual_time REAL NOT NULL,
     PRIMARY KEY (lane, band)
   ) WITHOUT ROWID;
   CREATE TABLE queue_facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;`,
];

/** SQLite as the queue uses it: each method throws QUEUE_UNAVAILABLE where the file fails. The creator closes it. */
export class EmbeddedDatabase {
  readonly #file: SqliteFile;

  constructor(path: string) {
    this.#file = openSqliteFile(path, { name: 'queue', migrations: QUEUE_MIGRATIONS, code: 'QUEUE_UNAVAILABLE' });
  }

  get isOpen(): boolean {
    return this.#file.isOpen;
  }

  /** Rows of a query. The names of its columns are those of `T`. */
  all<T>(sql: string, ...values: readonly SqliteValue[]): readonly T[] {
    return this.#file.all(sql, ...values) as readonly T[];
  }

  get<T>(sql: string, ...values: readonly SqliteValue[]): T | undefined {
    return this.all<T>(sql, ...values)[0];
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: readonly SqliteValue[]): number {
    return this.#file.run(sql, ...values);
  }

  /** Does `work` whole or not at all; other processes wait. */
  transaction<T>(work: () => T): T {
    return this.#file.transaction(work);
  }

  close(): void {
    this.#file.close();
  }
}
