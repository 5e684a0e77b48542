/** Remembers source photos by their content: in a process that makes many runs the same ones come again and again. */
import { stat } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import type { ModelStore } from '../engine/inference/session.ts';
import { sha256OfFile } from './persons/embed-persons.ts';
import type { SeenSource, SourceMemory } from './read-sources.ts';

/** Of pixels to the bytes of a JPEG, about; the estimate bounds what is kept. */
const PIXELS_TO_FILE = 12;

/**
 * @param store keeps it, where it is one of many runs
 * @param how   all that decides on which face is found; only models of this copy, which the store knows
 */
export const createSourceMemory =
  (store: ModelStore, how: unknown): SourceMemory =>
  async (path, look) => {
    const sha256 = await sha256OfFile(path);
    const id = JSON.stringify([sha256, how]);
    const seen = await store.study<SeenSource>(
      ['source photo', id],
      (await stat(path)).size * PIXELS_TO_FILE,
      async () => {
        const found = await look();
        if ((await sha256OfFile(path)) === sha256) return found;
        throw new AppError('INPUT_UNREADABLE', `A source was changed while it was being read: ${path}.`);
      },
    );
    return { ...seen, id };
  };
