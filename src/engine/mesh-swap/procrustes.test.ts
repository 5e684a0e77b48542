import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applySimilarity3, procrustes } from './procrustes.ts';

const angle = fc.double({ min: -1.2, max: 1.2, noNaN: true });

it('recovers any similarity between two point sets', () => {
  const points = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * 12.9898) * 50);
  const indices = Array.from({ length: 20 }, (_, i) => i);
  fc.assert(
    fc.property(angle, angle, angle, fc.double({ min: 0.2, max: 5, noNaN: true }), (yaw, pitch, roll, scale) => {
      const [cy, sy, cp, sp, cr, sr] = [yaw, pitch, roll].flatMap((a) => [Math.cos(a), Math.sin(a)]);
      const moved = new Float32Array(points.length);
      for (let i = 0; i < points.length; i += 3) {
        const [x, y, z] = [points[i], points[i + 1], points[i + 2]];
        const [x1, z1] = [cy * x + sy * z, -sy * x + cy * z];
        const [y2, z2] = [cp * y - sp * z1, sp * y + cp * z1];
        moved[i] = scale * (cr * x1 - sr * y2) + 7;
        moved[i + 1] = scale * (sr * x1 + cr * y2) - 3;
        moved[i + 2] = scale * z2 + 11;
      }
      const found = procrustes(points, moved, indices);
      expect(found.scale).toBeCloseTo(scale, 3);
      const laid = applySimilarity3(found, points);
      for (let i = 0; i < laid.length; i++) expect(Math.abs(laid[i] - moved[i])).toBeLessThan(0.02 * scale);
    }),
    { numRuns: 50 },
  );
});
