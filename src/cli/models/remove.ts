import { removeModel } from '../../engine/models/remove-model.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { formatBytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Removes models one after the other. @throws see `removeModel` */
export async function removeAll(
  terminal: Terminal,
  ids: readonly string[],
  modelFolder: string | undefined,
): Promise<void> {
  const folder = userModelFolder(modelFolder);
  const removed: { readonly id: string; readonly bytes: number }[] = [];
  for (const id of ids) {
    const { bytes, external = [] } = await removeModel(folder, id);
    removed.push({ id, bytes: external.reduce((sum, file) => sum + file.bytes, bytes) });
  }
  terminal.result('models remove', { models: removed }, () => {
    for (const { id, bytes } of removed) terminal.say(`Removed ${id}, ${formatBytes(bytes)}.`);
  });
}
