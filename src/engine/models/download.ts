/** Downloads one file, going on where an earlier attempt stopped. */
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';

/** Attempts in a row that may bring nothing. */
const ATTEMPTS = 4;

export interface DownloadOptions {
  /** What the file must have, where that is known. */
  readonly bytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  /** Silence after which a connection counts as broken. Default: 30. */
  readonly stallSeconds?: number | undefined;
  /** Before the next attempt where one has brought nothing. Default: 2. */
  readonly retrySeconds?: number | undefined;
}

/** Why a server will not give the file, however often it is asked. */
export class Refused extends Error {}

/**
 * Downloads into a file. What it has already is taken for the beginning where the server can go on from there.
 * @param path stays when this fails, so that another call goes on; its folder exists
 * @returns whether that beginning has been kept: it may be another file's
 * @throws Refused; OUTPUT_FAILED where the disk is full; CANCELLED; and what `fetch` throws
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<boolean> {
  const file = await open(path, 'a').catch(cannotWrite);
  try {
    let hasKept = (await sizeOf(file)) > 0;
    for (let failures = 0; failures < ATTEMPTS; ) {
      const start = await sizeOf(file);
      try {
        for await (const part of receive(url, start, options)) {
          hasKept &&= part !== 'restart';
          await (part === 'restart' ? file.truncate(0) : file.writeFile(part)).catch(cannotWrite);
        }
        await file.sync().catch(cannotWrite);
        return hasKept;
      } catch (error) {
        throwIfAborted(options.signal);
        if (error instanceof Refused || error instanceof AppError) throw error;
        failures = (await sizeOf(file)) > start ? 0 : failures + 1;
        if (failures === ATTEMPTS) throw error;
        // The next attempt, or the check before it, sees an abort.
        if (failures > 0)
          await wait((options.retrySeconds ?? 2) * 1000, undefined, { signal: options.signal }).catch(() => {});
        throwIfAborted(options.signal);
      }
    }
    return hasKept;
  } finally {
    await file.close();
  }
}

const sizeOf = async (file: FileHandle): Promise<number> => (await file.stat()).size;

/** The pieces of the file from byte `start`; before them `restart` where they come from byte 0 instead. */
async function* receive(
  url: string,
  start: number,
  { bytes, signal, onProgress, stallSeconds = 30 }: DownloadOptions,
): AsyncGenerator<Uint8Array | 'restart'> {
  if (start === bytes) return;
  const stall = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(new Error(`nothing came for ${stallSeconds} seconds`)), stallSeconds * 1000);
  };
  watch();
  try {
    const response = await fetch(url, {
      // Compressed, neither length nor range would be the file's.
      headers: { 'Accept-Encoding': 'identity', ...(start > 0 ? { Range: `bytes=${start}-` } : {}) },
      signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
    });
    if (response.status === 416 && !isAllOf(response, start)) {
      // What is here already is longer than the file, so it is another one's.
      yield 'restart';
      yield* receive(url, 0, { bytes, signal, onProgress, stallSeconds });
      return;
    }
    const { from, total } = placeOf(response, start);
    if (bytes !== undefined && total !== undefined && bytes !== total) {
      await response.body?.cancel();
      throw new Refused(`it has ${total} bytes there instead of ${bytes}`);
    }
    if (from === total) return;
    if (from !== start) yield 'restart';
    let done = from;
    for await (const part of response.body ?? []) {
      clearTimeout(timer);
      yield part as Uint8Array;
      done += (part as Uint8Array).length;
      onProgress?.(done, total);
      watch();
    }
    if (total !== undefined && done < total) throw new Error(`the connection ended after ${done} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a server that has nothing from byte `start` on says that the file ends there. */
const isAllOf = ({ headers }: Response, start: number): boolean => headers.get('content-range') === `bytes */${start}`;

/**
 * Where an answer begins, and how long the file is.
 * @throws Refused; an Error where asking again may help
 */
function placeOf({ status, headers }: Response, start: number): { from: number; total: number | undefined } {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && Number(range?.[1]) === start) {
    return { from: start, total: range![2] === '*' ? undefined : Number(range![2]) };
  }
  if (status === 416) return { from: start, total: start };
  if (status === 200) {
    const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
    return { from: 0, total: length === null ? undefined : Number(length) };
  }
  const mayHelp = status >= 500 || status === 408 || status === 429;
  if (mayHelp) throw new Error(`HTTP ${status}`);
  throw new Refused(`HTTP ${status}`);
}

function cannotWrite(cause: NodeJS.ErrnoException): never {
  const why = cause.code === 'ENOSPC' ? 'the disk is full' : cause.message;
  throw new AppError('OUTPUT_FAILED', `The download cannot be written: ${why}.`, {
    hint: 'What has come so far is kept: make room and run the same command again.',
    cause,
  });
}
