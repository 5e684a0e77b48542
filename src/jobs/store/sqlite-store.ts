/** The embedded store: one SQLite file, shared by every process of one machine. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { AppError, isAppError } from '../../core/errors.ts';
import { MIGRATIONS } from './sqlite-migrations.ts';
import type { ListRequest, Store, StoredDocument, StoredEvent } from './store.ts';

/** What another process may keep the file for. */
const BUSY_MILLISECONDS = 10_000;

interface DocumentRow {
  readonly sequence: number;
  readonly id: string;
  readonly tenant: string;
  readonly state: string;
  readonly version: number;
  readonly value: string;
}

/**
 * Opens a store, making the file and its tables where they are not there yet.
 * @param path of the file; `:memory:` keeps it for this process only
 * @throws STORE_FAILED where it cannot be opened, is damaged or was written by a newer version
 */
export function openSqliteStore(path: string): Store {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Database(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
    migrate(database, path);
    return new SqliteStore(database);
  } catch (error) {
    throw storeError(error, path);
  }
}

function migrate(database: Database.Database, path: string): void {
  const versionOf = (): number =>
    (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version;
  if (versionOf() > MIGRATIONS.length) {
    throw new AppError('STORE_FAILED', `${path} was written by a newer version of FaceFusion.`, {
      hint: 'Use that version, or another folder.',
    });
  }
  if (versionOf() === MIGRATIONS.length) return;
  // Two processes may begin at once: whoever comes second finds it done.
  inTransaction(database, () => {
    for (let version = versionOf(); version < MIGRATIONS.length; version++) {
      database.exec(MIGRATIONS[version]!);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    }
  });
}

function inTransaction<T>(database: Database.Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const storeError = (error: unknown, path: string): AppError => {
  if (isAppError(error)) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new AppError('STORE_FAILED', `The store of jobs ${path} cannot be used: ${message}.`, {
    hint: 'Check that its folder can be written to and has space, and that the file was not changed by hand.',
    details: { reason: code },
    cause: error,
    retryable: code === 'SQLITE_BUSY',
  });
};

class SqliteStore implements Store {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #listeners = new Set<(stream: string, event: StoredEvent) => void>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  async create(kind: string, { id, tenant, state, value }: Parameters<Store['create']>[1]): Promise<boolean> {
    const sql =
      'INSERT INTO documents (kind, id, tenant, state, version, value) VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO NOTHING';
    return this.#do(() => this.#prepare(sql).run(kind, id, tenant, state, JSON.stringify(value)).changes === 1);
  }

  async read(kind: string, id: string): Promise<StoredDocument | undefined> {
    return this.#do(() => this.#read(kind, id));
  }

  async update(...[kind, id, change]: Parameters<Store['update']>): Promise<StoredDocument | undefined> {
    return this.#do(() =>
      inTransaction(this.#database, () => {
        const document = this.#read(kind, id);
        const changed = document && change(document);
        if (!document || !changed) return document;
        const version = document.version + 1;
        this.#prepare('UPDATE documents SET state = ?, value = ?, version = ? WHERE sequence = ?').run(
          changed.state,
          JSON.stringify(changed.value),
          version,
          document.sequence,
        );
        return { ...document, ...changed, version };
      }),
    );
  }

  async remove(kind: string, id: string): Promise<boolean> {
    return this.#do(() => this.#prepare('DELETE FROM documents WHERE kind = ? AND id = ?').run(kind, id).changes === 1);
  }

  async list(kind: string, request: ListRequest): Promise<readonly StoredDocument[]> {
    const { tenant, states, after, limit, newestFirst = false } = request;
    const conditions = ['kind = ?'];
    const values: unknown[] = [kind];
    if (tenant !== undefined) {
      conditions.push('tenant = ?');
      values.push(tenant);
    }
    if (states !== undefined) {
      conditions.push(`state IN (${states.map(() => '?').join(', ')})`);
      values.push(...states);
    }
    if (after !== undefined) {
      conditions.push(newestFirst ? 'sequence < ?' : 'sequence > ?');
      values.push(after);
    }
    const sql = `SELECT sequence, id, tenant, state, version, value FROM documents WHERE ${conditions.join(' AND ')}
      ORDER BY sequence ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`;
    return this.#do(() => (this.#prepare(sql).all(...values, limit) as DocumentRow[]).map(toDocument));
  }

  async count(kind: string, tenant?: string): Promise<Readonly<Record<string, number>>> {
    const own = tenant === undefined ? '' : ' AND tenant = ?';
    const sql = `SELECT state, COUNT(*) AS documents FROM documents WHERE kind = ?${own} GROUP BY state`;
    const rows = this.#do(() => this.#prepare(sql).all(...(tenant === undefined ? [kind] : [kind, tenant])));
    return Object.fromEntries(
      (rows as { readonly state: string; readonly documents: number }[]).map((row) => [row.state, row.documents]),
    );
  }

  async append(stream: string, value: unknown): Promise<number> {
    const number = this.#do(() =>
      inTransaction(this.#database, () => {
        const last = this.#prepare('SELECT MAX(number) AS last FROM events WHERE stream = ?').get(stream);
        const next = ((last as { readonly last: number | null } | undefined)?.last ?? 0) + 1;
        const sql = 'INSERT INTO events (stream, number, value) VALUES (?, ?, ?)';
        this.#prepare(sql).run(stream, next, JSON.stringify(value));
        return next;
      }),
    );
    for (const listener of this.#listeners) listener(stream, { number, value });
    return number;
  }

  async events(stream: string, after: number, limit: number): Promise<readonly StoredEvent[]> {
    const sql = 'SELECT number, value FROM events WHERE stream = ? AND number > ? ORDER BY number LIMIT ?';
    const rows = this.#do(() => this.#prepare(sql).all(stream, after, limit));
    return (rows as { readonly number: number; readonly value: string }[]).map(({ number, value }) => ({
      number,
      value: JSON.parse(value) as unknown,
    }));
  }

  async removeEvents(stream: string): Promise<void> {
    this.#do(() => this.#prepare('DELETE FROM events WHERE stream = ?').run(stream));
  }

  watch(listener: (stream: string, event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async add(counter: string, amount: number): Promise<number> {
    const sql = `INSERT INTO counters (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value`;
    const row = this.#do(() => this.#prepare(sql).get(counter, amount));
    return (row as { readonly value: number }).value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    if (this.#database.open) this.#database.close();
  }

  #read(kind: string, id: string): StoredDocument | undefined {
    const sql = 'SELECT sequence, id, tenant, state, version, value FROM documents WHERE kind = ? AND id = ?';
    const row = this.#prepare(sql).get(kind, id) as DocumentRow | undefined;
    return row && toDocument(row);
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
      throw storeError(error, this.#database.name);
    }
  }
}

const toDocument = ({ sequence, id, tenant, state, version, value }: DocumentRow): StoredDocument => ({
  ...{ sequence, id, tenant, state, version },
  value: JSON.parse(value) as unknown,
});
