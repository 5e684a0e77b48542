/** The tables of the embedded queue, in the same file as the embedded store. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { AppError, isAppError } from '../../core/errors.ts';
import { queueUnavailable } from './failed-attempt.ts';

/** What another process may keep the file for. */
const BUSY_MILLISECONDS = 10_000;

/** Steps of the tables. One is never changed once released; the next is added at the end. */
const MIGRATIONS: readonly string[] = [
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
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(path: string) {
    this.#path = path;
    this.#database = this.#do(() => {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const database = new Database(path);
      database.exec(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      return database;
    });
    this.transaction(() => this.#migrate());
  }

  get isOpen(): boolean {
    return this.#database.open;
  }

  /** Rows of a query. The names of its columns are those of `T`. */
  all<T>(sql: string, ...values: readonly unknown[]): readonly T[] {
    return this.#do(() => this.#prepare(sql).all(...values) as T[]);
  }

  get<T>(sql: string, ...values: readonly unknown[]): T | undefined {
    return this.all<T>(sql, ...values)[0];
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: readonly unknown[]): number {
    return this.#do(() => this.#prepare(sql).run(...values).changes);
  }

  /** Does `work` whole or not at all; other processes wait. */
  transaction<T>(work: () => T): T {
    return this.#do(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.open) this.#database.close();
  }

  /** The file's own version number belongs to the store: the queue keeps one in a table. */
  #migrate(): void {
    this.#database.exec('CREATE TABLE IF NOT EXISTS queue_version (version INTEGER NOT NULL)');
    const row = this.get<{ readonly version: number }>('SELECT version FROM queue_version');
    const version = row?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new AppError('QUEUE_UNAVAILABLE', `${this.#path} was written by a newer version of FaceFusion.`, {
        hint: 'Use that version, or another folder.',
      });
    }
    if (!row) this.run('INSERT INTO queue_version VALUES (0)');
    for (const step of MIGRATIONS.slice(version)) this.#database.exec(step);
    this.run('UPDATE queue_version SET version = ?', MIGRATIONS.length);
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #do<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isAppError(error)) throw error;
      throw queueUnavailable(
        `The queue ${this.#path} cannot be used: ${(error as Error).message}.`,
        error,
        'Check that its folder can be written to and has space, and that the file was not changed by hand.',
      );
    }
  }
}
