/** The discrete Fourier transform for sizes whose only prime factors are 2, 3 and 5. */
import { AppError } from '../../core/errors.ts';

/** Transforms of one size; both write in place and use memory of their own, so one call at a time. */
export interface Fft {
  readonly size: number;
  /** X[k] = sum over n of x[n] exp(-2 pi i k n / size). Both arrays have `size` numbers. */
  forward(real: Float64Array, imaginary: Float64Array): void;
  /** Undoes `forward`, the division by `size` included. */
  inverse(real: Float64Array, imaginary: Float64Array): void;
}

/** One step of the transform, over `count` groups of `stride` numbers. */
type Stage = (
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  count: number,
  stride: number,
) => void;

/**
 * Plans a transform. Memory: four times `size` doubles.
 * @throws INTERNAL for a size with other prime factors
 * @see Stockham's autosort algorithm, as in Van Loan, "Computational Frameworks for the FFT", 1992, §1.7
 */
export function createFft(size: number): Fft {
  const radices = factorsOf(size);
  const cos = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  const workReal = new Float64Array(size);
  const workImaginary = new Float64Array(size);
  const stages: Readonly<Record<number, Stage>> = {
    2: radix2(cos, sin),
    3: oddRadix(3, cos, sin),
    4: radix4(cos, sin),
    5: oddRadix(5, cos, sin),
  };

  const forward = (real: Float64Array, imaginary: Float64Array): void => {
    let [xr, xi] = [real, imaginary];
    let [yr, yi]: [Float64Array, Float64Array] = [workReal, workImaginary];
    let left = size;
    let stride = 1;
    for (const radix of radices) {
      left /= radix;
      stages[radix]!(xr, xi, yr, yi, left, stride);
      stride *= radix;
      [xr, xi, yr, yi] = [yr, yi, xr, xi];
    }
    if (xr === real) return;
    real.set(xr);
    imaginary.set(xi);
  };

  return {
    size,
    forward,
    inverse(real, imaginary) {
      // With the parts exchanged the exponent changes its sign.
      forward(imaginary, real);
      for (let k = 0; k < size; k++) {
        real[k]! /= size;
        imaginary[k]! /= size;
      }
    },
  };
}

/** Fours first: they take the fewest operations. */
function factorsOf(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (const factor of [4, 2, 3, 5]) {
    while (rest > 1 && rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    }
  }
  if (rest === 1 && Number.isInteger(size)) return factors;
  throw new AppError('INTERNAL', `Expected a size made of 2, 3 and 5 for a Fourier transform, received ${size}.`);
}

const radix2 =
  (cos: Float64Array, sin: Float64Array): Stage =>
  (xr, xi, yr, yi, count, stride) => {
    for (let p = 0; p < count; p++) {
      const wr = cos[p * stride]!;
      const wi = sin[p * stride]!;
      for (let q = 0; q < stride; q++) {
        const a = q + stride * p;
        const b = a + stride * count;
        const to = q + stride * 2 * p;
        const r = xr[a]! - xr[b]!;
        const i = xi[a]! - xi[b]!;
        yr[to] = xr[a]! + xr[b]!;
        yi[to] = xi[a]! + xi[b]!;
        yr[to + stride] = r * wr - i * wi;
        yi[to + stride] = r * wi + i * wr;
      }
    }
  };

const radix4 =
  (cos: Float64Array, sin: Float64Array): Stage =>
  (xr, xi, yr, yi, count, stride) => {
    const step = stride * count;
    for (let p = 0; p < count; p++) {
      const w1r = cos[p * stride]!;
      const w1i = sin[p * stride]!;
      const w2r = cos[2 * p * stride]!;
      const w2i = sin[2 * p * stride]!;
      const w3r = cos[3 * p * stride]!;
      const w3i = sin[3 * p * stride]!;
      for (let q = 0; q < stride; q++) {
        const a = q + stride * p;
        const b = a + step;
        const c = b + step;
        const d = c + step;
        const to = q + stride * 4 * p;
        const acr = xr[a]! + xr[c]!;
        const aci = xi[a]! + xi[c]!;
        const bdr = xr[b]! + xr[d]!;
        const bdi = xi[b]! + xi[d]!;
        const amr = xr[a]! - xr[c]!;
        const ami = xi[a]! - xi[c]!;
        const bmr = xr[b]! - xr[d]!;
        const bmi = xi[b]! - xi[d]!;
        yr[to] = acr + bdr;
        yi[to] = aci + bdi;
        const r1 = amr + bmi;
        const i1 = ami - bmr;
        yr[to + stride] = r1 * w1r - i1 * w1i;
        yi[to + stride] = r1 * w1i + i1 * w1r;
        const r2 = acr - bdr;
        const i2 = aci - bdi;
        yr[to + 2 * stride] = r2 * w2r - i2 * w2i;
        yi[to + 2 * stride] = r2 * w2i + i2 * w2r;
        const r3 = amr - bmi;
        const i3 = ami + bmr;
        yr[to + 3 * stride] = r3 * w3r - i3 * w3i;
        yi[to + 3 * stride] = r3 * w3i + i3 * w3r;
      }
    }
  };

/** Sums and differences of opposite terms halve the work of a transform of 3 or 5. */
const oddRadix = (radix: 3 | 5, cos: Float64Array, sin: Float64Array): Stage => {
  const half = (radix - 1) / 2;
  const c = Float64Array.from({ length: radix }, (_, k) => Math.cos((2 * Math.PI * k) / radix));
  const s = Float64Array.from({ length: radix }, (_, k) => Math.sin((2 * Math.PI * k) / radix));
  const plusR = new Float64Array(half + 1);
  const plusI = new Float64Array(half + 1);
  const minusR = new Float64Array(half + 1);
  const minusI = new Float64Array(half + 1);
  return (xr, xi, yr, yi, count, stride) => {
    const step = stride * count;
    const size = cos.length;
    for (let p = 0; p < count; p++) {
      for (let q = 0; q < stride; q++) {
        const from = q + stride * p;
        const to = q + stride * radix * p;
        let sumR = xr[from]!;
        let sumI = xi[from]!;
        for (let k = 1; k <= half; k++) {
          const a = from + k * step;
          const b = from + (radix - k) * step;
          plusR[k] = xr[a]! + xr[b]!;
          plusI[k] = xi[a]! + xi[b]!;
          minusR[k] = xr[a]! - xr[b]!;
          minusI[k] = xi[a]! - xi[b]!;
          sumR += plusR[k]!;
          sumI += plusI[k]!;
        }
        yr[to] = sumR;
        yi[to] = sumI;
        for (let j = 1; j <= half; j++) {
          let evenR = xr[from]!;
          let evenI = xi[from]!;
          let oddR = 0;
          let oddI = 0;
          for (let k = 1; k <= half; k++) {
            const at = (j * k) % radix;
            evenR += plusR[k]! * c[at]!;
            evenI += plusI[k]! * c[at]!;
            oddR += minusI[k]! * s[at]!;
            oddI -= minusR[k]! * s[at]!;
          }
          turn(yr, yi, to + j * stride, evenR + oddR, evenI + oddI, (j * p * stride) % size);
          turn(yr, yi, to + (radix - j) * stride, evenR - oddR, evenI - oddI, ((radix - j) * p * stride) % size);
        }
      }
    }
  };

  function turn(yr: Float64Array, yi: Float64Array, at: number, r: number, i: number, angle: number): void {
    yr[at] = r * cos[angle]! - i * sin[angle]!;
    yi[at] = r * sin[angle]! + i * cos[angle]!;
  }
};
