import { checkAnswer, isPassing } from './api-error.ts';
import { pause, type Send, waitBefore } from './send.ts';

/** An output on its way. */
export interface DownloadedOutput {
  readonly bytes: number;
  readonly contentType: string;
  /** Hexadecimal: compare it with what has arrived. */
  readonly sha256: string;
  /** Goes on where a line broke. Read or cancel it. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Tries in a row that may fail. */
const MOST_TRIES = 6;

/**
 * Begins to download an output.
 * @param name of the output, as in `outputs` of the job
 * @throws ApiError NOT_FOUND, JOB_NOT_FOUND
 */
export async function downloadOutput(
  send: Send,
  job: string,
  name: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<DownloadedOutput> {
  const path = `/v1/jobs/${encodeURIComponent(job)}/outputs/${name.split('/').map(encodeURIComponent).join('/')}`;
  const options = signal ? { signal } : {};
  const first = await checkAnswer(await send(path, options));
  const etag = first.headers.get('etag') ?? '';
  const bytes = Number(first.headers.get('content-length'));
  let received = 0;
  let tries = 1;
  let reader = first.body?.getReader();

  const goOn = async (): Promise<void> => {
    const headers = { range: `bytes=${received}-`, 'if-range': etag };
    const response = await checkAnswer(await send(path, { ...options, headers }));
    // Outputs never change; one that is sent from its beginning would be in the file twice.
    if (response.status !== 206) throw new Error('The output is not what it was when the download began.');
    reader = response.body?.getReader();
  };

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        try {
          if (!reader) await goOn();
          const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
          if (value) {
            received += value.byteLength;
            tries = 1;
            controller.enqueue(value);
            return;
          }
          if (done && received >= bytes) return controller.close();
          throw new TypeError('The line broke.');
        } catch (error) {
          signal?.throwIfAborted();
          if (!isPassing(error) || tries === MOST_TRIES) throw error;
          reader = undefined;
          await pause(waitBefore(tries), signal);
          tries++;
        }
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  return {
    bytes,
    contentType: first.headers.get('content-type') ?? 'application/octet-stream',
    sha256: etag.replaceAll('"', ''),
    stream,
  };
}
