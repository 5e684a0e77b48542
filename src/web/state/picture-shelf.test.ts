import { expect, it } from 'vitest';
import { createPictureShelf } from './picture-shelf.ts';

const picture = (name: string, width = 10) => ({ name, canvas: { width, height: 10 } });
type Picture = ReturnType<typeof picture>;
/** Of a picture of ten by ten. */
const BYTES = 400;

it('holds as many bytes as it may, and lets go of what was not looked at for longest', () => {
  const shelf = createPictureShelf<Picture>(3 * BYTES);
  const held = (): string[] => ['a', 'b', 'c', 'd', 'wide'].filter((name) => shelf.get(name)?.name === name);
  for (const name of ['a', 'b', 'c']) shelf.keep(name, picture(name));
  expect(shelf.get('a')?.name).toBe('a');
  shelf.keep('d', picture('d'));
  expect(held()).toEqual(['a', 'c', 'd']);
  shelf.keep('wide', picture('wide', 20));
  expect(held()).toEqual(['d', 'wide']);
});

it('holds the newest, however large it is', () => {
  const shelf = createPictureShelf<Picture>(3 * BYTES);
  shelf.keep('a', picture('a'));
  shelf.keep('huge', picture('huge', 1000));
  expect([shelf.get('a'), shelf.get('huge')?.name]).toEqual([undefined, 'huge']);
});

it('lets go of a picture whose place another one takes', () => {
  const shelf = createPictureShelf<Picture>(2 * BYTES);
  shelf.keep('a', picture('old'));
  shelf.keep('a', picture('new'));
  shelf.keep('b', picture('b'));
  expect([shelf.get('a')?.name, shelf.get('b')?.name]).toEqual(['new', 'b']);
});
