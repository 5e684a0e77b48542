import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { policySchema } from '../policy/policy-schema.ts';
import { changeBlocklist, openBlocklist, readBlocklist, refuseListed } from './blocklist.ts';
import { fromExchange, toExchange } from './exchange-file.ts';
import { FaceList, type ListedPerson } from './face-list.ts';
import { writeFaceList } from './list-file.ts';

const RECOGNISER = 'face_recognition';

/** Directions far from each other. */
function unit(at: number): Float32Array {
  const values = new Float32Array(128);
  values[at] = 1;
  return values;
}
const person = (at: number): ListedPerson => ({
  ...{ id: at.toString(16).padStart(12, '0'), name: `person ${at}` },
  ...{ addedAt: '2026-01-01T00:00:00.000Z', embeddings: [unit(at)] },
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return isAppError(error) ? error.code : String(error);
  }
}

describe('the lists of an installation', () => {
  let folder: string;
  const vault = randomBytes(32);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const environment = (): Record<string, string> => ({ FACEFUSION_DATA_FOLDER: join(folder, 'data') });
  const add = (at: number): Promise<void> =>
    changeBlocklist(vault, RECOGNISER, environment(), async (list) => list.add(person(at)));

  it('are its own and those that the policy names, searched together', async () => {
    const more = join(folder, 'more.sealed');
    await writeFaceList(more, vault, 'blocklist', new FaceList(RECOGNISER, [person(2), person(3)]));
    await add(1);
    const policy = policySchema.parse({ blocklist: { files: [more] } });
    const blocklist = await openBlocklist(policy, vault, RECOGNISER, environment());
    expect(blocklist.persons).toBe(3);
    const idsFor = (at: number): string[] => blocklist.find(unit(at)).map((match) => match.person.name);
    expect([idsFor(1), idsFor(3), idsFor(9)]).toEqual([['person 1'], ['person 3'], []]);
  });

  it('find nobody below the likeness of the policy', async () => {
    await add(1);
    const near = unit(1).map((_, at) => (at === 1 ? 0.96 : at === 2 ? Math.sqrt(1 - 0.96 ** 2) : 0));
    const found = async (threshold: number): Promise<number> => {
      const policy = policySchema.parse({ blocklist: { threshold } });
      return (await openBlocklist(policy, vault, RECOGNISER, environment())).find(near).length;
    };
    expect([await found(0.95), await found(0.97)]).toEqual([1, 0]);
  });

  it('lose nobody when many are added at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, at) => add(at)));
    expect((await readBlocklist(vault, RECOGNISER, environment())).size).toBe(10);
  });

  it('refuse a face without saying whose it is', () => {
    expect(codeOf(() => refuseListed([], 'source'))).toBe('none');
    const matches = [{ person: { id: 'abc', name: 'A Name' }, similarity: 0.98 }];
    try {
      refuseListed(matches, 'source');
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error) && error.code).toBe('POLICY_FORBIDS');
      expect(JSON.stringify(error)).not.toContain('A Name');
      expect(JSON.stringify(error)).toContain('abc');
    }
  });
});

describe('a list for another installation', () => {
  const list = new FaceList(RECOGNISER, [person(1), person(2)]);

  it('comes back as it was', () => {
    expect(fromExchange(toExchange(list), RECOGNISER, 'x.json')).toEqual(list.persons);
  });

  it('is refused where it is of another recogniser, damaged, or holds zeros', () => {
    const text = toExchange(list);
    const take = (changed: string): string => codeOf(() => fromExchange(changed, RECOGNISER, 'x.json'));
    expect(take(text.replace(RECOGNISER, 'arcface'))).toBe('MODEL_IO_MISMATCH');
    expect(take(text.slice(0, -9))).toBe('INPUT_UNREADABLE');
    expect(take('{}')).toBe('INPUT_UNREADABLE');
    expect(take(text.replace(person(1).id, '../../etc'))).toBe('INPUT_UNREADABLE');
    const zeros = Buffer.alloc(512).toString('base64');
    expect(take(text.replace(/"[A-Za-z0-9+/=]{600,}"/, `"${zeros}"`))).toBe('INPUT_UNREADABLE');
  });
});
