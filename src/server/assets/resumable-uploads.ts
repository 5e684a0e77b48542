/** Uploads that can be broken off and continued: tus 1.0, with files of this machine until they are whole. */
import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { dataFolder } from '../../core/data-folder.ts';
import { type AppError, isAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Caller } from '../auth/caller.ts';
import type { Assets } from './assets.ts';
import { cleanFileName } from './clean-file-name.ts';
import { openIncoming, readFacts } from './incoming-file.ts';
import type { UploadDocuments } from './upload-documents.ts';

export const UPLOADS_PATH = '/v1/uploads';

/** Who asks, and for which upload. */
export interface UploadCall {
  readonly caller: Caller;
  readonly id: string;
}

export interface ResumableUploads {
  /** Answers a request of the protocol. @param call whose upload it is has been checked, or the id is new */
  handle(request: Request, call: UploadCall): Promise<Response>;
  /**
   * Makes an asset of an upload that is whole. Again for one that is finished: nothing changes.
   * @throws what `Assets.keep` throws; what can never be kept is removed
   */
  finish(call: UploadCall): Promise<{ readonly asset: string }>;
  /** Removes what has expired. */
  sweep(): Promise<void>;
}

/** @param keepMs for how long an unfinished upload is kept */
export function createResumableUploads(
  assets: Assets,
  documents: UploadDocuments,
  keepMs: number,
  logger: Logger,
): ResumableUploads {
  const directory = join(dataFolder(), 'uploads');
  const files = new FileStore({ directory, expirationPeriodInMilliseconds: keepMs });
  // The hooks of the protocol are only given the request.
  const calls = new WeakMap<object, UploadCall>();
  const callOf = (request: object): UploadCall => {
    const call = calls.get(request);
    if (!call) throw new Error('A request came past the route.');
    return call;
  };

  /** What is refused for good leaves nothing; the caller may go on where the storage only cannot be reached now. */
  const dropUnlessRetryable = async (error: unknown, id: string): Promise<void> => {
    if (isAppError(error) && error.retryable) return;
    await Promise.all([files.remove(id), documents.remove(id)]);
  };

  const finish = async ({ caller, id }: UploadCall): Promise<{ asset: string }> => {
    const { fileName, finished } = await documents.get(caller, id);
    if (finished) return { asset: finished.asset };
    try {
      await using incoming = await openIncoming(assets.folder, fileName);
      const whole = join(directory, id);
      // File systems without links copy.
      await link(whole, incoming.path).catch(() => copyFile(whole, incoming.path));
      const facts = await readFacts(incoming.path);
      const { asset } = await assets.keep(caller, facts, fileName);
      await documents.finish(id, { asset: asset.id, bytes: asset.bytes });
      await files.remove(id);
      return { asset: asset.id };
    } catch (error) {
      await dropUnlessRetryable(error, id);
      throw error;
    }
  };

  const server = new Server({
    path: UPLOADS_PATH,
    datastore: files,
    relativeLocation: true,
    maxSize: assets.limits.maxBytes,
    namingFunction: (request) => callOf(request).id,
    async onUploadCreate(request, { metadata, id }) {
      const fileName = cleanFileName(metadata?.filename ?? metadata?.name ?? '');
      await documents.create(callOf(request).caller, id, { fileName });
      return {};
    },
    async onUploadFinish(request) {
      const { asset } = await finish(callOf(request));
      return { headers: { 'Upload-Asset': asset } };
    },
    onResponseError(request, error) {
      // Thrown to whoever called `handle`: answers are made there.
      if (isAppError(error)) failures.set(request, error);
      else if (error instanceof Error) logger.warn('an upload failed', { reason: error.message });
      return undefined;
    },
  });
  const failures = new WeakMap<object, AppError>();

  return {
    finish,
    async handle(request, call) {
      calls.set(request, call);
      const response = await server.handleWeb(request);
      const failure = failures.get(request);
      if (failure) throw failure;
      return response;
    },
    async sweep() {
      await documents.sweep();
      await server.cleanUpExpiredUploads();
    },
  };
}
