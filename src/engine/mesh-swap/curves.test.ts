import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median } from './curves.ts';

it('finds the upper middle of any values', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: -4, max: 4 })), (values) => {
      const sorted = Float32Array.from(values).sort();
      // Adding zero makes -0 and 0 one.
      expect(median(values) + 0).toBe(sorted.length ? sorted[sorted.length >> 1] + 0 : 0);
    }),
  );
});
