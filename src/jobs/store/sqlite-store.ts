/** The embedded store: one SQLite file, shared by every process of one machine. */
import { SqliteEvents } from './sqlite-events.ts';
import { openSqliteFile, type SqliteFile, type SqliteValue } from './sqlite-file.ts';
import { STORE_MIGRATIONS } from './sqlite-migrations.ts';
import {
  checkAmount,
  type ListRequest,
  type Store,
  type StoredDocument,
  type StoredEvent,
  SWEPT_AT_ONCE,
} from './store.ts';

const COLUMNS = 'sequence, id, tenant, state, version, expires_at, value';
const NOT_EXPIRED = '(expires_at IS NULL OR expires_at > ?)';

interface DocumentRow {
  readonly sequence: number;
  readonly id: string;
  readonly tenant: string;
  readonly state: string;
  readonly version: number;
  readonly expires_at: number | null;
  readonly value: string;
}

/**
 * Opens a store, making the file and its tables where they are not there yet.
 * @param path of the file; `:memory:` keeps it for this process only
 * @throws STORE_FAILED where it cannot be opened, is damaged or was written by a newer version
 */
export function openSqliteStore(path: string): Store {
  return new SqliteStore(openSqliteFile(path, { name: 'store', migrations: STORE_MIGRATIONS, code: 'STORE_FAILED' }));
}

class SqliteStore implements Store {
  readonly #file: SqliteFile;
  readonly #events: SqliteEvents;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#events = new SqliteEvents(file);
  }

  async create(kind: string, document: Parameters<Store['create']>[1]): Promise<boolean> {
    if (this.#insert(kind, document)) return true;
    // One that has expired is as good as gone.
    return this.#file.transaction(() => {
      const sql = `DELETE FROM documents WHERE kind = ? AND id = ? AND NOT ${NOT_EXPIRED}`;
      return this.#file.run(sql, kind, document.id, Date.now()) > 0 && this.#insert(kind, document);
    });
  }

  async read(kind: string, id: string): Promise<StoredDocument | undefined> {
    return this.#read(kind, id);
  }

  async update(...[kind, id, change]: Parameters<Store['update']>): Promise<StoredDocument | undefined> {
    for (;;) {
      const document = this.#read(kind, id);
      const changed = document && change(document);
      if (!document || !changed) return document;
      const { sequence, version, expiresAt } = document;
      const next = {
        ...document,
        ...{ state: changed.state, value: changed.value, version: version + 1 },
        ...{ expiresAt: changed.expiresAt ?? expiresAt },
      };
      const sql = `UPDATE documents SET state = ?, value = ?, expires_at = ?, version = ?
        WHERE sequence = ? AND version = ?`;
      const values = [next.state, JSON.stringify(next.value), next.expiresAt ?? null, next.version, sequence, version];
      // Nothing has changed where another process was faster: its document is the one to change.
      if (this.#file.run(sql, ...values) === 1) return next;
    }
  }

  async remove(kind: string, id: string): Promise<boolean> {
    const sql = `DELETE FROM documents WHERE kind = ? AND id = ? AND ${NOT_EXPIRED}`;
    return this.#file.run(sql, kind, id, Date.now()) === 1;
  }

  async list(kind: string, request: ListRequest): Promise<readonly StoredDocument[]> {
    const { tenant, states, after, limit, newestFirst = false } = request;
    const order = `ORDER BY sequence ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`;
    const select = (state: string | undefined): { readonly sql: string; readonly values: readonly SqliteValue[] } => {
      const conditions = [
        ['kind = ?', kind],
        ['tenant = ?', tenant],
        ['state = ?', state],
        [newestFirst ? 'sequence < ?' : 'sequence > ?', after],
        [NOT_EXPIRED, Date.now()],
      ].filter((condition): condition is [string, string | number] => condition[1] !== undefined);
      const sql = `SELECT ${COLUMNS} FROM documents WHERE ${conditions.map(([text]) => text).join(' AND ')} ${order}`;
      return { sql, values: [...conditions.map(([, value]) => value), limit] };
    };
    if (states?.length === 0) return [];
    // A state at a time, each in the order of its index: a page costs the same however many documents there are.
    const parts = states ? [...new Set(states)].map(select) : [select(undefined)];
    const sql = `${parts.map((part) => `SELECT * FROM (${part.sql})`).join(' UNION ALL ')} ${order}`;
    const rows = this.#file.all(sql, ...parts.flatMap((part) => part.values), limit);
    return (rows as readonly DocumentRow[]).map(toDocument);
  }

  async count(kind: string, tenant?: string): Promise<Readonly<Record<string, number>>> {
    const own = tenant === undefined ? '' : ' AND tenant = ?';
    const values = tenant === undefined ? [kind] : [kind, tenant];
    // Less what has expired and was not swept yet: few, by their own index.
    const sql = `SELECT state, SUM(documents) AS documents FROM (
        SELECT state, documents FROM document_counts WHERE kind = ?${own}
        UNION ALL SELECT state, -1 FROM documents WHERE kind = ?${own} AND expires_at <= ?
      ) GROUP BY state HAVING SUM(documents) > 0`;
    const rows = this.#file.all(sql, ...values, ...values, Date.now());
    const counts = rows as readonly { readonly state: string; readonly documents: number }[];
    return Object.fromEntries(counts.map(({ state, documents }) => [state, documents]));
  }

  async sweep(kind: string): Promise<readonly string[]> {
    const sql = `DELETE FROM documents WHERE sequence IN (
        SELECT sequence FROM documents WHERE kind = ? AND expires_at <= ? ORDER BY expires_at LIMIT ?
      ) RETURNING id`;
    const rows = this.#file.all(sql, kind, Date.now(), SWEPT_AT_ONCE);
    return (rows as readonly DocumentRow[]).map(({ id }) => id);
  }

  async append(stream: string, value: unknown): Promise<number> {
    return this.#events.append(stream, value);
  }

  async publish(stream: string, value: unknown): Promise<void> {
    this.#events.publish(stream, value);
  }

  async events(stream: string, after: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#events.read(stream, after, limit);
  }

  async removeEvents(stream: string): Promise<void> {
    this.#events.remove(stream);
  }

  watch(listener: (stream: string, event: StoredEvent) => void): () => void {
    return this.#events.watch(listener);
  }

  async add(counter: string, amount: number): Promise<number> {
    checkAmount(amount);
    const sql = `INSERT INTO counters (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value`;
    return (this.#file.get(sql, counter, amount) as { readonly value: number }).value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events.close();
    this.#file.close();
  }

  #insert(kind: string, { id, tenant, state, expiresAt, value }: Parameters<Store['create']>[1]): boolean {
    // An insert that comes to a conflict would use up a number.
    const sql = `INSERT INTO documents (kind, id, tenant, state, version, expires_at, value)
      SELECT ?, ?, ?, ?, 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM documents WHERE kind = ? AND id = ?)`;
    const row = [kind, id, tenant, state, expiresAt ?? null, JSON.stringify(value)];
    return this.#file.run(sql, ...row, kind, id) === 1;
  }

  #read(kind: string, id: string): StoredDocument | undefined {
    const sql = `SELECT ${COLUMNS} FROM documents WHERE kind = ? AND id = ? AND ${NOT_EXPIRED}`;
    const row = this.#file.get(sql, kind, id, Date.now()) as DocumentRow | undefined;
    return row && toDocument(row);
  }
}

const toDocument = ({ sequence, id, tenant, state, version, expires_at, value }: DocumentRow): StoredDocument => ({
  ...{ sequence, id, tenant, state, version, expiresAt: expires_at ?? undefined },
  value: JSON.parse(value) as unknown,
});
