/** Removes a model of the user's. */
import { AppError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';
import { dropModel } from './keep-model.ts';
import { readUserModelRecords, type UserModelRecord } from './user-models.ts';

/**
 * Takes a model off the list, and its files away; also one that this version does not know.
 * @returns what the list said of it
 * @throws MODEL_NOT_FOUND, with the id that was probably meant; MODEL_CORRUPT where the list is damaged; OUTPUT_FAILED
 */
export async function removeModel(folder: string, id: string): Promise<UserModelRecord> {
  const ids = (await readUserModelRecords(folder)).map((record) => record.id);
  // An empty folder is not made just to find nothing in it.
  const dropped = ids.includes(id) ? await dropModel(folder, id) : undefined;
  if (dropped) return dropped;
  const near = closest(id, ids);
  throw new AppError('MODEL_NOT_FOUND', `The model ${id} has not been added to ${folder}.`, {
    hint: near === undefined ? 'See which have: facefusion models list --added' : `Did you mean ${near}?`,
    details: { id },
  });
}
