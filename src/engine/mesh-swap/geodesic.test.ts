import { expect, it } from 'vitest';
import { geodesicDistances, UNREACHED } from './geodesic.ts';

const size = 9;
const inside = (i: number): boolean => i >= 0 && i < size * size && i % size > 0 && i % size < size - 1;

it('measures straight and diagonal steps, and goes round a wall', () => {
  const wall = (i: number): boolean => i % size === 4 && Math.floor(i / size) < 7;
  const distance = geodesicDistances(
    size,
    [4 * size + 2],
    (i) => inside(i) && !wall(i),
    (_, __, length) => length,
  );
  expect(distance[4 * size + 2]).toBe(0);
  expect(distance[4 * size + 3]).toBe(1);
  expect(distance[5 * size + 3]).toBeCloseTo(Math.SQRT2, 6);
  // Around the lower end of the wall (row 7), not through it.
  expect(distance[4 * size + 5]).toBeGreaterThan(6);
});

it('leaves what no path reaches unreached', () => {
  const distance = geodesicDistances(
    size,
    [4 * size + 2],
    (i) => inside(i) && i % size < 4,
    () => 1,
  );
  expect(distance[4 * size + 6]).toBe(UNREACHED);
});

it('settles with steps far below the precision of the distances', () => {
  const distance = geodesicDistances(size, [4 * size + 2], inside, (_, __, length) => 1e-9 * length);
  expect(distance[4 * size + 6]).toBeCloseTo(4e-9, 12);
});
