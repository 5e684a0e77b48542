import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampPan, fitScale, visibleSize, widthFor, zoomAt } from './geometry.ts';

const size = fc.record({ width: fc.integer({ min: 100, max: 4000 }), height: fc.integer({ min: 100, max: 4000 }) });
const scale = fc.double({ min: 0.05, max: 16, noNaN: true });
const point = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });

describe('geometry of the stage', () => {
  it('fits a picture into its pane, with a margin', () => {
    expect(fitScale({ width: 832, height: 500 }, { width: 1600, height: 900 })).toBe(0.5);
    expect(fitScale({ width: 832, height: 482 }, { width: 1600, height: 900 })).toBe(0.5);
  });

  it('keeps what is under the pointer there', () => {
    fc.assert(
      fc.property(scale, scale, point, point, (before, after, pan, at) => {
        const next = zoomAt({ scale: before, pan }, after, at);
        expect(next.x + at.x / after).toBeCloseTo(pan.x + at.x / before, 6);
        expect(next.y + at.y / after).toBeCloseTo(pan.y + at.y / before, 6);
      }),
    );
  });

  it('never shows anything beside a picture that is larger than the pane', () => {
    fc.assert(
      fc.property(scale, size, size, point, (at, pane, picture, wanted) => {
        const pan = clampPan(wanted, at, pane, picture);
        const seen = visibleSize(at, pane, picture);
        expect(Math.abs(pan.x) + seen.width / at / 2).toBeLessThanOrEqual(picture.width / 2 + 1e-6);
        expect(Math.abs(pan.y) + seen.height / at / 2).toBeLessThanOrEqual(picture.height / 2 + 1e-6);
      }),
    );
  });

  it('asks for few widths, and never for more than there is', () => {
    expect([widthFor(100, 4000), widthFor(961, 4000), widthFor(5000, 4000), widthFor(800, 640)]).toEqual([
      480, 1440, 4000, 640,
    ]);
  });
});
