/** Pictures that belong to an answer: kept for a while under an address that only its tenant can use. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Backend } from '../../jobs/backend.ts';

const PICTURE_KIND = 'preview';
const KEEP_MS = 3_600_000;
const PAGE = 100;

const picturesSchema = z.object({
  /** Storage keys by the names of the pictures. */
  keys: z.record(z.string(), z.string()),
  /** Not the store's own expiry: what has to be removed must still be known then. */
  until: z.number(),
});

export interface Pictures {
  /** Takes stored pictures over. @returns the address of each, by its key */
  keep(tenant: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** @returns the storage key @throws NOT_FOUND */
  find(tenant: string, id: string, name: string): Promise<string>;
  /** Removes those whose time is over. */
  sweep(): Promise<void>;
}

export function createPictures({ store, storage }: Backend, now: () => number = Date.now): Pictures {
  return {
    async keep(tenant, keys) {
      if (keys.length === 0) return new Map();
      const id = newId('preview');
      const named = keys.map((key) => [key.slice(key.lastIndexOf('/') + 1), key] as const);
      const value = { keys: Object.fromEntries(named), until: now() + KEEP_MS };
      await store.create(PICTURE_KIND, { id, tenant, state: 'kept', value });
      return new Map(named.map(([name, key]) => [key, `/v1/previews/${id}/${name}`]));
    },
    async find(tenant, id, name) {
      const document = isId('preview', id) ? await store.read(PICTURE_KIND, id) : undefined;
      const pictures = document?.tenant === tenant ? picturesSchema.parse(document.value) : undefined;
      const key =
        pictures && pictures.until > now() && Object.hasOwn(pictures.keys, name) ? pictures.keys[name] : undefined;
      if (key !== undefined) return key;
      throw new AppError('NOT_FOUND', 'There is no such picture.', {
        hint: 'Pictures are kept for an hour: ask again.',
      });
    },
    async sweep() {
      // Oldest first, and all are kept for equally long.
      for (;;) {
        const page = await store.list(PICTURE_KIND, { limit: PAGE });
        for (const { id, value } of page) {
          const { keys, until } = picturesSchema.parse(value);
          if (until > now()) return;
          await storage.remove(Object.values(keys));
          await store.remove(PICTURE_KIND, id);
        }
        if (page.length < PAGE) return;
      }
    },
  };
}
