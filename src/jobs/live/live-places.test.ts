import { expect, it } from 'vitest';
import { createLivePlaces } from './live-places.ts';

it('has room for so many, and says at once where somebody leaves', async () => {
  const places = createLivePlaces(2, 60_000);
  const [one] = [await places.take(), await places.take()];
  const third = places.take();
  one!.leave();
  expect(await third).toBeDefined();
});

it('gives up where nobody leaves', async () => {
  const places = createLivePlaces(1, 1);
  await places.take();
  expect(await places.take()).toBeUndefined();
});

it('waits for whoever is about to leave, however long that takes', async () => {
  const places = createLivePlaces(1, 1);
  const one = await places.take();
  one!.close();
  let isThere = false;
  const next = places.take().then((place) => {
    isThere = true;
    return place;
  });
  // As long as whoever has no hope waits.
  const others = createLivePlaces(1, 5);
  await others.take();
  await others.take();
  expect(isThere).toBe(false);
  one!.leave();
  expect(await next).toBeDefined();
});

it('counts a place once, however often it is given back', async () => {
  const places = createLivePlaces(1, 1);
  const one = await places.take();
  one!.leave();
  one!.leave();
  expect(await places.take()).toBeDefined();
  expect(await places.take()).toBeUndefined();
});
