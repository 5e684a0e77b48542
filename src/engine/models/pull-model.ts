/** Downloads a published model into the user's folder. Nothing else in this product opens a connection. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError, isAppError } from '../../core/errors.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { CRC32 } from './add-model.ts';
import type { CatalogueModel } from './catalogue/catalogue-model.ts';
import { makeModelFolder } from './change-user-models.ts';
import { findPublishedModel } from './choose-contract.ts';
import { type DownloadOptions, download, Refused } from './download.ts';
import { type FileHashes, hashFile } from './hash-file.ts';
import { keepModel } from './keep-model.ts';
import { type ModelSource, modelSources } from './model-sources.ts';
import { probeModel } from './probe-model.ts';
import { readUserModels, type UserModelRecord } from './user-models.ts';
import { verifyUserModel } from './verify-user-model.ts';

export interface PullModelOptions extends Omit<DownloadOptions, 'bytes'> {
  /** See `modelSources`. Default: FaceFusion's own places. */
  readonly mirror?: string | undefined;
}

export interface PulledModel {
  readonly record: UserModelRecord;
  /** True where the model was there, as published: then nothing was downloaded. */
  readonly wasThere: boolean;
}

/**
 * Downloads a model, compares it with what is published about it (length, CRC32, sha256 where it is known), looks into
 * it and adds it. What has come stays in `FILE.partial` when this fails, and the next call goes on from there.
 * @throws DOWNLOAD_FAILED with the reason of every place; MODEL_NOT_FOUND for a model that is published nowhere;
 *   OPTION_INVALID; OUTPUT_FAILED; CANCELLED; and what `probeModel` and `keepModel` throw
 */
export async function pullModel(folder: string, id: string, options: PullModelOptions = {}): Promise<PulledModel> {
  const model = findPublishedModel(id);
  const sources = modelSources(model, options.mirror);
  const there = (await readUserModels(folder)).find((user) => user.id === id);
  if (there && !there.record.unverified && (await isWhole(() => verifyUserModel(there, options.signal)))) {
    return { record: there.record, wasThere: true };
  }
  await makeModelFolder(folder);
  const path = join(folder, `${basename(model.file)}.partial`);
  const lock = { waitSeconds: 0, what: `downloads ${id}` };
  return withFileLock(`${path}.lock`, lock, async () => {
    const { source, hashes } = await fromFirst(model, sources, path, options);
    const { external } = await probeModel(path, id, model).catch(async (error: unknown) => {
      // It is what is published, so another attempt would bring the same.
      await rm(path, { force: true });
      throw error;
    });
    const draft = { id, path, external, downloaded: hashes, pulledFrom: source.url };
    // FaceFusion's own servers vouch for what they publish; who runs a mirror is not known.
    const unverified = model.sha256 === undefined && !source.isOfficial;
    return { record: await keepModel(folder, draft, () => unverified, options), wasThere: false };
  });
}

async function isWhole(verify: () => Promise<void>): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === 'CANCELLED') throw error;
    return false;
  }
}

/** Tries the places one after the other. @throws DOWNLOAD_FAILED, OUTPUT_FAILED, CANCELLED */
async function fromFirst(
  model: CatalogueModel,
  sources: readonly ModelSource[],
  path: string,
  options: PullModelOptions,
): Promise<{ readonly source: ModelSource; readonly hashes: FileHashes }> {
  const failures: { readonly url: string; readonly reason: string }[] = [];
  for (const source of sources) {
    try {
      return { source, hashes: await fetchWhole(model, source, path, options) };
    } catch (error) {
      throwIfAborted(options.signal);
      if (isAppError(error)) throw error;
      failures.push({ url: source.url, reason: reasonOf(error) });
    }
  }
  const reasons = failures.map(({ url, reason }) => `${new URL(url).host}: ${reason}`).join('; ');
  throw new AppError('DOWNLOAD_FAILED', `The model ${model.id} could not be downloaded (${reasons}).`, {
    hint: `Run the same command again: it goes on where it stopped. Or download ${sources[0]!.url} with a browser, then: facefusion models add ${model.id} ${basename(model.file)}`,
    details: { id: model.id, failures },
    retryable: true,
  });
}

/** @throws an Error that says why this place does not serve; OUTPUT_FAILED, CANCELLED */
async function fetchWhole(
  model: CatalogueModel,
  source: ModelSource,
  path: string,
  options: PullModelOptions,
): Promise<FileHashes> {
  const expected = await fetchCrc(source, options);
  if (expected === undefined && model.sha256 === undefined)
    throw new Refused('there is no .hash file to check it with');
  for (;;) {
    const hasKept = await download(source.url, path, { ...options, bytes: model.bytes });
    const hashes = await hashFile(path, options.signal);
    const difference = compare(model, expected, hashes);
    if (difference === undefined) return hashes;
    await rm(path, { force: true });
    // An older beginning may have been another file's.
    if (!hasKept) throw new Refused(difference);
  }
}

function compare({ bytes, sha256 }: CatalogueModel, crc: string | undefined, received: FileHashes): string | undefined {
  const differs = (what: string, expected: string | number | undefined, found: string | number): string | undefined =>
    expected === undefined || expected === found ? undefined : `${what} ${found} instead of ${expected}`;
  return (
    differs('length', bytes, received.bytes) ??
    differs('CRC32', crc, received.crc32) ??
    differs('sha256', sha256, received.sha256)
  );
}

/** @returns `undefined` where the place has no such file */
async function fetchCrc({ hashUrl }: ModelSource, options: PullModelOptions): Promise<string | undefined> {
  const { signal, stallSeconds = 30 } = options;
  const end = AbortSignal.timeout(stallSeconds * 1000);
  const response = await fetch(hashUrl, { signal: signal ? AbortSignal.any([signal, end]) : end });
  const text = (await response.text()).trim().toLowerCase();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Refused(`HTTP ${response.status}`);
  if (CRC32.test(text)) return text;
  throw new Refused('its .hash file holds no CRC32');
}

/** `fetch` hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return cause ? (cause.code ?? cause.message) : message;
}
