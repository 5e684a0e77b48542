/** The folder of models that the user has brought: files beside `models.json`, which says what each is. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { findCatalogueModel } from './catalogue/catalogue.ts';
import type { CatalogueLicence, CatalogueModel } from './catalogue/catalogue-model.ts';
import { isInsidePath } from './external-data.ts';

/** Name of the list inside the folder. */
export const USER_MODELS_FILE = 'models.json';
/** How ids of the user's own models begin. */
export const CUSTOM_PREFIX = 'custom/';

const recordSchema = z.object({
  id: z.string().min(1),
  /** The catalogue's model whose contract a `custom/` model has. */
  like: z.string().optional(),
  /** Path inside the folder. */
  file: z.string().regex(/^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  crc32: z.string().regex(/^[0-9a-f]{8}$/),
  /** Files that hold its numbers, by their paths from the model's own folder. */
  external: z
    .array(
      z.object({
        file: z.string().refine(isInsidePath),
        bytes: z.number().int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .optional(),
  addedAt: z.string(),
  /** Where it was downloaded; absent for a file of the user's. */
  pulledFrom: z.string().optional(),
  /** True where the file differs from the one that the catalogue knows, or where the catalogue knows no hash. */
  unverified: z.boolean(),
  /** What the user says of a model of their own. */
  licence: z.object({ name: z.string(), commercialUse: z.enum(['allowed', 'forbidden', 'not-stated']) }).optional(),
});

const listSchema = z.object({ format: z.literal(1), models: z.array(recordSchema) });

/** One line of `models.json`. */
export type UserModelRecord = z.infer<typeof recordSchema>;

/** A model that the user has brought. */
export interface UserModel {
  readonly id: string;
  readonly record: UserModelRecord;
  /** The contract that it must keep: its own entry's, or that of the model which it is like. */
  readonly model: CatalogueModel;
  readonly path: string;
  /** Of the model with the files that hold its numbers. */
  readonly bytes: number;
  /** Of the model; where other files hold its numbers, of all their hashes. */
  readonly sha256: string;
  readonly licence: CatalogueLicence;
}

/**
 * Where the user's models are: the folder that is given, or that `FACEFUSION_MODEL_FOLDER` names, or
 * `facefusion/models` in the user's data folder (XDG).
 */
export function userModelFolder(given?: string, environment: NodeJS.ProcessEnv = process.env): string {
  const named = given || environment.FACEFUSION_MODEL_FOLDER;
  if (named) return resolve(named);
  const { XDG_DATA_HOME: xdg } = environment;
  // A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const data = xdg && isAbsolute(xdg) ? xdg : join(environment.HOME || homedir(), '.local', 'share');
  return join(data, 'facefusion', 'models');
}

/**
 * The models of a folder, in the order in which they were added, without those that this version does not know. A
 * folder that is not there has none.
 * @throws MODEL_CORRUPT where its list is damaged
 */
export async function readUserModels(folder: string): Promise<readonly UserModel[]> {
  return (await readUserModelRecords(folder)).flatMap((record) => {
    const model = findCatalogueModel(record.like ?? record.id);
    return model ? [describeUserModel(folder, record, model)] : [];
  });
}

function describeUserModel(folder: string, record: UserModelRecord, model: CatalogueModel): UserModel {
  const external = record.external ?? [];
  return {
    ...{ id: record.id, record, model, path: join(folder, record.file) },
    bytes: external.reduce((sum, { bytes }) => sum + bytes, record.bytes),
    sha256: external.length === 0 ? record.sha256 : hashTogether([record, ...external].map(({ sha256 }) => sha256)),
    // A model on a known contract has nothing else of that model: neither its licence nor its hash.
    licence: record.licence ?? (record.like ? NOT_STATED : model.licence),
  };
}

/** One hash for several. */
export const hashTogether = (hashes: readonly string[]): string =>
  createHash('sha256').update(hashes.join('\n')).digest('hex');

/** The licence of a model of which nobody has said one. */
export const NOT_STATED: CatalogueLicence = { name: 'not stated', commercialUse: 'not-stated' };

/** The lines of the list as they are. @throws MODEL_CORRUPT */
export async function readUserModelRecords(folder: string): Promise<readonly UserModelRecord[]> {
  const path = join(folder, USER_MODELS_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AppError('MODEL_UNREADABLE', `The list of models ${path} cannot be read.`, { cause });
  }
  try {
    return listSchema.parse(JSON.parse(text)).models;
  } catch (cause) {
    throw new AppError('MODEL_CORRUPT', `Expected a list of models in ${path}, received something else.`, {
      hint: 'Remove that file and add the models again; their files are in the folders beside it: facefusion models add ID FILE',
      cause,
    });
  }
}
