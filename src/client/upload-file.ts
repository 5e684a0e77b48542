import { checkAnswer, isPassing } from './api-error.ts';
import type { components } from './schema.ts';
import { pause, type Send, waitBefore } from './send.ts';

export type Asset = components['schemas']['Asset'];

export interface UploadOptions {
  /** What you call it. Default: the name of a `File`, else `upload`. */
  readonly fileName?: string | undefined;
  /** Called after each part. */
  readonly onProgress?: ((sentBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Larger files go in parts, and go on where a line broke. */
const IN_ONE_BYTES = 8 * 1024 ** 2;
const PART_BYTES = 8 * 1024 ** 2;
/** Tries in a row that may fail. */
const MOST_TRIES = 8;
const TUS = { 'tus-resumable': '1.0.0' } as const;

/**
 * Uploads a photo, video or sound.
 * @param file a `Blob` or `File`; in Node, `await fs.openAsBlob(path)` reads it as it is sent
 * @throws ApiError INPUT_UNSUPPORTED, INPUT_TOO_LARGE, QUOTA_EXCEEDED …; the reason of `signal`
 */
export async function uploadFile(send: Send, file: Blob, options: UploadOptions = {}): Promise<Asset> {
  const { onProgress, signal } = options;
  const fileName = options.fileName ?? ('name' in file && typeof file.name === 'string' ? file.name : 'upload');
  if (file.size > IN_ONE_BYTES) return uploadInParts(send, file, fileName, options);
  const form = new FormData();
  form.append('file', file, fileName);
  const response = await checkAnswer(
    await send('/v1/assets', { method: 'POST', body: form, ...(signal ? { signal } : {}) }),
  );
  onProgress?.(file.size, file.size);
  return (await response.json()) as Asset;
}

/** tus 1.0 */
async function uploadInParts(send: Send, file: Blob, fileName: string, options: UploadOptions): Promise<Asset> {
  const { onProgress, signal } = options;
  const call = async (path: string, init: RequestInit): Promise<Response> =>
    checkAnswer(await send(path, { ...init, headers: { ...TUS, ...init.headers }, ...(signal ? { signal } : {}) }));
  const begun = await call('/v1/uploads', {
    method: 'POST',
    headers: { 'upload-length': String(file.size), 'upload-metadata': `filename ${toBase64(fileName)}` },
  });
  const path = new URL(begun.headers.get('location') ?? '', 'http://service').pathname;
  let offset = 0;
  for (let tries = 1; ; ) {
    try {
      const response =
        tries === 1
          ? await call(path, {
              method: 'PATCH',
              headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
              body: file.slice(offset, offset + PART_BYTES),
            })
          : // How far it has come says only the service.
            await call(path, { method: 'HEAD' });
      offset = Number(response.headers.get('upload-offset'));
      tries = 1;
      onProgress?.(offset, file.size);
      const id = response.headers.get('upload-asset');
      if (id !== null) return (await (await call(`/v1/assets/${id}`, {})).json()) as Asset;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || tries === MOST_TRIES) throw error;
      await pause(waitBefore(tries), signal);
      tries++;
    }
  }
}

const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
