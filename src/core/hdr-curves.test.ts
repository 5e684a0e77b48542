import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HDR_CURVES } from './hdr-curves.ts';

const signals = fc.double({ min: 0, max: 1, noNaN: true });

describe.each(['pq', 'hlg'] as const)('%s', (name) => {
  const curve = HDR_CURVES[name];

  it('undoes what it does', () => {
    fc.assert(
      fc.property(signals, (signal) => {
        const light = curve.toLight(signal);
        expect(curve.toSignal(light)).toBeCloseTo(signal, 5);
        expect(curve.fromDisplay(curve.toDisplay(light))).toBeCloseTo(light, 4);
      }),
    );
  });

  it('rises from black to white', () => {
    const shown = Array.from({ length: 257 }, (_, i) => curve.toDisplay(curve.toLight(i / 256)));
    expect(shown[0]).toBeCloseTo(0, 6);
    expect(shown.at(-1)).toBeCloseTo(1, 6);
    for (let i = 1; i < shown.length; i++) expect(shown[i]).toBeGreaterThan(shown[i - 1]!);
  });
});

describe('known values', () => {
  // BT.2408-7 table 1: the signals of 203 cd/m2.
  it('gives the reference white its signals, and shows it a little below white', () => {
    expect(HDR_CURVES.pq.toSignal(1)).toBeCloseTo(0.58, 2);
    expect(HDR_CURVES.hlg.toSignal(1)).toBeCloseTo(0.75, 6);
    for (const curve of [HDR_CURVES.pq, HDR_CURVES.hlg]) {
      expect(curve.toDisplay(1)).toBeGreaterThan(0.85);
      expect(curve.toDisplay(1)).toBeLessThan(0.93);
    }
  });

  it('shows skin as bright as in standard range', () => {
    // A third of the reference white; sRGB shows it as 0.61.
    expect(HDR_CURVES.pq.toDisplay(0.33)).toBeCloseTo(0.611, 2);
  });

  it('ends at the brightest light of each', () => {
    expect(HDR_CURVES.pq.peak * 203).toBeCloseTo(10_000, 3);
    expect(HDR_CURVES.hlg.peak * 203).toBeGreaterThan(950);
    expect(HDR_CURVES.hlg.peak * 203).toBeLessThan(1050);
  });
});
