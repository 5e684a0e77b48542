/** The place of a worker among the scratch folders of its machine, and what workers that were killed have left there. */
import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isHolderAlive, thisProcess } from '../core/files/file-lock.ts';
import { isId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { WORKER_EXPIRES_MS, WORKER_KIND } from '../jobs/worker-document.ts';
import { hostHash } from './find-abilities.ts';

/** How often it looks. */
const LOOK_MS = 30_000;
/** With less on the disk no task is begun: it would fail here, and may not elsewhere. */
const LEAST_FREE_BYTES = 512 * 1024 ** 2;
/** Says which process has a folder. */
const OWNER = 'owner';

/** The creator disposes it, which removes the folder, unless scratch is kept. */
export interface ScratchPlace extends AsyncDisposable {
  readonly path: string;
  /** Whether there is room for another task; looked at now and then. */
  readonly hasRoom: boolean;
}

export interface ScratchPlaceOptions {
  /** Of all workers of this machine. */
  readonly root: string;
  readonly worker: string;
  readonly backend: Backend;
  readonly logger: Logger;
}

/**
 * An embedded service has the folder to itself and keeps it; a worker of a cluster makes its own in it.
 * @throws OUTPUT_FAILED where it cannot be made
 */
export async function openScratchPlace({ root, worker, backend, logger }: ScratchPlaceOptions): Promise<ScratchPlace> {
  const path = backend.isShared ? join(root, worker) : root;
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (backend.isShared) await writeFile(join(path, OWNER), `${hostHash()} ${await thisProcess()}`);
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `The scratch folder cannot be made: ${(cause as Error).message}.`, {
      hint: 'Name a folder that this user may write to with --scratch.',
      cause,
    });
  }
  let hasRoom = true;
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(path);
    const had = hasRoom;
    hasRoom = bavail * bsize >= LEAST_FREE_BYTES;
    if (had && !hasRoom) logger.warn('the scratch folder is full: no task is begun', { freeBytes: bavail * bsize });
    if (backend.isShared) await removeAbandoned(root, worker, backend, logger);
  };
  const lookAgain = (): void => {
    void look().catch((error: unknown) => {
      logger.warn('the scratch folder could not be looked at', { reason: String(error) });
    });
  };
  await look();
  const timer = setInterval(lookAgain, LOOK_MS);
  return {
    path,
    get hasRoom() {
      return hasRoom;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (backend.isShared) await rm(path, { recursive: true, force: true });
    },
  };
}

/** Folders of workers that are gone: their process is, or nobody has heard of them for long. */
async function removeAbandoned(root: string, own: string, backend: Backend, logger: Logger): Promise<void> {
  for (const name of await readdir(root)) {
    if (name === own || !isId('worker', name)) continue;
    const folder = join(root, name);
    if (await isInUse(folder, name, backend)) continue;
    await rm(folder, { recursive: true, force: true });
    logger.info('the scratch folder of a worker that is gone was removed', { worker: name });
  }
}

async function isInUse(folder: string, worker: string, { store }: Backend): Promise<boolean> {
  const [host, ...holder] = (await readFile(join(folder, OWNER), 'latin1').catch(() => '')).split(' ');
  if (host === hostHash()) return isHolderAlive(holder.join(' '));
  // Of a container beside this one, whose processes cannot be seen; or just being made.
  const facts = await stat(folder).catch(() => undefined);
  if (facts && Date.now() - facts.mtimeMs < WORKER_EXPIRES_MS) return true;
  return (await store.read(WORKER_KIND, worker)) !== undefined;
}
