/** The work of `facefusion blocklist`. Every change is in the audit log before it is in the list. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/image.ts';
import { checkInputFile } from '../../media/input-file.ts';
import { changeBlocklist, openBlocklist, readBlocklist } from '../../trust/blocklist/blocklist.ts';
import { fromExchange, toExchange } from '../../trust/blocklist/exchange-file.ts';
import type { ListedPerson, ListMatch } from '../../trust/blocklist/face-list.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { detectFaces } from '../detect-faces.ts';
import { embedPersons, PERSON_RECOGNISER } from './embed-persons.ts';
import { type Installation, openInstallation } from './installation.ts';

/** A person of the list, without what tells them by. */
export type ListedName = Pick<ListedPerson, 'id' | 'name' | 'addedAt'> & { readonly photos: number };

const toName = ({ id, name, addedAt, embeddings }: ListedPerson): ListedName => ({
  ...{ id, name, addedAt, photos: embeddings.length },
});

/**
 * Adds a person by photos, of which nothing but embeddings is kept.
 * @throws as `embedPersons`; KEYS_UNUSABLE, MODEL_IO_MISMATCH, OUTPUT_FAILED, AUDIT_BROKEN
 */
export async function addToBlocklist(
  name: string,
  photos: readonly string[],
  signal?: AbortSignal,
  environment?: NodeJS.ProcessEnv,
): Promise<ListedName> {
  const text = checkName(name);
  const embeddings = await embedPersons(photos, signal);
  const installation = await openInstallation(environment);
  const addedAt = new Date().toISOString();
  const person = { id: randomBytes(6).toString('hex'), name: text, addedAt, embeddings };
  await change(installation, async (list) => {
    await recordAdded(installation, [person]);
    list.add(person);
  });
  return toName(person);
}

/** @param who an id, or a name that one person has @throws OPTION_INVALID for nobody and for several */
export async function removeFromBlocklist(who: string, environment?: NodeJS.ProcessEnv): Promise<ListedName> {
  const installation = await openInstallation(environment);
  return change(installation, async (list) => {
    const found = list.persons.filter(({ id, name }) => id === who || name === who);
    const [person] = found;
    if (!person || found.length > 1) {
      const message = person ? `${found.length} persons are called ${who}.` : `Nobody on the list is called ${who}.`;
      throw new AppError('OPTION_INVALID', message, {
        hint: person ? `Name one: ${found.map(({ id }) => id).join(', ')}` : 'See: facefusion blocklist list',
      });
    }
    const facts = { person: person.id, recogniser: PERSON_RECOGNISER };
    await installation.audit.append({ kind: 'blocklist.removed', facts, personal: { name: person.name } });
    list.remove(person.id);
    return toName(person);
  });
}

export async function listBlocklist(environment?: NodeJS.ProcessEnv): Promise<readonly ListedName[]> {
  const { keys, environment: env } = await openInstallation(environment);
  return (await readBlocklist(keys.vault, PERSON_RECOGNISER, env)).persons.map(toName);
}

/** A face of a picture with the persons that it looks like. */
export interface CheckedFace {
  readonly box: Region;
  readonly matches: readonly ListMatch[];
}

/** Compares every face of a photo, or of a frame of a video, with all lists. */
export async function checkWithBlocklist(
  file: string,
  frameNumber: number,
  signal?: AbortSignal,
  environment?: NodeJS.ProcessEnv,
): Promise<{ readonly persons: number; readonly faces: readonly CheckedFace[] }> {
  const { policy } = await readPolicy(environment);
  const { keys, environment: env } = await openInstallation(environment);
  const blocklist = await openBlocklist(policy, keys.vault, PERSON_RECOGNISER, env);
  const { faces } = await detectFaces(file, { frameNumber, embedding: true, signal });
  return {
    persons: blocklist.persons,
    faces: faces.map(({ box, embedding }) => ({ box, matches: blocklist.find(embedding!) })),
  };
}

/** Writes the list for another installation. @throws OUTPUT_EXISTS, OUTPUT_FAILED */
export async function exportBlocklist(file: string, environment?: NodeJS.ProcessEnv): Promise<number> {
  const { keys, environment: env } = await openInstallation(environment);
  const list = await readBlocklist(keys.vault, PERSON_RECOGNISER, env);
  await writeNew(file, toExchange(list));
  return list.size;
}

/**
 * Adds the persons of another installation; those who are there already stay as they are.
 * @throws INPUT_UNREADABLE, MODEL_IO_MISMATCH, OUTPUT_FAILED
 */
export async function importBlocklist(
  file: string,
  environment?: NodeJS.ProcessEnv,
): Promise<{ readonly added: readonly ListedName[]; readonly known: number }> {
  await checkInputFile(file);
  const persons = fromExchange(await readFile(file, 'utf8'), PERSON_RECOGNISER, file);
  const installation = await openInstallation(environment);
  return change(installation, async (list) => {
    const known = new Set(list.persons.map(({ id }) => id));
    const added = persons.filter(({ id }) => !known.has(id));
    await recordAdded(installation, added);
    for (const person of added) list.add(person);
    return { added: added.map(toName), known: persons.length - added.length };
  });
}

const change = <T>({ keys, environment }: Installation, work: Parameters<typeof changeBlocklist<T>>[3]): Promise<T> =>
  changeBlocklist(keys.vault, PERSON_RECOGNISER, environment, work);

async function recordAdded({ audit }: Installation, persons: readonly ListedPerson[]): Promise<void> {
  await Promise.all(
    persons.map(({ id, name, embeddings }) =>
      audit.append({
        kind: 'blocklist.added',
        facts: { person: id, recogniser: PERSON_RECOGNISER, photos: embeddings.length },
        personal: { name },
      }),
    ),
  );
}

function checkName(name: string): string {
  const text = name.trim();
  if (text !== '' && text.length <= 200) return text;
  throw new AppError('OPTION_INVALID', `Expected a name of 1..200 letters, received ${text.length}.`);
}

/** Readable for its owner only; never over another file. @throws OUTPUT_EXISTS, OUTPUT_FAILED */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    if (isThere) throw new AppError('OUTPUT_EXISTS', `There is a file ${file} already.`, { cause });
    throw new AppError('OUTPUT_FAILED', `${file} cannot be written: ${(cause as Error).message}.`, { cause });
  }
}
