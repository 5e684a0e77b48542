/** Which models a job takes beside those that every copy brings, for the choice of a worker. */
import { AppError } from '../core/errors.ts';
import { type ResolvedProcessOptions, toFlag } from '../core/options.ts';
import { closest } from '../core/suggest.ts';
import { catalogueIds, findCatalogueModel } from '../engine/models/catalogue/catalogue.ts';
import type { ModelTask } from '../engine/models/catalogue/catalogue-model.ts';
import { CUSTOM_PREFIX } from '../engine/models/user-models.ts';
import { checkModels, modelsAskedFor } from '../runner/check-models.ts';

/** A model that a worker must have added. */
export interface NeededModel {
  readonly id: string;
  /** Undefined where only the worker knows it. */
  readonly sha256: string | undefined;
}

/**
 * The models of a job that this machine will do itself.
 * @throws see `checkModels`
 */
export async function modelsHere(options: ResolvedProcessOptions): Promise<readonly NeededModel[]> {
  const { ids, models } = await checkModels(options);
  return ids.map((id) => ({ id, sha256: models.find((model) => model.id === id)?.sha256 }));
}

/**
 * The models of a job that some other machine will do: their names are checked, and those of the user's own
 * (`custom/NAME`) are taken on trust.
 * @throws OPTION_INVALID for a name that means no model of that task; OPTION_MISSING where there is no default
 */
export function modelsElsewhere(options: ResolvedProcessOptions): readonly NeededModel[] {
  const needed = new Map<string, string | undefined>();
  const take = (id: string): void => {
    if (needed.has(id)) return;
    const known = findCatalogueModel(id);
    needed.set(id, known?.sha256);
    for (const other of known?.needs ?? []) take(other);
  };
  for (const [name, choice, given] of modelsAskedFor(options)) {
    const { task, embedded, sets } = choice;
    if (given === undefined && embedded.length === 0) throw missing(name);
    const ids = Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)];
    for (const id of ids.filter((one) => !embedded.includes(one))) {
      const known = findCatalogueModel(id);
      if (sets?.[id]) for (const member of sets[id]) take(member);
      else if (id.startsWith(CUSTOM_PREFIX) || (known?.task === task && !known.contractOnly)) take(id);
      else throw unknown(id, name, [...embedded, ...Object.keys(sets ?? {}), ...catalogueIds(task as ModelTask)]);
    }
  }
  return [...needed].map(([id, sha256]) => ({ id, sha256 }));
}

const missing = (option: string): AppError =>
  new AppError('OPTION_MISSING', `Expected ${toFlag(option)}, received nothing.`, {
    hint: `None is built in. Name one that the workers have: ${CUSTOM_PREFIX}NAME`,
    details: { option },
  });

function unknown(id: string, option: string, names: readonly string[]): AppError {
  const near = closest(id, names);
  return new AppError('OPTION_INVALID', `Expected ${names.join(', ')} for ${toFlag(option)}, received ${id}.`, {
    ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
    details: { option },
  });
}
