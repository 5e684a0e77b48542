import { describe, expect, it } from 'vitest';
import { judge, LIMITS, type MeasureName, worstVerdict } from './measures.ts';

describe('judge', () => {
  it('knows which way is better, and counts the limit itself as reached', () => {
    expect(judge('psnr', 30)).toEqual({ value: 30, wanted: '>= 30', verdict: 'good' });
    expect(judge('psnr', 29.9).verdict).toBe('fair');
    expect(judge('psnr', 25.9).verdict).toBe('poor');
    expect(judge('seam', 1.12)).toEqual({ value: 1.12, wanted: '<= 1.12', verdict: 'good' });
    expect(judge('seam', 1.2).verdict).toBe('fair');
    expect(judge('seam', 1.3).verdict).toBe('poor');
    expect(judge('outsideChanged', 0).verdict).toBe('good');
    expect(judge('outsideChanged', 1).verdict).toBe('poor');
  });

  it('has fair limits on the worse side of the good ones', () => {
    for (const name of Object.keys(LIMITS) as MeasureName[]) {
      const { better, good, fair } = LIMITS[name];
      expect(better === 'high' ? fair <= good : fair >= good, name).toBe(true);
    }
  });
});

describe('worstVerdict', () => {
  it('takes the worst and leaves second opinions aside', () => {
    const measures = {
      psnr: judge('psnr', 40),
      seam: judge('seam', 1.2),
      identitySecondOpinion: judge('identitySecondOpinion', 0),
    };
    expect(measures.identitySecondOpinion).toMatchObject({ verdict: 'poor', secondOpinion: true });
    expect(worstVerdict(measures)).toBe('fair');
    expect(worstVerdict({ ...measures, jitter: judge('jitter', 9) })).toBe('poor');
    expect(worstVerdict({ psnr: measures.psnr })).toBe('good');
  });
});
