/** Media in a folder of this machine, or of a disk that several share. */
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { cancelled, throwIfAborted } from '../../core/abort.ts';
import { AppError, isAppError } from '../../core/errors.ts';
import { syncFolder } from '../../core/files/durable-files.ts';
import { checkStorage } from './check-storage.ts';
import { FolderTree } from './folder-tree.ts';
import { factsPath, makeTimeUnique, newFacts, type ObjectFacts, readFacts, writeFacts } from './object-facts.ts';
import { sizeOfSourceFile } from './source-file.ts';
import type { ByteRange, ListedObject, PutOptions, Storage, StoredObject } from './storage.ts';
import { clipRange, noSuchObject } from './storage-errors.ts';
import { checkKey, checkPrefix } from './storage-key.ts';
import { asStorageErrors, copyToNewFile, READ_BYTES, syncFile, writeOwnStream, writeStream } from './write-stream.ts';

/** Times that a folder is made again where somebody removes it as empty in the same moment. */
const FOLDER_TRIES = 10;

/**
 * Opens a folder as a storage, making it where it is not there yet. Objects are files of their key below `objects/`.
 * @throws STORAGE_FAILED where it cannot be made
 */
export async function openFolderStorage(root: string): Promise<Storage> {
  return new FolderStorage(nameOf(root), await asStorageErrors(nameOf(root), () => FolderTree.open(root)));
}

const nameOf = (root: string): string => `folder ${basename(root)}`;

class FolderStorage implements Storage {
  readonly name: string;
  readonly #tree: FolderTree;

  constructor(name: string, tree: FolderTree) {
    this.name = name;
    this.#tree = tree;
  }

  async put(key: string, content: Readable | Uint8Array, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    return this.#store(key, newFacts(options.contentType, options.cacheControl), async (part) => {
      const source = content instanceof Readable ? content : Readable.from([content]);
      await writeStream(source, part, options.signal);
    });
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    return this.#store(key, newFacts(options.contentType, options.cacheControl), async (part) => {
      await sizeOfSourceFile(path);
      await copyToNewFile(path, part, options.signal);
    });
  }

  async read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    throwIfAborted(signal);
    return this.#opened(key, async (file, { bytes }) => {
      const { start, end } = range === undefined ? { start: 0, end: bytes } : clipRange(range, bytes);
      if (end === start) {
        await file.close();
        return Readable.from([]);
      }
      const stream = file.createReadStream({ start, end: end - 1, highWaterMark: READ_BYTES });
      if (!signal) return stream;
      const stop = (): void => void stream.destroy(cancelled(signal));
      signal.addEventListener('abort', stop, { once: true });
      return stream.once('close', () => signal.removeEventListener('abort', stop));
    });
  }

  async getFile(key: string, path: string, signal?: AbortSignal): Promise<StoredObject> {
    const part = `${path}.part`;
    return this.#do(async () => {
      try {
        const object = await this.#opened(key, async (file, object) => {
          const source = file.createReadStream({ start: 0, highWaterMark: READ_BYTES });
          await writeOwnStream(source, part, signal);
          return object;
        });
        await rename(part, path);
        return object;
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    });
  }

  async localFile(key: string): Promise<string> {
    return this.#opened(key, async (file) => {
      await file.close();
      return this.#tree.object(key);
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    try {
      return await this.#opened(key, async (file, object) => {
        await file.close();
        return object;
      });
    } catch (error) {
      if (isAppError(error) && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    checkPrefix(prefix);
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
  }

  async copy(from: string, to: string): Promise<StoredObject> {
    checkKey(to);
    const facts = await this.#opened(from, async (file, _, facts) => {
      await file.close();
      return facts;
    });
    return this.#store(to, newFacts(facts.contentType, facts.cacheControl), async (part) => {
      await this.#opened(from, async (file) => {
        await writeOwnStream(file.createReadStream({ start: 0, highWaterMark: READ_BYTES }), part, undefined);
      });
    });
  }

  async remove(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    await this.#do(async () => {
      for (const key of keys) {
        const path = this.#tree.object(key);
        const stats = await this.#statOf(path);
        if (stats === undefined) continue;
        const facts = factsPath(this.#tree.facts(key), stats);
        await this.#removeWithFolders(path);
        await this.#removeWithFolders(facts);
      }
    });
  }

  async removePrefix(prefix: string): Promise<void> {
    if (prefix === '') throw new AppError('OPTION_INVALID', 'Expected the beginning of the keys to remove.');
    for await (const { key } of this.list(prefix)) await this.remove([key]);
  }

  async presign(): Promise<undefined> {
    return undefined;
  }

  async check(): Promise<void> {
    return checkStorage(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Makes an object of what `write` puts into a new file. */
  async #store(key: string, facts: ObjectFacts, write: (part: string) => Promise<void>): Promise<StoredObject> {
    const part = this.#tree.part();
    let factsWritten: string | undefined;
    return this.#do(async () => {
      try {
        await write(part);
        await syncFile(part);
        await makeTimeUnique(part);
        const stats = await lstat(part, { bigint: true });
        const path = this.#tree.object(key);
        factsWritten = factsPath(this.#tree.facts(key), stats);
        await this.#inFolder(factsWritten, (file) => writeFacts(file, facts));
        const old = await this.#statOf(path);
        await this.#inFolder(path, () => rename(part, path));
        await syncFolder(dirname(path));
        if (old) await rm(factsPath(this.#tree.facts(key), old), { force: true });
        return toObject(key, stats.size, stats.mtimeMs, facts);
      } catch (error) {
        await rm(part, { force: true });
        if (factsWritten !== undefined) await this.#removeWithFolders(factsWritten);
        throw error;
      }
    });
  }

  /** Does something in the folder of a path, which somebody else may find empty and remove at any time. */
  async #inFolder(path: string, work: (path: string) => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#tree.makeFolderOf(path);
        await work(path);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === FOLDER_TRIES) throw error;
      }
    }
  }

  /** Opens an object for `use`, which closes the file. */
  async #opened<T>(
    key: string,
    use: (file: FileHandle, object: StoredObject, facts: ObjectFacts) => Promise<T>,
  ): Promise<T> {
    checkKey(key);
    return this.#do(async () => {
      const path = this.#tree.object(key);
      const file = await this.#tree
        .checkFolderOf(path)
        .then(() => open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)))
        .catch((error: NodeJS.ErrnoException) => {
          if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code ?? '')) throw noSuchObject(key);
          throw error;
        });
      try {
        const stats = await file.stat({ bigint: true });
        if (!stats.isFile()) throw noSuchObject(key);
        const facts = await readFacts(this.#tree.facts(key), stats);
        return await use(file, toObject(key, stats.size, stats.mtimeMs, facts), facts);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  async *#walk(folder: string, prefix: string): AsyncIterable<ListedObject> {
    const path = join(this.#tree.objects, folder);
    const entries = await this.#do(() => readdir(path, { withFileTypes: true }).catch(ifMissing([])));
    for (const entry of entries) {
      const key = `${folder}${entry.name}`;
      if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`))) {
        yield* this.#walk(`${key}/`, prefix);
      } else if (entry.isFile() && key.startsWith(prefix)) {
        // It may be gone by now.
        const object = await this.head(key);
        if (object) yield object;
      }
    }
  }

  async #removeWithFolders(path: string): Promise<void> {
    await rm(path, { force: true });
    await this.#tree.removeEmptyFolders(path);
  }

  /** Of the file of an object; undefined where there is none. */
  async #statOf(path: string): Promise<BigIntStats | undefined> {
    try {
      await this.#tree.checkFolderOf(path);
      const stats = await lstat(path, { bigint: true });
      return stats.isFile() ? stats : undefined;
    } catch (error) {
      return ifMissing(undefined)(error as NodeJS.ErrnoException);
    }
  }

  #do<T>(work: () => Promise<T>): Promise<T> {
    return asStorageErrors(this.name, work);
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };

const toObject = (key: string, bytes: bigint, changedAt: bigint, { contentType, etag }: ObjectFacts): StoredObject => ({
  ...{ key, bytes: Number(bytes), contentType, etag, changedAt: Number(changedAt) },
});
