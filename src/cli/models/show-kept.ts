import { toAppError } from '../../core/errors.ts';
import { findListed } from '../../engine/models/list-models.ts';
import { checkLicence } from '../../engine/models/user-model-checks.ts';
import { readUserModels, type UserModel, userModelFolder } from '../../engine/models/user-models.ts';
import type { Terminal } from '../terminal.ts';
import { describeModel, readAllModels } from './list.ts';

/** Says of models that have just been added what they are, and what stands in the way of using them. */
export async function showKept(
  terminal: Terminal,
  command: string,
  ids: readonly string[],
  modelFolder: string | undefined,
): Promise<void> {
  const all = await readAllModels(modelFolder);
  const users = await readUserModels(userModelFolder(modelFolder));
  const kept = ids.map((id) => findListed(all, id));
  for (const { id, user, unverified, model } of kept) {
    if (unverified) {
      const message = `${id} is unverified: nothing vouches for the file but you.`;
      terminal.note({ code: 'model-unverified', message });
    }
    if (user) noteLicence(terminal, user);
    const missing = (model?.needs ?? []).filter((needed) => !users.some((other) => other.id === needed));
    if (missing.length > 0) {
      terminal.note({
        ...{ code: 'model-needs-others', message: `${id} cannot be used without ${missing.join(', ')}.` },
        hint: `Add them too: facefusion models add ${missing[0]} FILE, or facefusion models pull ${missing.join(' ')}`,
      });
    }
  }
  terminal.result(command, { models: kept.map(describeModel) }, () => {
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
