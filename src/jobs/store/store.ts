/**
 * Where jobs, uploads, keys and their events are kept: a small document store with one conformance suite
 * (`test/conformance/stores.test.ts`) for every adapter. Values are JSON; whoever reads one parses it.
 */
import { AppError } from '../../core/errors.ts';

/** A document as it is kept. */
export interface StoredDocument {
  readonly id: string;
  /** Whose it is. */
  readonly tenant: string;
  /** What lists can ask for, such as the state of a job. */
  readonly state: string;
  /** Rises with each document of the store: lists are in this order. */
  readonly sequence: number;
  /** Rises with each change. */
  readonly version: number;
  /** Milliseconds since 1970 from which on it is no longer there; undefined: it stays. */
  readonly expiresAt?: number | undefined;
  readonly value: unknown;
}

export interface NewDocument {
  readonly id: string;
  readonly tenant: string;
  readonly state: string;
  readonly expiresAt?: number | undefined;
  readonly value: unknown;
}

export interface ListRequest {
  readonly tenant?: string | undefined;
  /** Any of these. */
  readonly states?: readonly string[] | undefined;
  /** `sequence` of the last document of the page before. */
  readonly after?: number | undefined;
  /** 1..1000 */
  readonly limit: number;
  readonly newestFirst?: boolean | undefined;
}

/** One thing that happened, in a stream of its own, such as a job's. */
export interface StoredEvent {
  /** From 1, without gaps; 0 for what was only published, and cannot be asked for later. */
  readonly number: number;
  readonly value: unknown;
}

/** Expired documents that `sweep` takes away at a time. */
export const SWEPT_AT_ONCE = 1000;

/** What a change turns a document into. */
export interface DocumentChange {
  readonly state: string;
  readonly value: unknown;
  /** Left out: as before. */
  readonly expiresAt?: number | undefined;
}

/** @throws INTERNAL: what is counted in parts is added in the smallest of them */
export function checkAmount(amount: number): void {
  if (!Number.isSafeInteger(amount))
    throw new AppError('INTERNAL', `Expected a whole number to add, received ${amount}.`);
}

/** The creator disposes it. Every method may throw STORE_FAILED, which is retryable where the store may come back. */
export interface Store extends AsyncDisposable {
  /** @returns false where there is a document of this kind and id already; nothing has changed then */
  create(kind: string, document: NewDocument): Promise<boolean>;
  read(kind: string, id: string): Promise<StoredDocument | undefined>;
  /**
   * Changes a document that nobody else changes meanwhile: `change` may be called again with a newer one.
   * @param change returns undefined to leave it as it is
   * @returns the document after it; undefined where there is none
   */
  update(
    kind: string,
    id: string,
    change: (document: StoredDocument) => DocumentChange | undefined,
  ): Promise<StoredDocument | undefined>;
  /** @returns whether there was one */
  remove(kind: string, id: string): Promise<boolean>;
  list(kind: string, request: ListRequest): Promise<readonly StoredDocument[]>;
  /** How many documents of a tenant, or of all, are in each state. */
  count(kind: string, tenant?: string): Promise<Readonly<Record<string, number>>>;
  /** Takes away what has expired. @returns the ids that are gone, at most `SWEPT_AT_ONCE` */
  sweep(kind: string): Promise<readonly string[]>;
  /** Keeps an event and tells those who watch. @returns its number */
  append(stream: string, value: unknown): Promise<number>;
  /** Tells those who watch and keeps nothing: for progress. */
  publish(stream: string, value: unknown): Promise<void>;
  /** Events behind a number, oldest first. */
  events(stream: string, after: number, limit: number): Promise<readonly StoredEvent[]>;
  removeEvents(stream: string): Promise<void>;
  /**
   * Hears of each event as it is appended or published, by any process where the adapter reaches several. Events may be
   * missed while the connection is lost: whoever must not miss one reads `events` as well.
   * @returns ends it
   */
  watch(listener: (stream: string, event: StoredEvent) => void): () => void;
  /** Adds a whole number to a counter, which begins at 0; `add(name, 0)` reads it. @returns what it is then */
  add(counter: string, amount: number): Promise<number>;
}
