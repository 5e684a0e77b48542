/** A file that says who works on something, so that two processes do not at once. */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';

const TRY_EVERY_MILLISECONDS = 20;

export interface LockOptions {
  /** How long to wait for whoever has it. 0: not at all. */
  readonly waitSeconds: number;
  /** What is being done, for the message: `changes the list of models`. */
  readonly what: string;
}

/**
 * Does `work` while no other process holds the lock. A lock of a process that is no more is taken over.
 * @param path of the lock file, whose folder exists
 * @throws OUTPUT_FAILED where somebody else holds it for too long, or the file cannot be written
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + options.waitSeconds * 1000;
  while (!(await take(path))) {
    if (performance.now() >= end) throw held(path, options.what);
    await wait(TRY_EVERY_MILLISECONDS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new AppError('OUTPUT_FAILED', `${path} cannot be written.`, { cause });
    }
  }
  const holder = await readHolder(path);
  if (holder !== undefined && !isAlive(holder)) await clear(path, holder);
  return false;
}

/** Takes the lock of a dead process away. Whoever was faster may hold a new one by now, which is put back. */
async function clear(path: string, dead: number): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readHolder(aside)) !== dead) await link(aside, path);
    await rm(aside, { force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
}

/** @returns `undefined` where the lock is gone, or its holder has not written its number yet */
async function readHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether a process runs. One that is not ours to signal does. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const held = (path: string, what: string): AppError =>
  new AppError('OUTPUT_FAILED', `Another process ${what}.`, {
    hint: `Try again when it has ended. If there is none, remove ${path}.`,
    retryable: true,
  });
