/** Uploads that are not finished, as documents: whose they are, and what became of them. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import type { Store } from '../../jobs/store/store.ts';
import type { Caller } from '../auth/caller.ts';

const UPLOAD_KIND = 'upload';

const uploadSchema = z
  .object({
    owner: z.string(),
    /** Cleaned. */
    fileName: z.string(),
    /** Of one that was announced for an address of the storage. */
    bytes: z.number().optional(),
    /** The asset that it became, and its bytes. */
    finished: z.object({ asset: z.string(), bytes: z.number() }).optional(),
  })
  .strict();
export type Upload = Readonly<z.infer<typeof uploadSchema>>;

export interface UploadDocuments {
  create(caller: Caller, id: string, upload: Omit<Upload, 'owner'>): Promise<void>;
  /** @throws NOT_FOUND also for those of others: only who began one may go on with it */
  get(caller: Caller, id: string): Promise<Upload>;
  finish(id: string, finished: NonNullable<Upload['finished']>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Takes away what has expired. */
  sweep(): Promise<readonly string[]>;
}

/** @param keepMs for how long somebody may go on */
export function createUploadDocuments(store: Store, keepMs: number): UploadDocuments {
  return {
    async create({ tenant, owner }, id, upload) {
      const value: Upload = { ...upload, owner };
      await store.create(UPLOAD_KIND, { id, tenant, state: 'open', expiresAt: Date.now() + keepMs, value });
    },
    async get({ tenant, owner }, id) {
      const document = isId('upload', id) ? await store.read(UPLOAD_KIND, id) : undefined;
      const upload = document?.tenant === tenant ? uploadSchema.parse(document.value) : undefined;
      if (upload?.owner !== owner) {
        throw new AppError('NOT_FOUND', `There is no upload ${id.slice(0, 64)}.`, {
          hint: 'Begin a new one: unfinished uploads are removed after a day.',
        });
      }
      return upload;
    },
    async finish(id, finished) {
      await store.update(UPLOAD_KIND, id, ({ value }) => ({
        state: 'finished',
        value: { ...uploadSchema.parse(value), finished },
      }));
    },
    async remove(id) {
      await store.remove(UPLOAD_KIND, id);
    },
    sweep: () => store.sweep(UPLOAD_KIND),
  };
}
