/** Brings what a run reads into the folder of its task, under the names that its owner gave. */
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { assetSchema } from '../asset.ts';
import type { MediaMap } from '../assets-of.ts';
import type { JobStep, Media } from '../job.ts';
import type { Store } from '../store/store.ts';
import { toFileName } from './file-name.ts';
import type { HeldInput, InputCache, StoredInput } from './input-cache.ts';

/** A stored medium and what it is called. */
export interface NamedInput extends StoredInput {
  readonly fileName: string;
}

/** What a run reads, generic in how a medium is named. */
export interface RunInputs<T> {
  readonly sources: readonly T[];
  readonly map: MediaMap<T>;
  /** Maps of the ranges, in the order in which the options name them. */
  readonly rangeMaps?: readonly MediaMap<T>[] | undefined;
  readonly target: T;
}

/** Paths of this machine. Disposing lets the cache go of what was held; the files stay with the folder of the task. */
export interface FetchedInputs extends RunInputs<string>, Disposable {}

/**
 * Looks up the media of a step.
 * @param earlier paths of what the steps before it have made
 * @throws NOT_FOUND for a medium that is no longer there or belongs to another tenant
 */
export async function findInputs(
  step: JobStep,
  tenant: string,
  store: Pick<Store, 'read'>,
  earlier: readonly string[],
): Promise<RunInputs<NamedInput | string>> {
  const find = (media: Media): Promise<NamedInput | string> => findMedia(media, tenant, store, earlier);
  const findMap = (map: MediaMap<Media>): Promise<MediaMap<NamedInput | string>> =>
    Promise.all(map.map(async ({ person, sources }) => ({ person, sources: await Promise.all(sources.map(find)) })));
  return {
    sources: await Promise.all(step.sources.map(find)),
    map: await findMap(step.map),
    rangeMaps: await Promise.all((step.rangeMaps ?? []).map(findMap)),
    target: await find(step.target),
  };
}

async function findMedia(
  media: Media,
  tenant: string,
  store: Pick<Store, 'read'>,
  earlier: readonly string[],
): Promise<NamedInput | string> {
  switch (media.kind) {
    case 'asset': {
      const document = await store.read('asset', media.id);
      const asset = document?.tenant === tenant ? assetSchema.parse(document.value) : undefined;
      if (asset?.key === undefined) {
        throw new AppError('NOT_FOUND', `The upload ${media.id} is not there any more.`, {
          hint: 'Upload the file again and create a new job.',
          details: { asset: media.id },
        });
      }
      return { key: asset.key, sha256: asset.sha256, fileName: asset.fileName };
    }
    case 'step': {
      const path = earlier[media.index];
      if (path === undefined)
        throw new AppError('JOB_STATE', `Step ${media.index} has made nothing that a later step could take.`);
      return path;
    }
    case 'file':
      throw new AppError('JOB_STATE', 'Expected stored media, received a path of another machine.', {
        hint: 'Run this job where its files are: facefusion job-run',
      });
  }
}

/**
 * Brings the media into `folder`, each in a folder of its own so that equal names do not meet.
 * @throws see `InputCache.hold`
 */
export async function fetchInputs(
  inputs: RunInputs<NamedInput | string>,
  cache: InputCache,
  folder: string,
  signal?: AbortSignal,
): Promise<FetchedInputs> {
  const held: HeldInput[] = [];
  const release = (): void => {
    for (const input of held) input[Symbol.dispose]();
  };
  let count = 0;
  const bring = async (input: NamedInput | string): Promise<string> => {
    if (typeof input === 'string') return input;
    const place = join(folder, String(count++));
    const file = await cache.hold(input, signal);
    held.push(file);
    await mkdir(place, { recursive: true, mode: 0o700 });
    const path = join(place, toFileName(input.fileName, 'input'));
    await rm(path, { force: true });
    // A link keeps the content also where the cache has to let go of it.
    await link(file.path, path).catch(() => copyFile(file.path, path));
    return path;
  };
  const bringAll = async (list: readonly (NamedInput | string)[]): Promise<string[]> => {
    const paths: string[] = [];
    for (const input of list) paths.push(await bring(input));
    return paths;
  };
  const bringMap = async (rules: MediaMap<NamedInput | string>): Promise<MediaMap<string>> => {
    const map: { person: string; sources: string[] }[] = [];
    for (const { person, sources: of } of rules) map.push({ person, sources: await bringAll(of) });
    return map;
  };
  try {
    const sources = await bringAll(inputs.sources);
    const map = await bringMap(inputs.map);
    const rangeMaps: MediaMap<string>[] = [];
    for (const of of inputs.rangeMaps ?? []) rangeMaps.push(await bringMap(of));
    return { sources, map, rangeMaps, target: await bring(inputs.target), [Symbol.dispose]: release };
  } catch (error) {
    release();
    throw error;
  }
}

/** A rule as `--map` writes it. */
export const toMapWord = ({ person, sources }: FetchedInputs['map'][number]): string =>
  `${person}=${sources.length === 0 ? 'keep' : sources.map((path) => path.replaceAll(',', '\\,')).join(',')}`;
