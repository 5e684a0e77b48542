import { toAppError } from '../../core/errors.ts';
import { addModel } from '../../engine/models/add-model.ts';
import { findListed } from '../../engine/models/list-models.ts';
import { statedLicence } from '../../engine/models/stated-licence.ts';
import { checkLicence } from '../../engine/models/user-model-checks.ts';
import { readUserModels, type UserModel, userModelFolder } from '../../engine/models/user-models.ts';
import { formatBytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { describeModel, readAllModels } from './list.ts';

export interface AddValues {
  readonly like?: string;
  readonly license?: string;
  readonly unverified?: boolean;
  readonly modelFolder?: string;
}

/** Adds a file and says what must be known of it. @throws see `addModel` */
export async function addOne(
  terminal: Terminal,
  id: string,
  file: string,
  values: AddValues,
  signal: AbortSignal,
): Promise<void> {
  const folder = userModelFolder(values.modelFolder);
  const { probed } = await addModel(folder, id, file, {
    ...{ like: values.like, unverified: values.unverified, signal },
    licence: values.license === undefined ? undefined : statedLicence(values.license),
  });
  if (!probed.isTried) {
    terminal.note({
      code: 'model-not-tried',
      message: `There is not enough free memory to load ${id}; only what the file says of itself was looked at.`,
    });
  }
  await showKept(terminal, 'models add', [id], values.modelFolder);
}

/** Says of models that have just been added what they are, and what stands in the way of using them. */
export async function showKept(
  terminal: Terminal,
  command: string,
  ids: readonly string[],
  modelFolder: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const all = await readAllModels(modelFolder);
  const users = await readUserModels(userModelFolder(modelFolder));
  const kept = ids.map((id) => findListed(all, id));
  for (const { id, user, unverified, model } of kept) {
    if (unverified)
      terminal.note({
        code: 'model-unverified',
        message: `${id} is unverified: nothing vouches for the file but you.`,
      });
    if (user) noteLicence(terminal, user);
    const missing = (model?.needs ?? []).filter((needed) => !users.some((other) => other.id === needed));
    if (missing.length > 0) {
      terminal.note({
        ...{ code: 'model-needs-others', message: `${id} cannot be used without ${missing.join(', ')}.` },
        hint: `Add them too: facefusion models add ${missing[0]} FILE`,
      });
    }
  }
  terminal.result(command, { models: kept.map(describeModel), ...more }, () => {
    for (const { id, bytes, task } of kept)
      terminal.say(`Added ${id} (${task}, ${formatBytes(bytes ?? 0)}). See: facefusion models show ${id}`);
    for (const { id } of kept) terminal.data(id);
  });
}

function noteLicence(terminal: Terminal, user: UserModel): void {
  try {
    checkLicence(user, 'commercial');
  } catch (error) {
    const { message } = toAppError(error);
    const isUnsaid = user.record.like !== undefined && user.licence.commercialUse === 'not-stated';
    const state = isUnsaid ? ' State it when you add the model: --license SPDX, or --license own.' : '';
    terminal.note({
      code: 'model-licence',
      message,
      hint: `A run that uses it needs --license-policy any, and records that.${state}`,
    });
  }
}
