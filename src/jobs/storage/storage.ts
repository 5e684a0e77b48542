/**
 * Where media lie: uploads, chunks in work, outputs. One conformance suite (`test/conformance/storages.test.ts`) for every
 * adapter. Keys are `/`-separated names of letters, digits, `.`, `_` and `-`; no part is empty, `.` or `..`, and no key is the
 * folder of another (`a` and `a/b`). Anything else is OPTION_INVALID. Prefixes are compared as texts: `jobs/1` is one of `jobs/12/x`,
 * too.
 */
import type { Readable } from 'node:stream';

/** What is known of a stored object. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Strong, in quotes; changes with the content. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** What a listing tells: S3 keeps the type for those who ask for one object. */
export type ListedObject = Omit<StoredObject, 'contentType'>;

export interface PutOptions {
  readonly contentType: string;
  /** For whoever serves the object, as a CDN would. */
  readonly cacheControl?: string | undefined;
  /** Lifecycle rules of the store may go by these. Folders ignore them. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `[start, end)` in bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Presigned {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  /** Headers that the request must carry. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface PresignOptions {
  readonly method: 'GET' | 'PUT';
  readonly expiresSeconds: number;
  readonly contentType?: string | undefined;
  /** Name under which a browser saves what it gets. */
  readonly fileName?: string | undefined;
}

/**
 * The creator disposes it. Every method may throw STORAGE_FAILED after tries of its own, retryable where the store may come
 * back; NOT_FOUND where there is no such object. An object is there whole or not at all.
 */
export interface Storage extends AsyncDisposable {
  /** For messages and `doctor`: `folder /data`, `s3 bucket`. */
  readonly name: string;
  /** Stores a stream of any length, or bytes. An object of this key is replaced. */
  put(key: string, content: Readable | Uint8Array, options: PutOptions): Promise<StoredObject>;
  /** Stores a file of this machine. */
  putFile(key: string, path: string, options: PutOptions): Promise<StoredObject>;
  /** @throws RANGE_INVALID */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;
  /** Writes an object to a new file of this machine, whole or not at all. */
  getFile(key: string, path: string, signal?: AbortSignal): Promise<StoredObject>;
  /**
   * Where an object is a file of this machine: its path, to be read while the object is there, never written or linked to.
   * @returns undefined where it is not @throws NOT_FOUND
   */
  localFile(key: string): Promise<string | undefined>;
  /** @returns undefined where there is none */
  head(key: string): Promise<StoredObject | undefined>;
  /** In no certain order. */
  list(prefix: string): AsyncIterable<ListedObject>;
  copy(from: string, to: string): Promise<StoredObject>;
  /** Removes objects; those that are not there count as removed. */
  remove(keys: readonly string[]): Promise<void>;
  removePrefix(prefix: string): Promise<void>;
  /** @returns undefined where the storage cannot be reached but through this process */
  presign(key: string, options: PresignOptions): Promise<Presigned | undefined>;
  /** @throws STORAGE_FAILED where it cannot be written to and read from now */
  check(): Promise<void>;
}
