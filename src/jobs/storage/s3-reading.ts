/** Reading from S3 through connections that break: it goes on where it was. */

import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { cancelled } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import { S3_ATTEMPTS } from './s3-client.ts';
import { isChanged, isDamaged } from './s3-errors.ts';
import type { ByteRange } from './storage.ts';

/** Before the second try to go on; doubled for each after it, with jitter. */
const AGAIN_MILLISECONDS = 50;

/** Gets `[start, end)`, or from `start` to the end where `end` is undefined; of the object with this etag only. */
export type GetPart = (
  start: number,
  end: number | undefined,
  etag: string | undefined,
) => Promise<GetObjectCommandOutput>;

export interface S3Reading {
  /** As it was answered first. */
  readonly answer: GetObjectCommandOutput;
  /** What will come in all. */
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the connection back, whether the body was read or not. */
  end(): void;
}

/**
 * Begins to read. The body fails with STORAGE_FAILED where the object was replaced meanwhile or is damaged, CANCELLED, or
 * what the SDK says where no byte comes in any of several tries.
 */
export async function beginReading(
  get: GetPart,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<S3Reading> {
  const first = range?.start ?? 0;
  const answer = await get(first, range?.end, undefined);
  const bytes = Number(answer.ContentLength ?? 0);
  const end = first + bytes;
  let body = toReadable(answer);
  const stop = (): void => void body.destroy();
  signal?.addEventListener('abort', stop, { once: true });

  async function* read(): AsyncIterable<Uint8Array> {
    let at = first;
    for (let failures = 0; ; ) {
      let failure: unknown;
      try {
        for await (const chunk of body) {
          yield chunk as Uint8Array;
          at += (chunk as Uint8Array).length;
          failures = 0;
        }
      } catch (error) {
        failure = error;
      }
      if (signal?.aborted) throw cancelled(signal);
      if (failure !== undefined && isDamaged(failure)) throw damaged(failure);
      if (at === end) return;
      if (++failures >= S3_ATTEMPTS) throw failure ?? new Error('The connection ended early');
      body = toReadable(await goOn(at, failures));
    }
  }

  async function goOn(at: number, failures: number): Promise<GetObjectCommandOutput> {
    try {
      const pause = AGAIN_MILLISECONDS * 2 ** failures * (0.5 + Math.random());
      await wait(pause, undefined, signal ? { signal } : {});
      return await get(at, end, answer.ETag);
    } catch (error) {
      if (signal?.aborted) throw cancelled(signal);
      throw isChanged(error) ? replaced(error) : error;
    }
  }

  return {
    ...{ answer, bytes, body: read() },
    end: () => {
      signal?.removeEventListener('abort', stop);
      stop();
    },
  };
}

function toReadable({ Body: body }: GetObjectCommandOutput): Readable {
  if (body instanceof Readable) return body;
  throw new AppError('STORAGE_FAILED', 'Expected a body in the answer of S3, received none.', { retryable: true });
}

const replaced = (cause: unknown): AppError =>
  new AppError('STORAGE_FAILED', 'An object was replaced while it was read.', {
    hint: 'Read it again.',
    cause,
    retryable: true,
  });

const damaged = (cause: unknown): AppError =>
  new AppError('STORAGE_FAILED', 'An object came with other bytes than its checksum says.', {
    hint: 'Read it again; if that does not help, make it again.',
    cause,
    retryable: true,
  });
