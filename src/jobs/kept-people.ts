/**
 * Who is seen in an upload, kept beside its bytes: a video is looked through once, and not each time that somebody opens it.
 * What other models or another version have found is of no use, and is found anew.
 */
import { createHash } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { isAppError } from '../core/errors.ts';
import { ASSET_KIND } from './hold-assets.ts';
import type { Storage } from './storage/storage.ts';
import type { Store } from './store/store.ts';

/** Whose people. */
export interface SeenAsset {
  readonly id: string;
  /** Storage key of its bytes. */
  readonly key: string;
}

export interface KeptPeople {
  /** @returns what was kept, with pictures that are there for as long as the asset is */
  read(asset: SeenAsset): Promise<unknown>;
  /**
   * Keeps an answer and the pictures that it names.
   * @returns the answer, with the kept pictures
   * @throws STORAGE_FAILED; NOT_FOUND where a picture is gone
   */
  keep(asset: SeenAsset, answer: unknown): Promise<unknown>;
}

const PICTURES = z.looseObject({
  persons: z.array(z.looseObject({ crop: z.string().exactOptional() })),
});

/** Everything that is kept of the people of an asset begins with it. It is removed with the bytes. */
export const peoplePrefix = (assetKey: string): string => `people/${assetKey}/`;

/** @param finder what the answers depend on beside the asset: models and version */
export function keptPeople({ store, storage }: { store: Store; storage: Storage }, finder: string): KeptPeople {
  const digest = createHash('sha256').update(finder).digest('hex').slice(0, 16);
  const answerKey = ({ key }: SeenAsset): string => `${peoplePrefix(key)}${digest}.json`;
  return {
    async read(asset) {
      try {
        return await json(await storage.read(answerKey(asset)));
      } catch (error) {
        if (isAppError(error) && error.code === 'NOT_FOUND') return undefined;
        throw error;
      }
    },

    async keep(asset, answer) {
      const { persons, ...rest } = PICTURES.parse(answer);
      const own = async ({ crop, ...person }: (typeof persons)[number]) => {
        if (crop === undefined) return person;
        const { key } = await storage.copy(crop, `${peoplePrefix(asset.key)}${digest}/${crop.split('/').at(-1)}`);
        return { ...person, crop: key };
      };
      const kept = { ...rest, persons: await Promise.all(persons.map(own)) };
      await storage.put(answerKey(asset), Buffer.from(JSON.stringify(kept)), { contentType: 'application/json' });
      // It may have been removed meanwhile: nothing of it may stay.
      if (!(await store.read(ASSET_KIND, asset.id))) await storage.removePrefix(peoplePrefix(asset.key));
      return kept;
    },
  };
}
