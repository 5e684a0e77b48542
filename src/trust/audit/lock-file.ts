/** One writer at a time, across processes: a file that names who holds it. */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';

/** Between two tries. */
const RETRY_MILLISECONDS = 4;
/** A holder needs milliseconds; one that is alive and holds longer hangs. */
const PATIENCE_MILLISECONDS = 20_000;

/**
 * Waits for the lock, runs a task and gives the lock back. A lock whose holder has died is taken over.
 * @throws AUDIT_BROKEN where somebody holds it for 20 seconds; what the task throws
 */
export async function withLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  const end = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    if (await create(path, mine)) return;
    const holder = await readFile(path, 'latin1').catch(() => '');
    if (holder !== '' && !(await isAlive(holder))) await breakLock(path, holder);
    else if (performance.now() > end) {
      throw new AppError('AUDIT_BROKEN', `The audit log is held by process ${holder.split(' ')[0]}.`, {
        hint: `End that process, or remove ${path} if it is not a FaceFusion.`,
        retryable: true,
      });
    } else await wait(RETRY_MILLISECONDS * (0.5 + Math.random()));
  }
}

/** The file appears with its content: whoever sees it can read who holds it. */
async function create(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    await file.writeFile(content);
    await file.close();
    await link(temporary, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AppError('OUTPUT_FAILED', `The audit log cannot be locked: ${(cause as Error).message}.`, {
      hint: 'Free some space and check the permissions of its folder.',
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes a dead holder's lock away; if another process was faster and holds it now, gives it back. */
async function breakLock(path: string, holder: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const taken = await readFile(aside, 'latin1').catch(() => holder);
  if (taken !== holder) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function isAlive(holder: string): Promise<boolean> {
  const [id, start] = holder.trim().split(' ');
  try {
    process.kill(Number(id), 0);
  } catch (error) {
    // Someone else's process is alive, too.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
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
