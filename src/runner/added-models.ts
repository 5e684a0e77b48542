/** The user's own models in a run: which it takes, and what is to be said of them with every output. */
import type { ResolvedProcessOptions } from '../core/options.ts';
import { readUserModels, userModelFolder } from '../engine/models/user-models.ts';
import type { Note } from '../engine/processors/processor.ts';
import { checkModels } from './check-models.ts';
import type { UsedModel } from './process-result.ts';

/** The models that the user has added and this run takes. @throws what `checkModels` throws */
export async function addedModels(options: ResolvedProcessOptions): Promise<UsedModel[]> {
  const { ids } = await checkModels(options);
  const added = await readUserModels(userModelFolder(options.modelFolder));
  return added
    .filter(({ id }) => ids.includes(id))
    .map(({ id, sha256, record, licence }) => ({
      ...{ id, sha256, licence: licence.name },
      ...{ commercialUse: licence.commercialUse === 'allowed', unverified: record.unverified },
    }));
}

/** What whoever passes an output on must know: licences that stand in the way of selling it, files nobody vouches for. */
export function modelNotes(models: readonly UsedModel[]): readonly Note[] {
  const unsold = models.filter(({ commercialUse }) => !commercialUse).map(({ id, licence }) => `${id} (${licence})`);
  const unverified = models.filter((model) => model.unverified).map(({ id }) => id);
  return [
    ...(unsold.length === 0
      ? []
      : [
          {
            ...{
              code: 'not-for-sale',
              message: `Made with ${unsold.join(', ')}: no licence lets you sell this output.`,
            },
            hint: 'See: facefusion models licenses',
          },
        ]),
    ...(unverified.length === 0
      ? []
      : [
          {
            code: 'model-unverified',
            message: `Made with ${unverified.join(', ')}: nothing vouches for the file but you.`,
          },
        ]),
  ];
}
