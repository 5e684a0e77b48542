import { addModel } from '../../engine/models/add-model.ts';
import { statedLicence } from '../../engine/models/stated-licence.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { formatBytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { showKept } from './show-kept.ts';

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
  const { probed, record } = await addModel(folder, id, file, {
    ...{ like: values.like, unverified: values.unverified, signal },
    licence: values.license === undefined ? undefined : statedLicence(values.license),
  });
  if (!probed.isTried) {
    terminal.note({
      code: 'model-not-tried',
      message: `There is not enough free memory to load ${id}; only what the file says of itself was looked at.`,
    });
  }
  const { bytes, external = [] } = record;
  const size = formatBytes(external.reduce((sum, file) => sum + file.bytes, bytes));
  terminal.say(`Added ${id} (${size}). See: facefusion models show ${id}`);
  await showKept(terminal, 'models add', [id], values.modelFolder);
}
