/** Media in a bucket of S3, or of a service that speaks the same. */

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { GetObjectCommandOutput, HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { cancelled, throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import { checkStorage } from './check-storage.ts';
import { contentDisposition } from './content-disposition.ts';
import { parseS3Address, type S3Address } from './s3-address.ts';
import { createS3Client, loadS3Sdk, type S3Sdk } from './s3-client.ts';
import { hasName, isBadRange, isMissing, s3Error } from './s3-errors.ts';
import { beginReading, type S3Reading } from './s3-reading.ts';
import { sizeOfSourceFile } from './source-file.ts';
import type {
  ByteRange,
  ListedObject,
  Presigned,
  PresignOptions,
  PutOptions,
  Storage,
  StoredObject,
} from './storage.ts';
import { clipRange, noSuchObject } from './storage-errors.ts';
import { checkKey, checkPrefix } from './storage-key.ts';
import { asStorageErrors, passSourceErrors, READ_BYTES, readSource, writeOwnStream } from './write-stream.ts';

/** An upload holds this many bytes of one object in memory: `PART_BYTES * PARTS_AT_ONCE` are 32 MiB. */
const PART_BYTES = 8 * 1024 ** 2;
const PARTS_AT_ONCE = 4;
/** S3 takes no more: streams of unknown length end at 80 GB, files are cut into larger parts. */
const PARTS_LIMIT = 10_000;
/** S3 copies no larger object in one request. */
const COPY_LIMIT_BYTES = 5 * 1024 ** 3;
/** S3 takes no more keys at once. */
const REMOVED_AT_ONCE = 1000;
/** S3 signs for no longer: seven days. */
const LONGEST_SECONDS = 7 * 24 * 3600;

/**
 * Opens a bucket as a storage. Nothing is asked of it yet: see `check`.
 * @param address as `parseS3Address` takes it. Credentials come from the environment, a profile or a role.
 * @throws OPTION_INVALID
 */
export async function openS3Storage(address: string): Promise<Storage> {
  const parsed = parseS3Address(address);
  return new S3Storage(parsed, await loadS3Sdk());
}

class S3Storage implements Storage {
  readonly name: string;
  readonly #address: S3Address;
  readonly #sdk: S3Sdk;
  readonly #client: S3Client;
  readonly #signer: S3Client;

  constructor(address: S3Address, sdk: S3Sdk) {
    this.name = `s3 ${address.bucket}/${address.prefix}`.replace(/\/$/, '');
    this.#address = address;
    this.#sdk = sdk;
    this.#client = createS3Client(sdk, address, 'requests');
    this.#signer = createS3Client(sdk, address, 'presigning');
  }

  async put(key: string, content: Readable | Uint8Array, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    const size = content instanceof Readable ? undefined : content.length;
    return this.#upload(key, content instanceof Readable ? content : Readable.from([content]), size, options);
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    const size = await sizeOfSourceFile(path);
    return this.#upload(key, createReadStream(path, { highWaterMark: READ_BYTES }), size, options);
  }

  async read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const { body, end } = await this.#beginReading(key, range, signal);
    return Readable.from(this.#named(body), { objectMode: false }).once('close', end);
  }

  async getFile(key: string, path: string, signal?: AbortSignal): Promise<StoredObject> {
    const { answer, bytes, body, end } = await this.#beginReading(key, undefined, signal);
    const part = `${path}.part`;
    try {
      await asStorageErrors('disk of this machine', async () => {
        await writeOwnStream(Readable.from(this.#named(body), { objectMode: false }), part, signal);
        const { size } = await stat(part);
        if (size !== bytes) throw s3Error(this.name, new Error(`Expected ${bytes} bytes, received ${size}`));
        await rename(part, path);
      });
      return toObject(key, answer, bytes);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    } finally {
      end();
    }
  }

  async localFile(): Promise<undefined> {
    return undefined;
  }

  async head(key: string): Promise<StoredObject | undefined> {
    checkKey(key);
    return this.#do(async () => {
      try {
        const answer = await this.#client.send(new this.#sdk.s3.HeadObjectCommand(this.#at(key)));
        return toObject(key, answer, Number(answer.ContentLength ?? 0));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    checkPrefix(prefix);
    const { bucket, prefix: root } = this.#address;
    for (let token: string | undefined; ; ) {
      const page = {
        Bucket: bucket,
        Prefix: `${root}${prefix}`,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      };
      const answer = await this.#do(() => this.#client.send(new this.#sdk.s3.ListObjectsV2Command(page)));
      for (const { Key, Size, ETag, LastModified } of answer.Contents ?? []) {
        // Folders that consoles make are objects that end with `/`: no keys of ours.
        if (Key === undefined || Key.endsWith('/')) continue;
        const changedAt = LastModified?.getTime() ?? 0;
        yield { key: Key.slice(root.length), bytes: Number(Size ?? 0), etag: ETag ?? '', changedAt };
      }
      token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
      if (token === undefined) return;
    }
  }

  async copy(from: string, to: string): Promise<StoredObject> {
    checkKey(to);
    const found = await this.head(from);
    if (!found) throw noSuchObject(from);
    const { contentType, bytes } = found;
    // Through this process: slow, and rare.
    if (bytes > COPY_LIMIT_BYTES) return this.#upload(to, await this.read(from), bytes, { contentType });
    const source = `${this.#address.bucket}/${this.#address.prefix}${from}`;
    const command = new this.#sdk.s3.CopyObjectCommand({ ...this.#at(to), ...this.#encryption(), CopySource: source });
    try {
      const { CopyObjectResult: result } = await this.#client.send(command);
      return { ...found, key: to, etag: result?.ETag ?? '', changedAt: result?.LastModified?.getTime() ?? Date.now() };
    } catch (error) {
      throw isMissing(error) ? noSuchObject(from) : s3Error(this.name, error);
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    const { bucket, prefix } = this.#address;
    for (let at = 0; at < keys.length; at += REMOVED_AT_ONCE) {
      const objects = keys.slice(at, at + REMOVED_AT_ONCE).map((key) => ({ Key: `${prefix}${key}` }));
      const command = new this.#sdk.s3.DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: objects, Quiet: true },
      });
      const { Errors: errors = [] } = await this.#do(() => this.#client.send(command));
      const first = errors[0];
      if (first)
        throw s3Error(this.name, Object.assign(new Error(first.Message), { name: first.Code ?? 'DeleteFailed' }));
    }
  }

  async removePrefix(prefix: string): Promise<void> {
    if (prefix === '') throw new AppError('OPTION_INVALID', 'Expected the beginning of the keys to remove.');
    let keys: string[] = [];
    for await (const { key } of this.list(prefix)) {
      keys.push(key);
      if (keys.length < REMOVED_AT_ONCE) continue;
      await this.remove(keys);
      keys = [];
    }
    await this.remove(keys);
  }

  async presign(key: string, options: PresignOptions): Promise<Presigned> {
    checkKey(key);
    const { method, expiresSeconds, contentType, fileName } = options;
    if (!(Number.isInteger(expiresSeconds) && expiresSeconds >= 1 && expiresSeconds <= LONGEST_SECONDS)) {
      throw new AppError(
        'OPTION_INVALID',
        `Expected 1..${LONGEST_SECONDS} seconds for an address, received ${expiresSeconds}.`,
      );
    }
    const { s3, presigner } = this.#sdk;
    const headers: Record<string, string> = {};
    const expiresAt = Date.now() + expiresSeconds * 1000;
    const sign = async (): Promise<string> => {
      if (method === 'GET') {
        const command = new s3.GetObjectCommand({
          ...this.#at(key),
          ...(contentType === undefined ? {} : { ResponseContentType: contentType }),
          ...(fileName === undefined ? {} : { ResponseContentDisposition: contentDisposition(fileName) }),
        });
        return presigner.getSignedUrl(this.#signer, command, { expiresIn: expiresSeconds });
      }
      if (contentType !== undefined) headers['content-type'] = contentType;
      const { sse, kmsKey } = this.#address;
      // Signed, and to be sent as they are: S3 does not take them from the address.
      if (sse !== undefined) headers['x-amz-server-side-encryption'] = sse;
      if (kmsKey !== undefined) headers['x-amz-server-side-encryption-aws-kms-key-id'] = kmsKey;
      const type = contentType === undefined ? {} : { ContentType: contentType };
      const command = new s3.PutObjectCommand({ ...this.#at(key), ...this.#encryption(), ...type });
      return presigner.getSignedUrl(this.#signer, command, { expiresIn: expiresSeconds });
    };
    return { method, url: await this.#do(sign), headers, expiresAt };
  }

  async check(): Promise<void> {
    return checkStorage(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy();
    this.#signer.destroy();
  }

  async #upload(key: string, source: Readable, size: number | undefined, options: PutOptions): Promise<StoredObject> {
    const { contentType, cacheControl, tags, signal } = options;
    throwIfAborted(signal);
    // Tells the object of this upload from any other.
    const token = randomBytes(9).toString('base64url');
    let bytes = 0;
    async function* counted(): AsyncIterable<Uint8Array> {
      for await (const chunk of readSource(source)) {
        bytes += chunk.length;
        yield chunk;
      }
    }
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const upload = new this.#sdk.storage.Upload({
      client: this.#client,
      abortController: abort,
      queueSize: PARTS_AT_ONCE,
      partSize: Math.max(PART_BYTES, Math.ceil((size ?? 0) / PARTS_LIMIT)),
      params: {
        ...this.#at(key),
        ...this.#encryption(),
        Body: Readable.from(counted(), { objectMode: false }),
        ContentType: contentType,
        Metadata: { upload: token },
        ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
        ...(tags === undefined ? {} : { Tagging: new URLSearchParams(tags).toString() }),
      },
    });
    try {
      const { ETag: etag } = await this.#finish(key, token, upload.done());
      return { key, bytes, contentType, etag: etag ?? '', changedAt: Date.now() };
    } catch (error) {
      source.destroy();
      if (signal?.aborted) throw cancelled(signal);
      throw passSourceErrors(error, (other) => s3Error(this.name, other));
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Where the answer to the end of an upload is lost, the next try finds no upload: it is done. */
  async #finish(
    key: string,
    token: string,
    done: Promise<{ readonly ETag?: string | undefined }>,
  ): Promise<{ readonly ETag?: string | undefined }> {
    try {
      return await done;
    } catch (error) {
      if (!hasName(error, 'NoSuchUpload')) throw error;
      const found = await this.#client.send(new this.#sdk.s3.HeadObjectCommand(this.#at(key)));
      if (found.Metadata?.upload !== token) throw error;
      return found;
    }
  }

  async #beginReading(key: string, range: ByteRange | undefined, signal: AbortSignal | undefined): Promise<S3Reading> {
    checkKey(key);
    throwIfAborted(signal);
    // Its size is not known: what can be told without is told.
    if (range) clipRange(range, Number.MAX_SAFE_INTEGER);
    const get = (start: number, end: number | undefined, etag: string | undefined): Promise<GetObjectCommandOutput> => {
      const isWhole = start === 0 && end === undefined;
      const command = new this.#sdk.s3.GetObjectCommand({
        ...this.#at(key),
        ...(isWhole ? {} : { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      });
      return this.#client.send(command, signal ? { abortSignal: signal } : {});
    };
    try {
      return await beginReading(get, range, signal);
    } catch (error) {
      if (signal?.aborted) throw cancelled(signal);
      if (isMissing(error)) throw noSuchObject(key);
      if (range && isBadRange(error)) clipRange(range, (await this.head(key))?.bytes ?? 0);
      throw s3Error(this.name, error);
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#address.bucket, Key: `${this.#address.prefix}${key}` };
  }

  #encryption() {
    const { sse, kmsKey } = this.#address;
    return {
      ...(sse === undefined ? {} : { ServerSideEncryption: sse }),
      ...(kmsKey === undefined ? {} : { SSEKMSKeyId: kmsKey }),
    };
  }

  /** Says of errors of a body which storage they are of. */
  async *#named(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw s3Error(this.name, error);
    }
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw s3Error(this.name, error);
    }
  }
}

function toObject(key: string, answer: HeadObjectCommandOutput, bytes: number): StoredObject {
  const { ContentType: contentType = 'application/octet-stream', ETag: etag = '', LastModified: changed } = answer;
  return { key, bytes, contentType, etag, changedAt: changed?.getTime() ?? 0 };
}
