/** Puts a model that has been looked into in the user's folder and on its list, and takes one away. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import { isAlive } from '../../core/files/file-lock.ts';
import type { CatalogueLicence } from './catalogue/catalogue-model.ts';
import { changeUserModels, makeModelFolder } from './change-user-models.ts';
import { type CopyOptions, copyHashed, type FileHashes } from './hash-file.ts';
import { hashTogether, type UserModelRecord } from './user-models.ts';

/** A model file on its way into the folder. */
export interface ModelDraft {
  readonly id: string;
  readonly like?: string;
  readonly licence?: CatalogueLicence;
  readonly path: string;
  /** Files that hold its numbers, by their paths from its folder. */
  readonly external: readonly string[];
  /** Of a download, which is moved, not copied. */
  readonly downloaded?: FileHashes;
  readonly pulledFrom?: string;
}

/**
 * Says whether a file may be kept.
 * @returns whether nothing vouches for it
 * @throws where it may not
 */
export type JudgeHashes = (hashes: FileHashes) => boolean | Promise<boolean>;

/**
 * Keeps a model, in place of one with the same id. Until the list says so, the model that was there stays as it is.
 * @param folder created where it is missing
 * @throws what `judge` throws; MODEL_CORRUPT where the list is damaged; OUTPUT_FAILED where the disk is full; CANCELLED
 */
export async function keepModel(
  folder: string,
  draft: ModelDraft,
  judge: JudgeHashes,
  options: CopyOptions = {},
): Promise<UserModelRecord> {
  await makeModelFolder(folder);
  await removeLeftovers(folder);
  const staging = stagingPath(folder);
  try {
    const record = await stage(staging, draft, judge, options);
    let replaced: UserModelRecord | undefined;
    let kept: readonly UserModelRecord[] = [];
    await changeUserModels(folder, async (records) => {
      await moveInto(staging, join(folder, dirname(record.file)), folder);
      replaced = records.find(({ id }) => id === draft.id);
      kept = [...records.filter(({ id }) => id !== draft.id), record];
      return kept;
    });
    if (replaced) await removeFiles(folder, replaced, kept);
    return record;
  } catch (error) {
    if (isAppError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('OUTPUT_FAILED', `${draft.id} cannot be kept in ${folder}: ${why}.`, { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Takes a model off the list, and its files away.
 * @returns what the list said of it; `undefined` where it has none
 * @throws MODEL_CORRUPT where the list is damaged, OUTPUT_FAILED
 */
export async function dropModel(folder: string, id: string): Promise<UserModelRecord | undefined> {
  let dropped: UserModelRecord | undefined;
  let kept: readonly UserModelRecord[] = [];
  await changeUserModels(folder, async (records) => {
    dropped = records.find((record) => record.id === id);
    kept = records.filter((record) => record !== dropped);
    return kept;
  });
  if (dropped) await removeFiles(folder, dropped, kept);
  return dropped;
}

/** Brings all files of a model together under their final names, in a folder that nobody looks into. */
async function stage(
  staging: string,
  draft: ModelDraft,
  judge: JudgeHashes,
  options: CopyOptions,
): Promise<UserModelRecord> {
  const stem = draft.id.replaceAll('/', '-');
  const name = `${stem}${extname(draft.path).toLowerCase() === '.dfm' ? '.dfm' : '.onnx'}`;
  const path = join(staging, name);
  const hashes = draft.downloaded ?? (await copyHashed(draft.path, path, options));
  const unverified = await judge(hashes);
  const external: NonNullable<UserModelRecord['external']> = [];
  for (const file of draft.external) {
    const { bytes, sha256 } = await copyHashed(join(dirname(draft.path), file), join(staging, file), options);
    external.push({ file, bytes, sha256 });
  }
  if (draft.downloaded) {
    await mkdir(staging, { recursive: true });
    await rename(draft.path, path);
  }
  // The content is part of the name: a new file never takes the place of one that a run has open.
  const content = hashTogether([hashes, ...external].map(({ sha256 }) => sha256)).slice(0, 8);
  return {
    id: draft.id,
    ...(draft.like === undefined ? {} : { like: draft.like }),
    ...{ file: `${stem}-${content}/${name}`, ...hashes },
    ...(external.length === 0 ? {} : { external }),
    addedAt: new Date().toISOString(),
    ...(draft.pulledFrom === undefined ? {} : { pulledFrom: draft.pulledFrom }),
    unverified,
    ...(draft.licence === undefined ? {} : { licence: { ...draft.licence } }),
  };
}

const STAGING = '.adding-';
const stagingPath = (folder: string): string =>
  join(folder, `${STAGING}${process.pid}-${randomBytes(4).toString('hex')}`);

/** What additions that were killed have left behind. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, processId] = /^\.adding-(\d+)-/.exec(name) ?? [];
    if (processId && !isAlive(Number(processId))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The same content may be there already, even damaged: that is why it is added again. */
async function moveInto(staging: string, place: string, folder: string): Promise<void> {
  const old = stagingPath(folder);
  await rename(place, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(staging, place);
  await rm(old, { recursive: true, force: true });
}

/** Files that another model of the list has too stay. */
async function removeFiles(folder: string, gone: UserModelRecord, kept: readonly UserModelRecord[]): Promise<void> {
  if (kept.some(({ file }) => file === gone.file)) return;
  const own = dirname(gone.file);
  await rm(join(folder, own === '.' ? gone.file : own), { recursive: true, force: true });
}
