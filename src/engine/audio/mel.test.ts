import { describe, expect, it } from 'vitest';
import { MEL_BANDS, melBands, melSlice, melSpectrogram, SLICE_COLUMNS } from './mel.ts';

const RATE = 16_000;
const BIN_HERTZ = RATE / 800;

describe('mel bands', () => {
  it('lie side by side from 55 to below 7600 Hz, each a triangle', () => {
    const bands = melBands();
    expect(bands).toHaveLength(MEL_BANDS);
    expect(bands[0]!.start).toBe(Math.floor((801 * 55) / RATE));
    for (const [index, { start, weights }] of bands.entries()) {
      expect(bands[index + 1]?.start ?? start + weights.length).toBe(start + weights.length);
      expect(weights).toEqual(weights.toReversed());
    }
    const last = bands.at(-1)!;
    expect(last.start + last.weights.length).toBeLessThan(7600 / BIN_HERTZ);
    // As SciPy makes them.
    expect(bands.find(({ weights }) => weights.length === 4)?.weights).toEqual([0.25, 0.75, 0.75, 0.25]);
    expect(bands.find(({ weights }) => weights.length === 5)?.weights.map((w) => Math.round(w * 3))).toEqual([
      1, 2, 3, 2, 1,
    ]);
  });
});

describe('a mel spectrogram', () => {
  it('of a tone has its loudness in its bands: half of it in its bin, a quarter in either neighbour', () => {
    const bin = 100;
    const omega = (2 * Math.PI * bin) / 800;
    const { columns, values } = melSpectrogram(
      Float32Array.from({ length: RATE }, (_, n) => 0.3 * Math.sin(omega * n)),
    );
    expect(columns).toBe(81);
    // Pre-emphasis at the tone's own frequency; a window shows its neighbours at the same gain.
    const gain = Math.hypot(1 - 0.97 * Math.cos(omega), 0.97 * Math.sin(omega));
    const column = values.subarray(40 * MEL_BANDS, 41 * MEL_BANDS);
    melBands().forEach(({ start, weights }, band) => {
      const share = (at: number): number => (at === bin ? 0.5 : Math.abs(at - bin) === 1 ? 0.25 : 0);
      const expected = weights.reduce((sum, weight, n) => sum + weight * share(start + n) * gain, 0);
      expect(column[band]).toBeCloseTo(expected, 4);
    });
  });

  it('does not depend on how loud the sound is, and silence stays silent', () => {
    const sound = Float32Array.from({ length: 4000 }, (_, n) => Math.sin(n / 3) * Math.sin(n / 900));
    const loud = melSpectrogram(sound);
    const quiet = melSpectrogram(sound.map((sample) => sample / 64));
    for (const [at, value] of loud.values.entries()) expect(quiet.values[at]).toBeCloseTo(value, 5);
    expect(melSpectrogram(new Float32Array(4000)).values.every((value) => value === 0)).toBe(true);
    expect(melSpectrogram(new Float32Array(0)).columns).toBe(0);
  });
});

describe('what is heard at a frame', () => {
  /** A spectrogram in which column n has its own loudness in every band. */
  const counting = (columns: number, loudness: (column: number) => number) => {
    const values = new Float32Array(columns * MEL_BANDS);
    for (let column = 0; column < columns; column++)
      values.fill(loudness(column), column * MEL_BANDS, (column + 1) * MEL_BANDS);
    return { columns, values };
  };
  const level = (loudness: number): number => Math.log10(loudness) * 1.6 + 3.2;

  it.each([25, 30, 50, 60])('is what FaceFusion gives frame n at %d frames a second', (fps) => {
    const loudness = (column: number): number => 0.001 + column / 1000;
    const mel = counting(800, loudness);
    // Of the columns 0, 80 / fps, 2 * 80 / fps …, frame n ends at the n-th that is 16 or more.
    const ends = Array.from({ length: 400 }, (_, n) => Math.floor((n * 80) / fps + 1e-9)).filter((end) => end >= 16);
    for (const n of [0, 1, 2, 7, 24, 25, 61]) {
      const slice = melSlice(mel, n / fps);
      for (let column = 0; column < SLICE_COLUMNS; column++) {
        expect(slice[column]).toBeCloseTo(level(loudness(ends[n]! - 16 + column)), 4);
      }
    }
  });

  it('is found after an hour: columns are not counted in 16 bits', () => {
    const columns = 80 * 3700;
    const values = new Float32Array(columns * MEL_BANDS);
    values.fill(0.1, 80 * 3600 * MEL_BANDS, (80 * 3600 + 1) * MEL_BANDS);
    const slice = melSlice({ columns, values }, 3600);
    expect(slice[0]).toBeCloseTo(level(0.1), 5);
    expect(slice[1]).toBe(-4);
  });

  it('is silence before the sound, behind it and where it is too quiet', () => {
    const mel = counting(100, () => 0.1);
    expect([...melSlice(mel, 2)]).toEqual(new Array(MEL_BANDS * SLICE_COLUMNS).fill(-4));
    const end = melSlice(mel, 1.2);
    expect([end[3]! > -4, end[4]]).toEqual([true, -4]);
    expect(melSlice(mel, -0.1)[0]).toBe(-4);
    expect(
      melSlice(
        counting(20, () => 1e-7),
        0,
      )[0],
    ).toBe(-4);
    expect(
      melSlice(
        counting(20, () => 1000),
        0,
      )[0],
    ).toBe(4);
  });
});
