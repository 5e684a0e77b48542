import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagedFile } from '../../bench/face-library.ts';
import { readPairs } from '../../bench/pairs.ts';

/** Numbers are comparable only over the same pairs: whoever changes the list starts a new series. */
const SHA256 = '8e0fc8ee964755e8cf01be4d7ef77029a1f50922d012c9b411895ca3664bdc63';

/** Faces of one person, judged by eye and by fr_feature (cosines 0.70 and 0.87; no other pair is above 0.44). */
const SAME_PERSON: readonly (readonly string[])[] = [
  ['s1#2', 's3#1'],
  ['c12@1', 'c12@3', 'c12@8', 'c12@12', 'c13@1', 'c13@3', 'c13@28'],
];

describe('the pairs of the bench', async () => {
  const { media, pairs } = await readPairs();

  it('are the ones that were chosen', () => {
    const bytes = readFileSync(new URL('../../bench/pairs.json', import.meta.url));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(SHA256);
  });

  it('are enough of each kind, and each once', () => {
    expect(pairs.clean.length).toBeGreaterThanOrEqual(12);
    expect(pairs.hard.length).toBeGreaterThanOrEqual(8);
    expect(pairs.turned.length).toBeGreaterThanOrEqual(4);
    const all = [...pairs.clean, ...pairs.hard, ...pairs.turned].map(([source, target]) => `${source} > ${target}`);
    expect(new Set(all).size).toBe(all.length);
  });

  it('join different persons', () => {
    const person = (name: string): string => SAME_PERSON.find((names) => names.includes(name))?.[0] ?? name;
    for (const [source, target] of [...pairs.clean, ...pairs.hard, ...pairs.turned]) {
      expect(person(source), `${source} > ${target}`).not.toBe(person(target));
    }
  });

  it('are on media that are installed', () => {
    for (const path of Object.values(media)) expect(existsSync(packagedFile(path)), path).toBe(true);
  });
});
