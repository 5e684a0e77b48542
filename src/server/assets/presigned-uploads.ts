/** Uploads that go straight to the storage, past this process: for services of many gateways. */
import { AppError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Presigned, Storage } from '../../jobs/storage/storage.ts';
import type { Caller } from '../auth/caller.ts';
import { incomingKey } from './asset-keys.ts';
import type { Assets, KeptAsset } from './assets.ts';
import { cleanFileName } from './clean-file-name.ts';
import { openIncoming, readFacts, tooLarge } from './incoming-file.ts';
import type { UploadDocuments } from './upload-documents.ts';

/** Seconds for which an address is good: long enough for a large file on a slow line. */
const PUT_SECONDS = 6 * 3600;

export interface PresignedUpload extends Presigned {
  readonly id: string;
}

export interface PresignedUploads {
  /** @throws PROVIDER_UNAVAILABLE for a storage without addresses of its own, INPUT_TOO_LARGE */
  begin(caller: Caller, fileName: string, bytes: number): Promise<PresignedUpload>;
  /**
   * Makes an asset of what was put there; again for one that is finished: the same asset.
   * @throws NOT_FOUND, UPLOAD_CONFLICT where the bytes are not there yet or are not as many as announced, and what
   *   `Assets.keep` throws
   */
  complete(caller: Caller, id: string, signal?: AbortSignal): Promise<KeptAsset>;
}

export function createPresignedUploads(assets: Assets, documents: UploadDocuments, storage: Storage): PresignedUploads {
  return {
    async begin(caller, fileName, bytes) {
      if (bytes > assets.limits.maxBytes) throw tooLarge(assets.limits.maxBytes);
      const id = newId('upload');
      const presigned = await storage.presign(incomingKey(caller.tenant, id), {
        method: 'PUT',
        expiresSeconds: PUT_SECONDS,
      });
      if (!presigned) {
        throw new AppError('PROVIDER_UNAVAILABLE', 'The storage of this service has no addresses to put bytes to.', {
          hint: 'Upload to /v1/assets, or to /v1/uploads in parts.',
        });
      }
      await documents.create(caller, id, { fileName: cleanFileName(fileName), bytes });
      return { id, ...presigned };
    },

    async complete(caller, id, signal) {
      const { fileName, bytes, finished } = await documents.get(caller, id);
      if (finished) return { asset: await assets.get(caller.tenant, finished.asset), isNew: false };
      const key = incomingKey(caller.tenant, id);
      const object = await storage.head(key);
      // Looked at before it is fetched: nobody has limited what was put there.
      if (object?.bytes !== bytes) {
        throw new AppError('UPLOAD_CONFLICT', `Expected ${bytes} bytes, found ${object?.bytes ?? 'none'}.`, {
          hint: 'PUT the whole file to the address that was given, then try again.',
        });
      }
      await using incoming = await openIncoming(assets.folder, fileName);
      await storage.getFile(key, incoming.path, signal);
      const kept = await assets.keep(caller, await readFacts(incoming.path, signal), fileName, signal);
      await documents.finish(id, { asset: kept.asset.id, bytes: kept.asset.bytes });
      await storage.remove([key]);
      return kept;
    },
  };
}
