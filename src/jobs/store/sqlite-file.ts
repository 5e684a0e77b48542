/** One SQLite file that several processes of a machine use at once, and several parts of the service within each. */
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { AppError, type ErrorCode, isAppError } from '../../core/errors.ts';

/** What another process may keep the file for. It writes for a millisecond at a time. */
const BUSY_MILLISECONDS = 10_000;
/** Between two tries of what SQLite does not wait for by itself. */
const RETRY_MILLISECONDS = 10;

/** What a part of the service keeps in the file. */
export interface SqlitePart {
  readonly name: string;
  /** A step is never changed once released; the next one is added at the end. */
  readonly migrations: readonly string[];
  /** Code of the errors of this part. */
  readonly code: ErrorCode;
}

export type SqliteValue = string | number | null;

/**
 * Opens the file, making it and the tables of the part where they are not there yet. The creator closes it.
 * Every method throws the part's code where the file cannot be used, retryable where it may become usable.
 * @param path of the file; `:memory:` keeps it for this process only
 */
export function openSqliteFile(path: string, part: SqlitePart): SqliteFile {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Database(path);
    try {
      database.exec(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`);
      // A change of the journal does not wait for others, whatever the timeout.
      whileBusy(() => database.exec('PRAGMA journal_mode = WAL'));
      // Killed processes lose nothing; a power cut may take the last moments, never the order or the file.
      database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      migrate(database, path, part);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteFile(database, path, part.code);
  } catch (error) {
    throw sqliteError(error, path, part.code);
  }
}

function migrate(database: Database.Database, path: string, { name, migrations, code }: SqlitePart): void {
  const versionOf = (): number => {
    const row = database.prepare('SELECT version FROM schemas WHERE part = ?').get(name);
    return (row as { readonly version: number } | undefined)?.version ?? 0;
  };
  // Two processes may begin at once: whoever comes second finds it done.
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec('CREATE TABLE IF NOT EXISTS schemas (part TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID');
    const found = versionOf();
    if (found > migrations.length) {
      throw new AppError(code, `${shortName(path)} was written by a newer version of FaceFusion.`, {
        hint: 'Use that version, or another folder.',
        details: { part: name, found, known: migrations.length },
      });
    }
    for (let version = found; version < migrations.length; version++) database.exec(migrations[version]!);
    database
      .prepare('INSERT INTO schemas VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET version = excluded.version')
      .run(name, migrations.length);
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Blocks, as all work with the file does. */
function whileBusy(work: () => void): void {
  const end = Date.now() + BUSY_MILLISECONDS;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy((error as NodeJS.ErrnoException).code) || Date.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    }
  }
}

const isBusy = (code: string | undefined): boolean => /^SQLITE_(BUSY|LOCKED)/.test(code ?? '');

/** The file as one part of the service sees it. Rows are what the statement selects, and a field of libsql's beside it. */
export class SqliteFile {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #code: ErrorCode;
  readonly #statements = new Map<string, Database.Statement>();
  #isOpen = true;

  constructor(database: Database.Database, path: string, code: ErrorCode) {
    this.#database = database;
    this.#path = path;
    this.#code = code;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @returns how many rows have changed */
  run(sql: string, ...values: readonly SqliteValue[]): number {
    return this.#do(() => this.#prepare(sql).run(values).changes);
  }

  /** The first row. */
  get(sql: string, ...values: readonly SqliteValue[]): unknown {
    return this.#do(() => this.#prepare(sql).get(values));
  }

  all(sql: string, ...values: readonly SqliteValue[]): readonly unknown[] {
    return this.#do(() => this.#prepare(sql).all(values));
  }

  /** Does all of `work` or nothing, with no other writer in between. `work` must not wait for anything. */
  transaction<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // SQLite has gone back by itself where the disk was full.
      if (this.#database.inTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #do<T>(work: () => T): T {
    // libsql goes on with statements of a closed file.
    if (!this.#isOpen) throw new AppError(this.#code, `${shortName(this.#path)} was closed.`);
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.#path, this.#code);
    }
  }
}

/** Enough to find the file; whole paths stay out of answers and logs. */
const shortName = (path: string): string => join(basename(dirname(path)), basename(path));

function sqliteError(error: unknown, path: string, code: ErrorCode): AppError {
  if (isAppError(error)) return error;
  const reason = reasonOf(error);
  const { what, hint, retryable } = explain(reason);
  return new AppError(code, `${shortName(path)} ${what} (${reason}).`, {
    hint,
    details: { reason },
    cause: error,
    retryable,
  });
}

/** libsql has no words for what keeps it from opening a file, only SQLite's number: https://www.sqlite.org/rescode.html */
const OPENING_CODES: Readonly<Record<string, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** A code and no more: messages of the system hold whole paths. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code) return code;
  const number = /: (\d+)"\)$/.exec(message)?.[1];
  return (number && OPENING_CODES[number]) ?? message.slice(0, 200);
}

interface Explanation {
  readonly what: string;
  readonly hint: string;
  readonly retryable: boolean;
}

function explain(reason: string): Explanation {
  if (isBusy(reason)) {
    const hint = 'Look for a process of FaceFusion that hangs, and end it.';
    return { what: `is kept by another process for more than ${BUSY_MILLISECONDS / 1000} s`, hint, retryable: true };
  }
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(reason)) {
    const hint =
      'Put a copy of it back, or move it away together with its -wal and -shm files: a new, empty one is made then.';
    return { what: 'is damaged', hint, retryable: false };
  }
  if (/^SQLITE_(FULL|IOERR)|ENOSPC|EDQUOT/.test(reason)) {
    return { what: 'cannot be written', hint: 'Free some space on its disk.', retryable: true };
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST/.test(reason)) {
    const hint = 'Check who may write to its folder and that there is space, or name another one.';
    return { what: 'cannot be opened for writing', hint, retryable: false };
  }
  return { what: 'cannot be used', hint: 'Check its folder and its disk.', retryable: false };
}
