/** The mel spectrogram that Wav2Lip and EDTalk listen to, at 16 kHz. */
import { createFft } from './fft.ts';
import { hannWindow } from './hann.ts';

/** Samples a second that the spectrogram is made from. */
export const SPEECH_RATE = 16_000;
/** Numbers of a column, low pitch first. */
export const MEL_BANDS = 80;
/** Columns a second. */
export const MEL_COLUMNS_PER_SECOND = 80;
/** Columns that a model hears at once: 0.2 seconds. */
export const SLICE_COLUMNS = 16;

const WINDOW = 800;
const HOP = SPEECH_RATE / MEL_COLUMNS_PER_SECOND;
const BINS = WINDOW / 2 + 1;
const LOWEST_HERTZ = 55;
const HIGHEST_HERTZ = 7600;
/** Raises what is high and weak in speech. */
const PRE_EMPHASIS = 0.97;
/** Added to a time before it is cut to a column: time stamps are rounded. In columns. */
const ROUNDING = 1e-3;

/** A sound as loudness by pitch and time. 25.6 kB for a second. */
export interface MelSpectrogram {
  readonly columns: number;
  /** `columns * 80`, column by column; linear, 0 and above. */
  readonly values: Float32Array;
}

/**
 * Makes the spectrogram of a whole sound: as loud as can be, pre-emphasised, windows of 800 samples (Hann) every 200,
 * magnitudes over the sum of the window, 80 bands. Column n has its middle at n / 80 seconds. Memory beside the result
 * does not grow with the sound.
 * @param samples one channel, 16 kHz, any scale; not changed
 * @see FaceFusion 3.8.1; `scipy.signal.stft` with its defaults
 */
export function melSpectrogram(samples: Float32Array): MelSpectrogram {
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  const gain = loudest > 0 ? 1 / loudest : 0;
  const at = (n: number): number => (n >= 0 && n < samples.length ? samples[n]! * gain : 0);
  // What begins before the first sample is 0; the filter has its tail one sample behind the last, which is cut.
  const emphasised = (n: number): number => (n < 0 || n >= samples.length ? 0 : at(n) - PRE_EMPHASIS * at(n - 1));

  const columns = samples.length === 0 ? 0 : Math.ceil(samples.length / HOP) + 1;
  const values = new Float32Array(columns * MEL_BANDS);
  const window = hannWindow(WINDOW, 'periodic');
  const scale = 1 / window.reduce((sum, weight) => sum + weight, 0);
  const fft = createFft(WINDOW);
  const bands = melBands();
  const [real, imaginary] = [new Float64Array(WINDOW), new Float64Array(WINDOW)];
  const [first, second] = [new Float64Array(BINS), new Float64Array(BINS)];
  // Two windows at once, as the two parts of complex numbers.
  for (let column = 0; column < columns; column += 2) {
    const start = column * HOP - WINDOW / 2;
    for (let n = 0; n < WINDOW; n++) {
      real[n] = emphasised(start + n) * window[n]!;
      imaginary[n] = emphasised(start + HOP + n) * window[n]!;
    }
    fft.forward(real, imaginary);
    for (let k = 0; k < BINS; k++) {
      const mirror = k === 0 ? 0 : WINDOW - k;
      const [a, b, c, d] = [real[k]!, imaginary[k]!, real[mirror]!, imaginary[mirror]!];
      first[k] = (Math.hypot(a + c, b - d) / 2) * scale;
      second[k] = (Math.hypot(b + d, c - a) / 2) * scale;
    }
    sumBands(first, bands, values, column * MEL_BANDS);
    if (column + 1 < columns) sumBands(second, bands, values, (column + 1) * MEL_BANDS);
  }
  return { columns, values };
}

/** Weights of neighbouring bins from `start` on; none where a band is narrower than a bin. */
export interface MelBand {
  readonly start: number;
  readonly weights: readonly number[];
}

/**
 * The 80 bands: equal steps of HTK's mel scale between 55 and 7600 Hz, each a triangle from its own edge to the next, so
 * that they do not overlap. The models were trained with overlapping ones, but these are what FaceFusion gives them.
 */
export function melBands(): readonly MelBand[] {
  const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const toHertz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);
  const [low, high] = [toMel(LOWEST_HERTZ), toMel(HIGHEST_HERTZ)];
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, index) => {
    const mel = low + ((high - low) * index) / (MEL_BANDS + 1);
    return Math.floor(((WINDOW + 1) * toHertz(mel)) / SPEECH_RATE);
  });
  return Array.from({ length: MEL_BANDS }, (_, index) => {
    const start = edges[index]!;
    return { start, weights: triangle(edges[index + 1]! - start) };
  });
}

/** SciPy's `triang`: never 0, and 1 in the middle where it has one. */
function triangle(size: number): number[] {
  const slope = size % 2 === 0 ? 2 / size : 2 / (size + 1);
  const shift = size % 2 === 0 ? 0.5 : 1;
  return Array.from({ length: size }, (_, n) => slope * (Math.min(n, size - 1 - n) + shift));
}

function sumBands(spectrum: Float64Array, bands: readonly MelBand[], out: Float32Array, offset: number): void {
  for (let band = 0; band < MEL_BANDS; band++) {
    const { start, weights } = bands[band]!;
    let sum = 0;
    for (let n = 0; n < weights.length; n++) sum += weights[n]! * spectrum[start + n]!;
    out[offset + band] = sum;
  }
}

/**
 * What is heard from a time on, for 0.2 seconds: as FaceFusion takes it for a frame of a video with a constant rate, but
 * by the frame's own time, so that irregular frames keep in step and nothing ends after 409 seconds.
 * @param timeSeconds of the frame, from the beginning of the sound
 * @returns 80 x 16, a band a row: log10(loudness) * 1.6 + 3.2, cut to -4..4. Silence (-4) where there is no sound.
 *   Owned by the caller
 */
export function melSlice({ columns, values }: MelSpectrogram, timeSeconds: number): Float32Array {
  const first = Math.floor(timeSeconds * MEL_COLUMNS_PER_SECOND + ROUNDING);
  const out = new Float32Array(MEL_BANDS * SLICE_COLUMNS);
  for (let n = 0; n < SLICE_COLUMNS; n++) {
    const column = first + n;
    const isThere = column >= 0 && column < columns;
    for (let band = 0; band < MEL_BANDS; band++) {
      const loudness = isThere ? values[column * MEL_BANDS + band]! : 0;
      const level = Math.log10(Math.max(1e-5, loudness)) * 1.6 + 3.2;
      out[band * SLICE_COLUMNS + n] = Math.min(4, Math.max(-4, level));
    }
  }
  return out;
}
