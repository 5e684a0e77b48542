/** The folders of a worker on its disk: inputs that are shared, and one folder for each task in hand. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { folderBytes } from '../../core/files/folder-size.ts';
import type { Storage } from '../storage/storage.ts';
import { type InputCache, openInputCache } from './input-cache.ts';

/** A folder that one attempt has for itself. Disposing it removes it, unless it was to be kept. */
export interface TaskFolder extends AsyncDisposable {
  readonly path: string;
  /** From now on disposing leaves it for the next attempt. Of kept scratch only. */
  keep(): void;
}

export interface Scratch {
  readonly inputs: InputCache;
  /** True where the next attempt finds what this one left. */
  readonly isKept: boolean;
  /**
   * Waits until an earlier attempt of this process is out of the folder.
   * @param job   names it where scratch is kept
   * @param token names it where it is not
   * @throws OUTPUT_FAILED
   */
  openTask(job: string, token: string): Promise<TaskFolder>;
  /** Removes what is left of a job. */
  removeJob(job: string): Promise<void>;
  /** Of the folder. */
  usedBytes(): Promise<number>;
  /** Removes inputs that no task has in hand; what a job goes on with stays. @returns bytes that were freed */
  clear(): Promise<number>;
  /** Jobs that something is kept of. */
  keptJobs(): Promise<readonly string[]>;
}

export interface ScratchOptions {
  /** Of this worker alone; made where it is not there. */
  readonly folder: string;
  readonly storage: Pick<Storage, 'getFile'>;
  /** Whether a service that is started again goes on with what is there. */
  readonly isKept: boolean;
  readonly maxInputBytes?: number | undefined;
}

/** @throws OUTPUT_FAILED */
export async function openScratch({ folder, storage, isKept, maxInputBytes }: ScratchOptions): Promise<Scratch> {
  const tasks = join(folder, 'tasks');
  const fail = (cause: unknown): never => {
    throw new AppError('OUTPUT_FAILED', `The scratch folder cannot be used: ${(cause as Error).message}.`, {
      hint: 'Free some space, or name another folder with --scratch.',
      cause,
    });
  };
  await mkdir(tasks, { recursive: true, mode: 0o700 }).catch(fail);
  const inputs = await openInputCache({ folder: join(folder, 'inputs'), storage, maxBytes: maxInputBytes });
  /** Those who are in a folder, or wait for it, one after another. */
  const inside = new Map<string, Promise<void>>();
  return {
    inputs,
    isKept,
    async openTask(job, token) {
      const name = isKept ? job : token;
      const before = inside.get(name);
      let leave = (): void => {};
      const mine = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const last = (before ?? Promise.resolve()).then(() => mine);
      inside.set(name, last);
      await before;
      const path = join(tasks, name);
      const free = (): void => {
        if (inside.get(name) === last) inside.delete(name);
        leave();
      };
      await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause) => {
        free();
        fail(cause);
      });
      let stays = false;
      return {
        path,
        keep() {
          stays = isKept;
        },
        async [Symbol.asyncDispose]() {
          try {
            if (!stays) await rm(path, { recursive: true, force: true });
          } finally {
            free();
          }
        },
      };
    },
    async removeJob(job) {
      if (isKept) await rm(join(tasks, job), { recursive: true, force: true });
    },
    usedBytes: () => folderBytes(folder),
    clear: () => inputs.clear(),
    keptJobs: () => readdir(tasks),
  };
}
