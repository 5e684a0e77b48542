import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.ts';

const RATE = 48_000;
const tone = (hertz: number) => (n: number) => Math.sin((2 * Math.PI * hertz * n) / RATE);
/** Without the beginning and the end, where a tone that is cut off has all frequencies. */
const inner = (samples: Float32Array): Float32Array => samples.subarray(2000, samples.length - 2000);

describe('downsampling', () => {
  it.each([100, 1000, 5000, 7600])('keeps a tone of %d Hz, over the borders of blocks too', (hertz) => {
    const samples = downsample(RATE * 4, tone(hertz), 3);
    expect(samples).toHaveLength((RATE * 4) / 3);
    let worst = 0;
    for (let n = 2000; n < samples.length - 2000; n++) {
      worst = Math.max(worst, Math.abs(samples[n]! - Math.sin((2 * Math.PI * hertz * n) / (RATE / 3))));
    }
    expect(worst).toBeLessThan(2e-3);
  });

  it.each([8500, 12_000, 20_000])('takes out a tone of %d Hz, which would sound as another', (hertz) => {
    const loudest = Math.max(...inner(downsample(RATE, tone(hertz), 3)).map(Math.abs));
    expect(loudest).toBeLessThan(1e-3);
  });

  it('keeps what is constant, and the number of samples', () => {
    expect(downsample(30_001, () => 0.25, 3)).toHaveLength(10_000);
    for (const sample of inner(downsample(30_000, () => 0.25, 3))) expect(sample).toBeCloseTo(0.25, 3);
    expect(downsample(0, () => 1, 3)).toHaveLength(0);
    expect(downsample(2, () => 1, 3)).toHaveLength(1);
  });
});
