/** Adds a file of the user's to the folder of models. */
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { CATALOGUE } from './catalogue/catalogue.ts';
import type { CatalogueLicence, CatalogueModel } from './catalogue/catalogue-model.ts';
import { chooseContract } from './choose-contract.ts';
import type { CopyOptions, FileHashes } from './hash-file.ts';
import { keepModel } from './keep-model.ts';
import { type ProbedModel, probeModel } from './probe-model.ts';
import { NOT_STATED, type UserModelRecord } from './user-models.ts';

export interface AddModelOptions extends CopyOptions {
  /** The model whose contract a `custom/` model has. */
  readonly like?: string | undefined;
  /** What the user says of a `custom/` model. Default: not stated. */
  readonly licence?: CatalogueLicence | undefined;
  /** Keeps a file that is not the published one; the list says so from then on. */
  readonly unverified?: boolean | undefined;
}

export interface AddedModel {
  readonly record: UserModelRecord;
  readonly probed: ProbedModel;
}

/**
 * Looks into a model file and copies it, with the files that hold its numbers, in place of one with the same id.
 * @param id of the catalogue, or `custom/NAME`
 * @throws what `chooseContract`, `probeModel` and `keepModel` throw; MODEL_CORRUPT where the file is not the published
 *   one, or not what the `.hash` file beside it says; OPTION_INVALID for a licence of a published model
 */
export async function addModel(
  folder: string,
  id: string,
  path: string,
  { like, licence, unverified = false, ...copy }: AddModelOptions = {},
): Promise<AddedModel> {
  const model = chooseContract(id, like);
  if (licence && like === undefined) {
    throw new AppError('OPTION_INVALID', `The licence of ${id} is known: ${model.licence.name}.`, {
      hint: 'Leave --license away, or add your own model as custom/NAME --like ID.',
      details: { option: 'license' },
    });
  }
  const probed = await probeModel(path, id, model);
  const own = like === undefined ? {} : { like, licence: licence ?? NOT_STATED };
  const draft = { id, ...own, path, external: probed.external };
  const judge = async (hashes: FileHashes): Promise<boolean> => {
    const expected = like === undefined ? model.sha256 : undefined;
    if (expected === hashes.sha256) return false;
    const other = like === undefined ? CATALOGUE.find(({ sha256 }) => sha256 === hashes.sha256) : undefined;
    if (other) throw isAnother(id, path, other.id);
    if (unverified) return true;
    if (expected !== undefined) throw notPublished(id, model, expected, hashes.sha256);
    await checkHashFile(id, path, hashes);
    return true;
  };
  return { record: await keepModel(folder, draft, judge, copy), probed };
}

/** What a `.hash` file holds. */
export const CRC32 = /^[0-9a-f]{8}$/;

/** FaceFusion puts a file with the CRC32 beside each model; it tells a damaged copy. */
async function checkHashFile(id: string, path: string, { crc32 }: FileHashes): Promise<void> {
  const { dir, name } = parse(path);
  const text = await readFile(join(dir, `${name}.hash`), 'utf8').catch(() => '');
  const expected = text.trim().toLowerCase();
  if (!CRC32.test(expected) || expected === crc32) return;
  throw new AppError(
    'MODEL_CORRUPT',
    `Expected CRC32 ${expected} for ${path}, as its .hash file says, received ${crc32}.`,
    {
      hint: `The file is damaged or another one. Download it again, or keep it as it is: facefusion models add ${id} FILE --unverified`,
      details: { id, expected, received: crc32 },
    },
  );
}

function notPublished(id: string, { bytes }: CatalogueModel, expected: string, received: string): AppError {
  const size = bytes === undefined ? '' : ` (${bytes} bytes)`;
  return new AppError(
    'MODEL_CORRUPT',
    `Expected the published file of ${id}${size} with sha256 ${expected}, received ${received}.`,
    {
      hint: `Download it again, or, if you trust this file, add it with --unverified; every list and result says so.`,
      details: { id, expected, received },
    },
  );
}

const isAnother = (id: string, path: string, other: string): AppError =>
  new AppError('MODEL_CORRUPT', `Expected ${id} in ${path}, which is the published file of ${other}.`, {
    hint: `Add it as what it is: facefusion models add ${other} FILE`,
    details: { id, other },
  });
