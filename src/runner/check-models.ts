/** Looks, before anything is loaded, whether every model that the options name is there and may be used. */
import { AppError } from '../core/errors.ts';
import type { OptionMeta } from '../core/option-meta.ts';
import { processOptionsSchema, type ResolvedProcessOptions, toFlag } from '../core/options.ts';
import { PROCESSOR_OPTIONS } from '../core/processor-options/processor-options.ts';
import { rangeRuns } from '../core/ranges.ts';
import { closest } from '../core/suggest.ts';
import { CATALOGUE, catalogueIds, findCatalogueModel } from '../engine/models/catalogue/catalogue.ts';
import type { ModelTask } from '../engine/models/catalogue/catalogue-model.ts';
import { checkLicence, modelNotThere } from '../engine/models/user-model-checks.ts';
import { readUserModels, type UserModel, userModelFolder } from '../engine/models/user-models.ts';

/** Models that the processors of a run, and the analysis before them, take from the user's folder. */
export interface NeededModels {
  /** Ids, with those that they need in turn. */
  readonly ids: readonly string[];
  readonly models: readonly UserModel[];
  /** Of their files together. */
  readonly bytes: number;
}

/**
 * @throws OPTION_INVALID for a name that means no model of that task, with what there is; OPTION_MISSING where a
 *   processor has no model; MODEL_NOT_FOUND for one that has not been added, saying how to;
 *   LICENSE_FORBIDS_COMMERCIAL_USE
 */
export async function checkModels(options: ResolvedProcessOptions): Promise<NeededModels> {
  const folder = userModelFolder(options.modelFolder);
  let added: readonly UserModel[] | undefined;
  const needed = new Set<string>();
  for (const [name, choice, given] of modelsAskedFor(options)) {
    if (given === undefined && choice.embedded.length === 0) throw noModel(name, choice);
    for (const id of Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)]) {
      if (choice.embedded.includes(id)) continue;
      added ??= await readUserModels(folder);
      for (const member of choice.sets?.[id] ?? [checkName(id, name, choice, added)]) {
        require(member, added, folder, options, needed);
      }
    }
  }
  const used = (added ?? []).filter(({ id }) => needed.has(id));
  return { ids: [...needed], models: used, bytes: used.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Of an option that has no default because there is nothing that it could be. */
function noModel(option: string, choice: Choice): AppError {
  return new AppError('OPTION_MISSING', `Expected ${toFlag(option)}, received nothing.`, {
    hint: `None is built in. ${ownModel(choice)}, and name it: ${toFlag(option)} custom/NAME`,
    details: { option },
  });
}

/** How to add a model of one's own for an option. */
const ownModel = ({ task }: Choice): string => {
  const contract = CATALOGUE.find((model) => model.task === task && model.contractOnly);
  return `Add a model of your own: facefusion models add custom/NAME FILE --like ${contract?.id ?? 'ID'}`;
};

type Choice = NonNullable<OptionMeta['model']>;

/** Every option that names models. Reading meta of a schema is slow, and a service checks hundreds of runs a second. */
const MODEL_OPTIONS: readonly (readonly [name: string, choice: Choice])[] = Object.entries(
  processOptionsSchema.shape,
).flatMap(([name, schema]) => {
  const { model } = (schema.meta() ?? {}) as Partial<OptionMeta>;
  return model ? [[name, model] as const] : [];
});

/** The options that name models and have an effect in this run. */
function modelOptions({ processors }: ResolvedProcessOptions): readonly (readonly [name: string, choice: Choice])[] {
  const unused = Object.entries(PROCESSOR_OPTIONS)
    .filter(([id]) => !(processors as readonly string[]).includes(id))
    .flatMap(([, own]) => Object.keys(own));
  return MODEL_OPTIONS.filter(([name]) => !unused.includes(name));
}

/** The options that name models, with their values: those of the run and of its ranges. */
export const modelsAskedFor = (
  options: ResolvedProcessOptions,
): readonly (readonly [name: string, choice: Choice, given: unknown])[] =>
  [options, ...rangeRuns(options).map((range) => range.options)].flatMap((run) =>
    modelOptions(run).map(([name, choice]) => [name, choice, run[name as keyof ResolvedProcessOptions]] as const),
  );

/** @returns the id, which is one of the task's */
function checkName(id: string, option: string, choice: Choice, added: readonly UserModel[]): string {
  const { task, embedded, sets } = choice;
  const known = findCatalogueModel(id);
  const model = added.find((user) => user.id === id)?.model ?? (known?.contractOnly ? undefined : known);
  if (model?.task === task || id.startsWith('custom/')) {
    if (!model || model.task === task) return id;
  }
  const own = added.filter((user) => user.model.task === task && user.id.startsWith('custom/')).map((user) => user.id);
  const names = [...embedded, ...Object.keys(sets ?? {}), ...catalogueIds(task as ModelTask), ...own];
  const near = closest(id, names);
  const expected = names.length > 0 ? names.join(', ') : 'a model of your own (custom/NAME)';
  throw new AppError('OPTION_INVALID', `Expected ${expected} for ${toFlag(option)}, received ${id}.`, {
    hint: near === undefined ? ownModel(choice) : `Did you mean ${near}?`,
    details: { option },
  });
}

function require(
  id: string,
  added: readonly UserModel[],
  folder: string,
  options: ResolvedProcessOptions,
  needed: Set<string>,
): void {
  if (needed.has(id)) return;
  const user = added.find((model) => model.id === id);
  if (!user) throw modelNotThere(id, folder);
  checkLicence(user, options.licensePolicy);
  needed.add(id);
  for (const other of user.model.needs ?? []) require(other, added, folder, options, needed);
}
