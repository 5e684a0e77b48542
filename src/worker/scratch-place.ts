/** The place of a worker among the scratch folders of its machine, and what workers that were killed have left there. */
import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isHolderAlive, thisProcess } from '../core/files/file-lock.ts';
import { formatBytes } from '../core/format-bytes.ts';
import { isId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { HEARTBEAT_MS, WORKER_EXPIRES_MS, WORKER_KIND, type WorkerDocument } from '../jobs/worker-document.ts';
import { hostHash } from './find-abilities.ts';

/** With less on the disk no task is begun: it would fail here, and may not elsewhere. */
export const LEAST_FREE_BYTES = 512 * 1024 ** 2;
/** Says which process has a folder. */
const OWNER = 'owner';

/** The creator disposes it, which removes the folder, unless scratch is kept. */
export interface ScratchPlace extends AsyncDisposable {
  readonly path: string;
  /** Whether there is room for another task; looked at as often as the worker says that it is there. */
  readonly hasRoom: boolean;
  /** The same in numbers, for others. */
  readonly room: Required<Pick<Scratch, 'freeBytes' | 'neededBytes' | 'folder'>>;
  /** Looks now. What fails is tried again later. */
  look(): Promise<void>;
}

type Scratch = NonNullable<WorkerDocument['scratch']>;

export interface ScratchPlaceOptions {
  /** Of all workers of this machine. */
  readonly root: string;
  readonly worker: string;
  readonly backend: Backend;
  readonly logger: Logger;
  /** Called when room has run out, and when there is some again. */
  readonly onChange?: (() => void) | undefined;
}

/**
 * An embedded service has the folder to itself and keeps it; a worker of a cluster makes its own in it.
 * @throws OUTPUT_FAILED where it cannot be made
 */
export async function openScratchPlace({
  root,
  worker,
  backend,
  logger,
  onChange,
}: ScratchPlaceOptions): Promise<ScratchPlace> {
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
  const folder = withoutHome(root);
  let hasRoom = true;
  let freeBytes = Number.POSITIVE_INFINITY;
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(path);
    const had = hasRoom;
    freeBytes = bavail * bsize;
    hasRoom = freeBytes >= LEAST_FREE_BYTES;
    if (had && !hasRoom) {
      const [free, needed] = [formatBytes(freeBytes), formatBytes(LEAST_FREE_BYTES)];
      logger.warn(
        `the scratch folder ${folder} is full: no task is begun. ${free} are free and ${needed} are needed: free some space there, or name another folder with --scratch`,
      );
    }
    if (!had && hasRoom) logger.info('the scratch folder has room again: tasks are begun');
    if (had !== hasRoom) onChange?.();
    if (backend.isShared) await removeAbandoned(root, worker, backend, logger);
  };
  const lookAgain = (): Promise<void> =>
    look().catch((error: unknown) => {
      logger.warn('the scratch folder could not be looked at', { reason: String(error) });
    });
  await look();
  const timer = setInterval(() => void lookAgain(), HEARTBEAT_MS);
  return {
    path,
    get hasRoom() {
      return hasRoom;
    },
    get room() {
      return { freeBytes, neededBytes: LEAST_FREE_BYTES, folder };
    },
    look: lookAgain,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (backend.isShared) await rm(path, { recursive: true, force: true });
    },
  };
}

/** As `~/…`: paths of a user have his name. */
function withoutHome(path: string): string {
  const inside = relative(homedir(), path);
  return inside === '' || inside.startsWith('..') || inside === path ? path : join('~', inside);
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
