/** Whose face may be neither source nor target nor result: the installation's own list, and those that the policy names. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DataEnvironment, dataFolder } from '../../core/data-folder.ts';
import { AppError } from '../../core/errors.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import type { Policy } from '../policy/policy-schema.ts';
import type { FaceList, ListMatch } from './face-list.ts';
import { readFaceList, writeFaceList } from './list-file.ts';

/** What a list is sealed for: a list of consents cannot stand in for one of these. */
const PURPOSE = 'blocklist';
const LOCK = { waitSeconds: 20, what: 'changes the blocklist' } as const;

/** Where the installation's own list is. */
export const blocklistPath = (environment: DataEnvironment = process.env): string =>
  join(dataFolder(environment), 'blocklist.sealed');

/** All lists of an installation. */
export interface Blocklist {
  readonly lists: readonly FaceList[];
  readonly persons: number;
  /**
   * Everybody who looks like a face, most similar first.
   * @param embedding unit length, of the recogniser that the lists were opened for
   * @throws INTERNAL for zeros, NaN and another length
   */
  find(embedding: Float32Array): readonly ListMatch[];
}

/**
 * Opens the lists that every source, target and result is compared with.
 * @param vault the installation's
 * @param recogniser whose embeddings will be compared
 * @throws MODEL_IO_MISMATCH, KEYS_UNUSABLE, INPUT_UNREADABLE as `readFaceList`
 */
export async function openBlocklist(
  policy: Policy,
  vault: Buffer,
  recogniser: string,
  environment: DataEnvironment = process.env,
): Promise<Blocklist> {
  const paths = [blocklistPath(environment), ...policy.blocklist.files];
  const lists: FaceList[] = [];
  for (const path of paths) lists.push(await readFaceList(path, vault, PURPOSE, recogniser));
  const { threshold } = policy.blocklist;
  return {
    lists,
    persons: lists.reduce((sum, list) => sum + list.size, 0),
    find: (embedding) =>
      lists.flatMap((list) => list.search(embedding, threshold)).sort((a, b) => b.similarity - a.similarity),
  };
}

/** @throws POLICY_FORBIDS, without a name: whoever runs it need not learn who is listed */
export function refuseListed(matches: readonly ListMatch[], role: 'source' | 'target' | 'result'): void {
  if (matches.length === 0) return;
  throw new AppError('POLICY_FORBIDS', `A face of the ${role} is on the blocklist of this installation.`, {
    hint: 'Whoever keeps the list can look up the person by the id: facefusion blocklist list',
    details: {
      ...{ category: 'listed-face', policyKey: 'blocklist.threshold', role },
      blocklistEntries: matches.map(({ person: { id } }) => id),
      persons: matches.map(({ person, similarity }) => ({ id: person.id, similarity: Number(similarity.toFixed(4)) })),
    },
  });
}

/** The installation's own list as it is. @throws as `readFaceList` */
export const readBlocklist = (vault: Buffer, recogniser: string, environment?: DataEnvironment): Promise<FaceList> =>
  readFaceList(blocklistPath(environment), vault, PURPOSE, recogniser);

/**
 * Changes the installation's own list; one process at a time. What `change` throws leaves it as it was.
 * @throws OUTPUT_FAILED; as `readFaceList`
 */
export async function changeBlocklist<T>(
  vault: Buffer,
  recogniser: string,
  environment: DataEnvironment,
  change: (list: FaceList) => Promise<T>,
): Promise<T> {
  const path = blocklistPath(environment);
  await makeDataFolder(dirname(path));
  return withFileLock(`${path}.lock`, LOCK, async () => {
    const list = await readFaceList(path, vault, PURPOSE, recogniser);
    const result = await change(list);
    await writeFaceList(path, vault, PURPOSE, list);
    return result;
  });
}

/** @throws OUTPUT_FAILED */
export async function makeDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: Error) => {
    throw new AppError('OUTPUT_FAILED', `The data folder ${folder} cannot be made: ${cause.message}.`, { cause });
  });
}
