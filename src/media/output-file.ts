/**
 * One output file. Everything is written to `<name>.partial` beside it and renamed when complete, so that the output is
 * either absent, its old self, or whole.
 */
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, isAppError } from '../core/errors.ts';
import { openSequenceFolder, publishSequence, refuseExistingSequence } from './image-sequence-output.ts';

export interface OutputFileOptions {
  /** Whether an existing output may be replaced. */
  readonly force: boolean;
  /** Every file that the run reads; none of them may be the output. */
  readonly inputs: readonly string[];
  /** True for the pattern of an image sequence: the partial file is a folder then. */
  readonly isSequence?: boolean;
}

/**
 * An output that has been checked and reserved. The creator disposes it; unless `commit` or `keepPartial` was called,
 * disposing removes what was written.
 */
export interface OutputFile extends AsyncDisposable {
  /** Absolute path of the finished file. */
  readonly path: string;
  /** Where to write: absolute, in the same folder. */
  readonly partialPath: string;
  /**
   * Flushes the partial file to disk and gives it its final name. Later calls do nothing.
   * @throws OUTPUT_FAILED
   */
  commit(): Promise<void>;
  /** Removes what was written. Later calls do nothing. */
  discard(): Promise<void>;
  /** From now on disposing leaves the partial file where it is. */
  keepPartial(): void;
}

/**
 * Checks everything about an output that can be checked before any work, and reserves its partial file.
 * A partial file that an earlier, ended run left behind is replaced.
 * @throws OUTPUT_FOLDER_MISSING, OUTPUT_EXISTS (without `force`, or another run is writing it), PATH_CONFLICT (it is one
 *   of the inputs, also through links or another case of letters), OUTPUT_FAILED (folder, no permission, disk full)
 */
export async function openOutputFile(path: string, options: OutputFileOptions): Promise<OutputFile> {
  const folder = await realFolder(path);
  const finalPath = join(folder, basename(resolve(path)));
  const partialPath = `${finalPath}.partial`;
  const lockPath = `${partialPath}.lock`;

  const { isSequence = false } = options;
  for (const candidate of [finalPath, partialPath]) await refuseInput(candidate, options.inputs);
  if (isSequence) await refuseExistingSequence(finalPath, options);
  else await refuseExisting(finalPath, options.force);
  await takeLock(lockPath, finalPath);
  try {
    if (isSequence) await openSequenceFolder(partialPath);
    else await (await open(partialPath, 'w')).close();
  } catch (error) {
    await rm(lockPath, { force: true });
    throw toOutputError(error, finalPath);
  }

  let state: 'open' | 'kept' | 'done' = 'open';
  const finish = async (): Promise<void> => {
    state = 'done';
    await rm(lockPath, { force: true });
  };
  const discard = async (): Promise<void> => {
    if (state === 'done') return;
    await rm(partialPath, { recursive: true, force: true });
    await finish();
  };
  return {
    path: finalPath,
    partialPath,
    async commit() {
      if (state === 'done') return;
      try {
        if (isSequence) {
          await publishSequence(partialPath, finalPath);
        } else {
          await syncToDisk(partialPath);
          await rename(partialPath, finalPath);
        }
      } catch (error) {
        throw toOutputError(error, finalPath);
      }
      await finish();
    },
    discard,
    keepPartial() {
      if (state === 'open') state = 'kept';
    },
    async [Symbol.asyncDispose]() {
      if (state === 'kept') await finish();
      else await discard();
    },
  };
}

/**
 * Opens an output only to tidy up after a run that was killed: disposing it removes what that run was writing.
 * @returns undefined where no run was, where one is under way, and where the folder is gone
 */
export async function openAbandoned(path: string): Promise<OutputFile | undefined> {
  const lock = await stat(`${resolve(path)}.partial.lock`).catch(() => undefined);
  if (!lock) return undefined;
  try {
    const isSequence = (await stat(`${resolve(path)}.partial`).catch(() => undefined))?.isDirectory() ?? false;
    return await openOutputFile(path, { force: true, inputs: [], isSequence });
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

async function realFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  const facts = await stat(folder).catch(() => undefined);
  if (!facts?.isDirectory()) {
    throw new AppError('OUTPUT_FOLDER_MISSING', `There is no folder ${folder}.`, { hint: `mkdir -p "${folder}"` });
  }
  return realpath(folder);
}

/** Compares device and inode, which sees through symbolic links, hard links and file systems that ignore case. */
async function refuseInput(candidate: string, inputs: readonly string[]): Promise<void> {
  const mine = await stat(candidate, { bigint: true }).catch(() => undefined);
  if (!mine) return;
  for (const input of inputs) {
    const other = await stat(input, { bigint: true }).catch(() => undefined);
    if (!other || other.ino !== mine.ino || other.dev !== mine.dev) continue;
    throw new AppError('PATH_CONFLICT', `The output ${basename(candidate)} is the same file as the input ${input}.`, {
      hint: 'Choose another output path.',
    });
  }
}

async function refuseExisting(path: string, force: boolean): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return;
  if (!facts.isFile()) {
    const what = facts.isDirectory() ? 'a folder' : 'no regular file';
    throw new AppError('OUTPUT_FAILED', `The output ${path} is ${what}.`, { hint: 'Name a file.' });
  }
  if (!force) {
    throw new AppError('OUTPUT_EXISTS', `The output ${path} exists.`, { hint: 'Use --force to overwrite it.' });
  }
}

/** Who writes an output, as told in its lock file. */
interface LockOwner {
  readonly host: string;
  readonly processId: number;
  /** Tells a process from a later one with the same id. */
  readonly startedAt: string;
}

/**
 * Reserves an output for this run. `wx` makes the creation of the lock file the decision, so that two runs that begin
 * together cannot both win. The lock of a process that is gone is removed.
 */
async function takeLock(lockPath: string, finalPath: string): Promise<void> {
  const owner: LockOwner = {
    host: hostname(),
    processId: process.pid,
    startedAt: (await processStart(process.pid)) ?? '',
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(lockPath, 'wx');
      await handle.writeFile(JSON.stringify(owner));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toOutputError(error, finalPath);
    }
    if (!(await isStale(lockPath, owner.host))) break;
    await rm(lockPath, { force: true });
  }
  throw new AppError('OUTPUT_EXISTS', `Another run is writing ${finalPath}.`, {
    hint: `Wait for it, choose another output, or remove ${lockPath} if no run is using it.`,
    retryable: true,
  });
}

async function isStale(lockPath: string, host: string): Promise<boolean> {
  const text = await readFile(lockPath, 'utf8').catch(() => undefined);
  // Gone meanwhile: the other run has just ended.
  if (text === undefined) return true;
  const owner = parseOwner(text);
  if (!owner) {
    // Empty while its owner is between creating and writing it; only later is that a sign of a crash.
    const age = Date.now() - ((await stat(lockPath).catch(() => undefined))?.mtimeMs ?? 0);
    return age > 10_000;
  }
  if (owner.host !== host) return false;
  if (!isAlive(owner.processId)) return true;
  return (await processStart(owner.processId)) !== (owner.startedAt === '' ? undefined : owner.startedAt);
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const { host, processId, startedAt } = JSON.parse(text) as Partial<LockOwner>;
    if (typeof host !== 'string' || typeof processId !== 'number' || typeof startedAt !== 'string') return undefined;
    return { host, processId, startedAt };
  } catch {
    // Half-written by a crash: the caller judges by age.
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time of a process in clock ticks after boot, on Linux; undefined elsewhere, and for one that has ended. */
async function processStart(processId: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => undefined);
  // The name, in parentheses, may hold spaces; the start time is the 20th field behind it.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  // A zombie: where nobody collects orphans, as in many containers, a killed process stays one.
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Turns an error of the file system into OUTPUT_FAILED with a hint; an AppError passes unchanged. */
export function toOutputError(error: unknown, path: string): AppError {
  if (isAppError(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new AppError('OUTPUT_FAILED', `${path} could not be written: ${message ?? String(error)}.`, {
    hint: outputHint(code, path),
    details: { reason: code },
    cause: error,
  });
}

function outputHint(code: string | undefined, path: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk is full. Free some space in ${dirname(path)} or choose another folder.`;
    case 'EACCES':
    case 'EPERM':
      return `You may not write to ${dirname(path)}. Choose another folder.`;
    case 'EROFS':
      return 'The file system is read-only. Choose another folder.';
    case 'ENAMETOOLONG':
      return 'Choose a shorter name.';
    default:
      return 'Choose another folder.';
  }
}
