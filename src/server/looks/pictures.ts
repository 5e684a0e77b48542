/** Pictures that belong to an answer: for a while they have an address that only its tenant can use. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Store } from '../../jobs/store/store.ts';

const PICTURE_KIND = 'preview';
/** Milliseconds after which supervision takes what looks have left out of the storage. */
const KEEP_MS = 3_600_000;

/** Storage keys by the names of the pictures. */
const picturesSchema = z.record(z.string(), z.string());

export interface Pictures {
  /** Gives stored pictures an address each, by their key. */
  keep(tenant: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** @returns the storage key @throws NOT_FOUND */
  find(tenant: string, id: string, name: string): Promise<string>;
  /** Forgets those whose time is over. */
  sweep(): Promise<void>;
}

export function createPictures(store: Store): Pictures {
  return {
    async keep(tenant, keys) {
      if (keys.length === 0) return new Map();
      const id = newId('preview');
      const named = keys.map((key) => [key.slice(key.lastIndexOf('/') + 1), key] as const);
      const value = Object.fromEntries(named);
      await store.create(PICTURE_KIND, { id, tenant, state: 'kept', expiresAt: Date.now() + KEEP_MS, value });
      return new Map(named.map(([name, key]) => [key, `/v1/previews/${id}/${name}`]));
    },
    async find(tenant, id, name) {
      const document = isId('preview', id) ? await store.read(PICTURE_KIND, id) : undefined;
      const keys = document?.tenant === tenant ? picturesSchema.parse(document.value) : {};
      const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (key !== undefined) return key;
      throw new AppError('NOT_FOUND', 'There is no such picture.', {
        hint: 'Pictures are kept for an hour: ask again.',
      });
    },
    async sweep() {
      await store.sweep(PICTURE_KIND);
    },
  };
}
