/** A file that says who works on something, so that two processes do not at once. */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';

/** Between two tries, on average: locks are held for milliseconds, or for as long as a download. */
const RETRY_MILLISECONDS = 6;

export interface LockOptions {
  /** How long to wait for whoever has it. 0: not at all. */
  readonly waitSeconds: number;
  /** What is being done, for the message: `changes the list of models`. */
  readonly what: string;
}

/**
 * Does `work` while no other process holds the lock. A lock of a process that is no more is taken over.
 * @param path of the lock file, whose folder exists. It holds the process's number and when that was started.
 * @throws OUTPUT_FAILED where somebody else holds it for too long, or the file cannot be written; what `work` throws
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine = `${await thisProcess()}\n`;
  const end = performance.now() + options.waitSeconds * 1000;
  while (!(await create(path, mine))) {
    const holder = await readFile(path, 'latin1').catch(() => '');
    if (holder !== '' && !(await isHolderAlive(holder))) await takeAway(path, holder);
    else if (performance.now() >= end) throw held(path, options.what);
    else await wait(RETRY_MILLISECONDS * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
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

/** The file appears with its content: whoever sees it can read who holds it. */
async function create(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await link(temporary, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AppError('OUTPUT_FAILED', `${path} cannot be written: ${(cause as Error).message}.`, {
      hint: 'Free some space and check the permissions of its folder.',
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes a dead holder's lock away; if another process was faster and holds it now, gives it back. */
async function takeAway(path: string, holder: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const taken = await readFile(aside, 'latin1').catch(() => holder);
  if (taken !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** This process as a holder of locks and leases: its number and when it was started. */
export const thisProcess = async (): Promise<string> => `${process.pid} ${await startOf(process.pid)}`;

/** Whether the process that is meant, as by `thisProcess`, still runs. */
export async function isHolderAlive(holder: string): Promise<boolean> {
  const [id, start] = holder.trim().split(' ');
  if (!isAlive(Number(id))) return false;
  // The number may have been given to another process since.
  const now = await startOf(Number(id));
  return now === '' || start === undefined || now === start;
}

/** When a process was started, in the kernel's ticks; empty where that cannot be known. */
async function startOf(id: number): Promise<string> {
  const text = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '');
  // The name, in brackets, may hold spaces; the 20th field behind it is the time.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

const held = (path: string, what: string): AppError =>
  new AppError('OUTPUT_FAILED', `Another process ${what}.`, {
    hint: `Try again when it has ended. If there is none, remove ${path}.`,
    retryable: true,
  });
