import { defaultModelDirectory } from '../../engine/inference/session.ts';
import { strictestNeed } from '../../engine/models/licences.ts';
import { type ListedModel, listModels, modelsOfTask } from '../../engine/models/list-models.ts';
import { readManifest } from '../../engine/models/manifest.ts';
import { COMMERCIAL_USE_WORDS } from '../../engine/models/stated-licence.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { formatBytes, formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export interface ListFilter {
  readonly task?: string | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Only those that the user has added. */
  readonly added?: boolean | undefined;
  readonly modelFolder?: string | undefined;
}

/** All models of this copy, the catalogue and the user. @throws MODEL_NOT_FOUND, MODEL_CORRUPT */
export const readAllModels = async (modelFolder: string | undefined): Promise<readonly ListedModel[]> =>
  listModels(await readManifest(defaultModelDirectory()), userModelFolder(modelFolder));

/** Prints models, one a line. @throws OPTION_INVALID for what is no task */
export async function showModels(terminal: Terminal, { task, ids, added, modelFolder }: ListFilter): Promise<void> {
  const all = await readAllModels(modelFolder);
  const ofTask = task === undefined ? all : modelsOfTask(all, task);
  const models = ofTask.filter(({ id, state }) => (!added || state === 'added') && (ids?.includes(id) ?? true));
  terminal.result('models list', { models: models.map(describeModel) }, () => {
    const rows = models.map((model) => [
      ...[model.id, model.task, STATES[model.state], model.licence.name],
      ...[COMMERCIAL_USE_WORDS[model.licence.commercialUse], model.bytes === undefined ? '' : formatBytes(model.bytes)],
      remarks(model),
    ]);
    const head = ['ID', 'TASK', 'STATE', 'LICENCE', 'COMMERCIAL USE', 'SIZE', ''];
    for (const line of formatTable([head, ...rows])) terminal.data(line);
    if (added && models.length === 0) terminal.say('None has been added yet. See: facefusion help models add');
  });
}

/** The model as `--json` prints it. */
export function describeModel({
  entry,
  model,
  user,
  record,
  ...listed
}: ListedModel): Readonly<Record<string, unknown>> {
  return {
    ...entry,
    ...listed,
    ...(entry ? { licence: { ...entry.licence, ...listed.licence } } : {}),
    ...(model && !entry ? { file: model.file, vendor: model.vendor, year: model.year, needs: model.needs ?? [] } : {}),
    ...(record ? { like: record.like, addedAt: record.addedAt, pulledFrom: record.pulledFrom } : {}),
    ...(user ? { path: user.path } : {}),
  };
}

const STATES: Readonly<Record<ListedModel['state'], string>> = {
  'built-in': 'built in',
  added: 'added',
  'not-added': 'not added',
  contract: 'contract only',
};

function remarks({ task, licence, unverified, record, model }: ListedModel): string {
  const strictest = model && strictestNeed(model, licence);
  const parts = [
    ...(task === 'unknown' ? ['not known to this version'] : []),
    ...(unverified ? ['unverified'] : []),
    ...(record?.like === undefined ? [] : [`like ${record.like}`]),
    ...(strictest ? [`needs ${strictest.id}: ${COMMERCIAL_USE_WORDS[strictest.licence.commercialUse]}`] : []),
  ];
  return parts.join(', ');
}
