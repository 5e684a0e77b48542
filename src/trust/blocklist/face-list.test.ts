import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { FaceList, type ListedPerson } from './face-list.ts';
import { readFaceList, writeFaceList } from './list-file.ts';

function unit(seed: number, length = 128): Float32Array {
  let state = seed + 1;
  const values = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}
const person = (id: string, ...embeddings: Float32Array[]): ListedPerson => ({
  ...{ id, name: `name of ${id}`, addedAt: '2026-01-01T00:00:00.000Z', embeddings },
});

describe('a list of persons', () => {
  it('finds whoever looks like a face by the best of their embeddings, most similar first', () => {
    const list = new FaceList('dlib', [person('a', unit(1), unit(2)), person('b', unit(3)), person('c', unit(4))]);
    expect(list.search(unit(2), 0.9)).toEqual([
      { person: { id: 'a', name: 'name of a' }, similarity: expect.closeTo(1, 5) },
    ]);
    expect(list.search(unit(99), 0.9)).toEqual([]);
    const everybody = list.search(unit(3), -1);
    expect(everybody.map(({ person }) => person.id)[0]).toBe('b');
    expect(everybody).toHaveLength(3);
    expect(list.remove('b')).toBe(true);
    expect(list.remove('b')).toBe(false);
    expect(list.search(unit(3), 0.9)).toEqual([]);
  });

  it('takes any length, also one that is no multiple of four', () => {
    const list = new FaceList('odd', [person('a', unit(1, 7))]);
    expect(list.search(unit(1, 7), 0.99)).toHaveLength(1);
    expect(() => list.search(unit(1, 8), 0.99)).toThrow('7 numbers');
    expect(() => list.add(person('b', unit(1, 8)))).toThrow('7 numbers');
  });

  it.each([
    ['zeros', new Float32Array(128)],
    ['NaN', new Float32Array(128).fill(Number.NaN)],
    ['twice the length', unit(1).map((value) => value * 2)],
  ])('refuses an embedding of %s, as a person and as a face', (_, embedding) => {
    const list = new FaceList('dlib', [person('a', unit(1))]);
    expect(() => list.add(person('b', embedding))).toThrow('length 1');
    expect(() => list.search(embedding, 0.5)).toThrow('length 1');
  });

  it('searches 100,000 persons', () => {
    const list = new FaceList('dlib');
    for (let at = 0; at < 100_000; at++) list.add(person(String(at), unit(at)));
    expect(list.search(unit(77_777), 0.99).map(({ person: { id } }) => id)).toEqual(['77777']);
  });
});

describe('its file', () => {
  let folder: string;
  let path: string;
  const vault = randomBytes(32);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
    path = join(folder, 'blocklist.sealed');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: unknown) => (isAppError(error) ? error.code : String(error)),
    );

  it('holds persons and embeddings, and nothing of it can be read without the key', async () => {
    expect((await readFaceList(path, vault, 'blocklist', 'dlib')).persons).toEqual([]);
    const list = new FaceList('dlib', [person('a', unit(1), unit(2))]);
    await writeFaceList(path, vault, 'blocklist', list);
    expect((await readFaceList(path, vault, 'blocklist', 'dlib')).persons).toEqual(list.persons);
    const bytes = await readFile(path);
    expect(bytes.includes('name of a')).toBe(false);
    expect(bytes.includes(Buffer.from(unit(1).buffer).subarray(0, 16))).toBe(false);
  });

  it('is refused with another key, for another purpose, of another recogniser, and changed anywhere', async () => {
    await writeFaceList(path, vault, 'blocklist', new FaceList('dlib', [person('a', unit(1))]));
    expect(await codeOf(readFaceList(path, randomBytes(32), 'blocklist', 'dlib'))).toBe('KEYS_UNUSABLE');
    expect(await codeOf(readFaceList(path, vault, 'consent', 'dlib'))).toBe('KEYS_UNUSABLE');
    expect(await codeOf(readFaceList(path, vault, 'blocklist', 'arcface'))).toBe('MODEL_IO_MISMATCH');
    const bytes = await readFile(path);
    for (const at of [0, 12, 30, 60, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      await writeFile(path, changed);
      expect(await codeOf(readFaceList(path, vault, 'blocklist', 'dlib'))).toBe('KEYS_UNUSABLE');
    }
  });
});
