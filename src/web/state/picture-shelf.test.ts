import { expect, it } from 'vitest';
import { createPictureShelf } from './picture-shelf.ts';

const picture = (name: string, width = 10) => ({ name, image: { naturalWidth: width, naturalHeight: 10 } });
/** Of a picture of ten by ten. */
const BYTES = 400;

it('holds as many bytes as it may, and lets go of what was not looked at for longest', () => {
  const gone: string[] = [];
  const shelf = createPictureShelf<ReturnType<typeof picture>>(3 * BYTES, ({ name }) => gone.push(name));
  for (const name of ['a', 'b', 'c']) shelf.keep(name, picture(name));
  expect(shelf.get('a')?.name).toBe('a');
  shelf.keep('d', picture('d'));
  expect(gone).toEqual(['b']);
  expect(shelf.get('b')).toBeUndefined();
  shelf.keep('wide', picture('wide', 20));
  expect(gone).toEqual(['b', 'c', 'a']);
  expect(shelf.get('d')?.name).toBe('d');
});

it('holds the newest, however large it is', () => {
  const gone: string[] = [];
  const shelf = createPictureShelf<ReturnType<typeof picture>>(3 * BYTES, ({ name }) => gone.push(name));
  shelf.keep('a', picture('a'));
  shelf.keep('huge', picture('huge', 1000));
  expect(gone).toEqual(['a']);
  expect(shelf.get('huge')?.name).toBe('huge');
});

it('lets go of a picture whose place another one takes', () => {
  const gone: string[] = [];
  const shelf = createPictureShelf<ReturnType<typeof picture>>(2 * BYTES, ({ name }) => gone.push(name));
  shelf.keep('a', picture('old'));
  shelf.keep('a', picture('new'));
  shelf.keep('b', picture('b'));
  expect(gone).toEqual(['old']);
  expect(shelf.get('a')?.name).toBe('new');
});
