/** Folders of models as a user would have added them, made of tiny graphs. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CatalogueLicence } from '../../src/engine/models/catalogue/catalogue-model.ts';
import { USER_MODELS_FILE, type UserModelRecord } from '../../src/engine/models/user-models.ts';

export interface TinyUserModel {
  /** Of the catalogue, or `custom/NAME`. */
  readonly id: string;
  /** For a custom model. */
  readonly like?: string;
  readonly bytes: Uint8Array;
  readonly licence?: CatalogueLicence;
}

/**
 * Writes the files and the list. Hashes are true.
 * @param folder created where it is missing; the caller removes it
 * @returns `folder`
 */
export async function writeUserModels(folder: string, models: readonly TinyUserModel[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const records: UserModelRecord[] = [];
  for (const { id, like, bytes, licence } of models) {
    const file = `${id.replaceAll('/', '-')}.onnx`;
    await writeFile(join(folder, file), bytes);
    records.push({
      ...{ id, ...(like === undefined ? {} : { like }), file, bytes: bytes.length },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      crc32: crc32(bytes).toString(16).padStart(8, '0'),
      ...{ addedAt: '2026-01-01T00:00:00.000Z', unverified: true },
      ...(licence ? { licence } : {}),
    });
  }
  await writeFile(join(folder, USER_MODELS_FILE), JSON.stringify({ format: 1, models: records }));
  return folder;
}
