/** Events of the embedded store: kept by number, told to whoever watches in this process or another of this machine. */
import { isAppError } from '../../core/errors.ts';
import type { SqliteFile } from './sqlite-file.ts';
import type { StoredEvent } from './store.ts';

/** How often a watcher looks for what other processes have written: a look costs some microseconds. */
const LOOK_MILLISECONDS = 200;
/** Published events that stay for other processes to read: far more than are made between two looks. */
const PUBLISHED_KEPT = 2000;
/** Old ones are taken away once in so many. */
const PRUNE_EVERY = 200;
/** Told at a time. */
const READ_AT_ONCE = 500;

type Listener = (stream: string, event: StoredEvent) => void;

interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly number: number;
  readonly value: string;
}

/** Lends the file. */
export class SqliteEvents {
  readonly #file: SqliteFile;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  /** Position of the last event that was told. */
  #told = 0;
  #dataVersion = 0;
  #published = 0;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  append(stream: string, value: unknown): number {
    const sql = `INSERT INTO events (stream, number, value)
      VALUES (?, (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE stream = ? AND number > 0), ?)
      RETURNING position, number`;
    const text = JSON.stringify(value);
    const { position, number } = this.#file.get(sql, stream, stream, text) as Pick<EventRow, 'position' | 'number'>;
    this.#tell({ position, stream, number, value: text });
    return number;
  }

  publish(stream: string, value: unknown): void {
    const sql = 'INSERT INTO events (stream, number, value) VALUES (?, 0, ?) RETURNING position';
    const text = JSON.stringify(value);
    const { position } = this.#file.get(sql, stream, text) as Pick<EventRow, 'position'>;
    this.#tell({ position, stream, number: 0, value: text });
    if (++this.#published % PRUNE_EVERY === 0) {
      this.#file.run('DELETE FROM events WHERE number = 0 AND position < ?', position - PUBLISHED_KEPT);
    }
  }

  read(stream: string, after: number, limit: number): readonly StoredEvent[] {
    const sql = `SELECT number, value FROM events WHERE stream = ? AND number > 0 AND number > ?
      ORDER BY number LIMIT ?`;
    return (this.#file.all(sql, stream, after, limit) as readonly EventRow[]).map(toEvent);
  }

  remove(stream: string): void {
    this.#file.run('DELETE FROM events WHERE stream = ?', stream);
  }

  watch(listener: Listener): () => void {
    // A function given twice is told twice.
    const own: Listener = (stream, event) => listener(stream, event);
    if (this.#listeners.size === 0) this.#begin();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  }

  close(): void {
    this.#listeners.clear();
    clearInterval(this.#timer);
  }

  #begin(): void {
    this.#dataVersion = this.#readDataVersion();
    const { last } = this.#file.get('SELECT MAX(position) AS last FROM events') as { readonly last: number | null };
    this.#told = last ?? 0;
    this.#timer = setInterval(() => this.#look(), LOOK_MILLISECONDS).unref();
  }

  #look(): void {
    try {
      const version = this.#readDataVersion();
      if (version === this.#dataVersion) return;
      this.#tellNew();
      this.#dataVersion = version;
    } catch (error) {
      // The next look finds what this one missed; whoever reads or writes is told what is wrong.
      if (!isAppError(error)) throw error;
    }
  }

  /** Changes when another connection has written. */
  #readDataVersion(): number {
    return (this.#file.get('PRAGMA data_version') as { readonly data_version: number }).data_version;
  }

  #tell(row: EventRow): void {
    if (this.#listeners.size === 0) return;
    // Positions have no gaps unless another process wrote meanwhile: its events come first.
    if (row.position === this.#told + 1) this.#tellListeners(row);
    else this.#tellNew();
  }

  #tellNew(): void {
    const sql = 'SELECT position, stream, number, value FROM events WHERE position > ? ORDER BY position LIMIT ?';
    for (;;) {
      const rows = this.#file.all(sql, this.#told, READ_AT_ONCE) as readonly EventRow[];
      for (const row of rows) this.#tellListeners(row);
      if (rows.length < READ_AT_ONCE) return;
    }
  }

  #tellListeners(row: EventRow): void {
    this.#told = row.position;
    for (const listener of this.#listeners) listener(row.stream, toEvent(row));
  }
}

const toEvent = ({ number, value }: Pick<EventRow, 'number' | 'value'>): StoredEvent => ({
  number,
  value: JSON.parse(value) as unknown,
});
