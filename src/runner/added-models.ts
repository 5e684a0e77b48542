/** The user's own models in a run: which it takes, and what is to be said of them with every output. */
import type { Note } from '../engine/processors/processor.ts';
import type { NeededModels } from './check-models.ts';
import type { UsedModel } from './process-result.ts';

/** The models that the user has added and a run takes. */
export const addedModels = ({ models }: NeededModels): UsedModel[] =>
  models.map(({ id, sha256, record, licence }) => ({
    ...{ id, sha256, licence: licence.name },
    ...{ commercialUse: licence.commercialUse === 'allowed', unverified: record.unverified },
  }));

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
