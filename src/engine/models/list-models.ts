/** All models in one list: those of this copy, those that are published, and what the user has added. */
import { AppError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';
import { CATALOGUE } from './catalogue/catalogue.ts';
import { type CatalogueLicence, type CatalogueModel, MODEL_TASKS } from './catalogue/catalogue-model.ts';
import type { ModelEntry, ModelManifest } from './manifest.ts';
import {
  NOT_STATED,
  readUserModelRecords,
  readUserModels,
  type UserModel,
  type UserModelRecord,
} from './user-models.ts';

/** `contract`: there is no file of it; the user's own models can be like it. */
export type ModelState = 'built-in' | 'added' | 'not-added' | 'contract';

export interface ListedModel {
  readonly id: string;
  /** Words with hyphens; `unknown` for a model that this version does not know. */
  readonly task: string;
  readonly state: ModelState;
  readonly licence: CatalogueLicence;
  /** True where nothing vouches for the file but the user. */
  readonly unverified: boolean;
  readonly bytes?: number;
  readonly sha256?: string;
  /** What has it, where there is something. */
  readonly entry?: ModelEntry;
  readonly model?: CatalogueModel;
  readonly user?: UserModel;
  readonly record?: UserModelRecord;
}

/**
 * All models, task by task; of each task those of this copy first, then the catalogue's, then the user's own.
 * @throws MODEL_CORRUPT where the user's list is damaged
 */
export async function listModels(manifest: ModelManifest, folder: string): Promise<readonly ListedModel[]> {
  const users = new Map((await readUserModels(folder)).map((user) => [user.id, user]));
  const records = await readUserModelRecords(folder);
  const models = [
    ...manifest.models.map(fromManifest),
    ...CATALOGUE.map((model) => fromUser(users.get(model.id)) ?? fromCatalogue(model)),
    ...records
      .filter(({ id }) => !CATALOGUE.some((model) => model.id === id))
      .map((record) => fromUser(users.get(record.id)) ?? fromUnknown(record)),
  ];
  // Tasks that only models of this copy have come last.
  const order = [...new Set<string>([...MODEL_TASKS, ...models.map(({ task }) => task)])];
  return models.sort((a, b) => order.indexOf(a.task) - order.indexOf(b.task));
}

const fromManifest = (entry: ModelEntry): ListedModel => ({
  ...{ id: entry.id, task: entry.task.replaceAll('_', '-'), state: 'built-in', unverified: false },
  ...{ bytes: entry.bytes, sha256: entry.sha256, entry },
  licence: { name: entry.licence.spdx, commercialUse: 'allowed' },
});

const fromCatalogue = (model: CatalogueModel): ListedModel => ({
  ...{ id: model.id, task: model.task, state: model.contractOnly ? 'contract' : 'not-added' },
  ...{ licence: model.licence, unverified: false, model },
  ...(model.bytes === undefined ? {} : { bytes: model.bytes }),
  ...(model.sha256 === undefined ? {} : { sha256: model.sha256 }),
});

function fromUser(user: UserModel | undefined): ListedModel | undefined {
  if (!user) return undefined;
  const { id, model, licence, bytes, sha256, record } = user;
  return {
    id,
    task: model.task,
    state: 'added',
    licence,
    unverified: record.unverified,
    bytes,
    sha256,
    model,
    user,
    record,
  };
}

/** Added with another version, which knew it. */
const fromUnknown = (record: UserModelRecord): ListedModel => ({
  ...{ id: record.id, task: 'unknown', state: 'added', licence: record.licence ?? NOT_STATED, record },
  ...{ unverified: record.unverified, bytes: record.bytes, sha256: record.sha256 },
});

/**
 * Those of one task; `_` and `-` are the same.
 * @throws OPTION_INVALID for what is no task, with the one that was probably meant
 */
export function modelsOfTask(models: readonly ListedModel[], task: string): readonly ListedModel[] {
  const wanted = task.toLowerCase().replaceAll('_', '-');
  const tasks = [...new Set([...MODEL_TASKS, ...models.map((model) => model.task)])];
  if (tasks.includes(wanted)) return models.filter((model) => model.task === wanted);
  const near = closest(wanted, tasks);
  throw new AppError('OPTION_INVALID', `Expected a task for --task, received ${task}.`, {
    hint: near === undefined ? `Tasks: ${tasks.join(', ')}` : `Did you mean ${near}?`,
    details: { option: 'task' },
  });
}

/** @throws MODEL_NOT_FOUND, with the id that was probably meant */
export function findListed(models: readonly ListedModel[], id: string): ListedModel {
  const found = models.find((model) => model.id === id);
  if (found) return found;
  const near = closest(
    id,
    models.map((model) => model.id),
  );
  throw new AppError('MODEL_NOT_FOUND', `There is no model ${id}.`, {
    hint: near === undefined ? 'See which there are: facefusion models list' : `Did you mean ${near}?`,
    details: { id },
  });
}
