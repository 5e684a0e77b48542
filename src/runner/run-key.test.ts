import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { createRunFolder } from '../../test/helpers/run-folder.ts';
import { parseProcessOptions } from '../core/options.ts';
import { allSourcePaths } from './people/source-sets.ts';
import { runKey } from './run-key.ts';

const folder = createRunFolder();
afterAll(folder.remove);

/** The key of a run whose files lie in a folder of their own. */
function keyIn(place: string, map: (at: (name: string) => string) => string[]): Promise<string> {
  const at = (name: string): string => folder.at(`${place}/${name}`);
  mkdirSync(folder.at(place), { recursive: true });
  for (const name of ['a.jpg', 'b.jpg', 'target.mp4']) writeFileSync(at(name), name);
  const options = parseProcessOptions({ targetPath: at('target.mp4'), outputPath: at('out.mp4'), map: map(at) });
  return runKey({ options, sourcePaths: allSourcePaths(options), files: [], versions: {} });
}

it('is the same wherever the files of a map lie', async () => {
  const map = (at: (name: string) => string): string[] => [`person1=${at('a.jpg')}`, `person2=${at('b.jpg')}`];
  expect(await keyIn('here', map)).toBe(await keyIn('there', map));
});

it('tells apart who gets which photo', async () => {
  const keys = await Promise.all([
    keyIn('one', (at) => [`person1=${at('a.jpg')},${at('b.jpg')}`, `person2=${at('a.jpg')}`]),
    keyIn('two', (at) => [`person1=${at('a.jpg')},${at('b.jpg')}`, `person2=${at('b.jpg')}`]),
    keyIn('three', (at) => [`person1=${at('a.jpg')},${at('b.jpg')}`, 'person2=keep']),
    keyIn('four', (at) => [`person2=${at('a.jpg')},${at('b.jpg')}`, `person1=${at('a.jpg')}`]),
  ]);
  expect(new Set(keys).size).toBe(4);
});
