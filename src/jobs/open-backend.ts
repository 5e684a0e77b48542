/** The one place where it is decided what a service stands on. */
import { join, resolve } from 'node:path';
import { dataFolder } from '../core/data-folder.ts';
import { AppError } from '../core/errors.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import type { Backend } from './backend.ts';
import type { Queue } from './queue/queue.ts';
import type { QueueTimes } from './queue/queue-times.ts';
import { parseS3Address } from './storage/s3-address.ts';
import type { Storage } from './storage/storage.ts';
import type { Store } from './store/store.ts';

export interface BackendOptions {
  /** `redis://…` or `rediss://…`; left out: embedded, in `folder`. */
  readonly queue?: string | undefined;
  /** `s3://bucket/prefix?…` or a folder; left out: `media` in `folder`. */
  readonly storage?: string | undefined;
  /** Of what is kept on this machine. It need not exist. */
  readonly folder: string;
  /** After so long without a sign of life a task of a worker is another's. Default: see `QUEUE_TIMES`. */
  readonly leaseSeconds?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** Where jobs of this machine are kept, with their media. */
export const jobsFolder = (environment?: Parameters<typeof dataFolder>[0]): string =>
  join(dataFolder(environment), 'jobs');

/**
 * Opens store, queue and storage. What was opened is closed again where a later one fails.
 * @throws OPTION_INVALID for an address that is none; STORE_FAILED, QUEUE_UNAVAILABLE, STORAGE_FAILED
 */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { queue, storage, folder, leaseSeconds, logger = silentLogger } = options;
  const times = leaseSeconds === undefined ? {} : timesOf(leaseSeconds);
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    // The last first: a queue may still write to the store.
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  const keep = async <T extends AsyncDisposable>(part: T | Promise<T>): Promise<T> => {
    const it = await part;
    opened.push(it);
    return it;
  };
  try {
    const isShared = queue !== undefined;
    if (isShared) checkQueueUrl(queue);
    if (storage !== undefined) checkStorageAddress(storage);
    const store = await keep(isShared ? openSharedStore(queue, logger) : openEmbeddedStore(folder));
    const tasks = await keep(isShared ? openSharedQueue(queue, times, logger) : openEmbedded(folder, times, logger));
    const media = await keep(openStorage(storage ?? join(folder, 'media')));
    return { store, storage: media, queue: tasks, isShared, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Before anything is opened or made. */
function checkStorageAddress(storage: string): void {
  if (isS3(storage)) parseS3Address(storage);
  // A letter and a colon is a disk of Windows.
  else if (storage === '' || /^[a-z][a-z0-9+.-]+:/i.test(storage)) throw noStorage(storage);
}

const isS3 = (storage: string): boolean => storage.startsWith('s3:');

/** Adapters are loaded where they are used: the command line begins in milliseconds. */
async function openStorage(storage: string): Promise<Storage> {
  if (isS3(storage)) {
    const { openS3Storage } = await import('./storage/s3-storage.ts');
    return openS3Storage(storage);
  }
  const { openFolderStorage } = await import('./storage/folder-storage.ts');
  return openFolderStorage(resolve(storage));
}

const noStorage = (text: string): AppError =>
  new AppError('OPTION_INVALID', `Expected a folder or s3://bucket/prefix as storage, received ${schemeOf(text)}.`, {
    hint: 'For example --storage s3://media/facefusion?region=eu-central-1, or --storage ./media.',
  });

const databaseOf = (folder: string): string => join(folder, 'jobs.sqlite');

async function openEmbeddedStore(folder: string): Promise<Store> {
  const { openSqliteStore } = await import('./store/sqlite-store.ts');
  return openSqliteStore(databaseOf(folder));
}

/** Two signs of life may be lost, as by default. */
const timesOf = (leaseSeconds: number): Partial<QueueTimes> => ({
  leaseMilliseconds: leaseSeconds * 1000,
  renewMilliseconds: (leaseSeconds * 1000) / 3,
});

async function openEmbedded(folder: string, times: Partial<QueueTimes>, logger: Logger): Promise<Queue> {
  const { openEmbeddedQueue } = await import('./queue/embedded-queue.ts');
  return openEmbeddedQueue(databaseOf(folder), { logger, times });
}

async function openSharedStore(url: string, logger: Logger): Promise<Store> {
  const { openRedisStore } = await import('./store/redis-store.ts');
  return openRedisStore(url, { logger });
}

async function openSharedQueue(url: string, times: Partial<QueueTimes>, logger: Logger): Promise<Queue> {
  const { openBullQueue } = await import('./queue/bull-queue.ts');
  return openBullQueue({ url, times, logger });
}

/** @throws OPTION_INVALID. The address may hold a password: it is not repeated. */
function checkQueueUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isRedis = parsed?.protocol === 'redis:' || parsed?.protocol === 'rediss:';
  if (isRedis && parsed.hostname !== '' && /^\/?\d*$/.test(parsed.pathname)) return;
  throw new AppError('OPTION_INVALID', `Expected redis://host:port/database as queue, received ${schemeOf(url)}.`, {
    hint: 'For example --queue redis://127.0.0.1:6379, or rediss:// with TLS.',
  });
}

const schemeOf = (text: string): string => {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0];
  return scheme ? `an address of ${scheme}` : 'no address';
};
