// The smooth low band of a UV map of a face, with what is not skin left out. What the steps mean is told in
// mesh-swap/light.ts. A texel is one vector: R, G, B and weight.
import { blur } from './blur';
import { median } from './median';

/** Added to 8-bit values before ratios: as in mesh-swap/curves.ts. */
const DARK: f32 = 8;
/** Pull of the residuals' reference towards the mean, in units of weight. */
const RIDGE: f32 = 0.02;
/** Share of the mean colour and of wider bands that fills holes of each band. */
const WIDE_RIDGE: f32 = 0.005;
const MIDDLE_FALLBACK: f32 = 0.06;
const FINE_FALLBACK: f32 = 0.03;

/** Bytes of scratch memory that `lowBand` needs for this many texels. */
export function lowBandScratchBytes(count: i32): usize {
  return <usize>(count * 84);
}

/** Natural logarithm of four positive values, to seven digits. */
function log4(x: v128): v128 {
  // x = m 2^e with m in [1/sqrt 2, sqrt 2), then the series of 2 artanh((m - 1) / (m + 1)).
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const s2 = f32x4.mul(s, s);
  let series = f32x4.add(f32x4.mul(s2, f32x4.splat(<f32>(2.0 / 7))), f32x4.splat(<f32>(2.0 / 5)));
  series = f32x4.add(f32x4.mul(series, s2), f32x4.splat(<f32>(2.0 / 3)));
  series = f32x4.add(f32x4.mul(series, s2), f32x4.splat(2));
  const natural = f32x4.splat(<f32>Math.LN2);
  return f32x4.add(f32x4.mul(series, s), f32x4.mul(f32x4.convert_i32x4_s(exponent), natural));
}

/** Hermite step of four values between two limits, given the lower one and one over their distance. */
function step4(value: v128, from: f32, inverse: f32): v128 {
  const t = f32x4.mul(f32x4.sub(value, f32x4.splat(from)), f32x4.splat(inverse));
  const c = f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), t));
  return f32x4.mul(f32x4.mul(c, c), f32x4.sub(f32x4.splat(3), f32x4.add(c, c)));
}

/** One texel's colour, and 1 in the last lane. The load takes one float of what follows. */
function colourAt(colour: usize, i: i32): v128 {
  return f32x4.replace_lane(v128.load(colour + <usize>(i * 12)), 3, 1);
}

/** Blurs colour times weight, and the weight. */
function blurWeighted(
  colour: usize,
  current: usize,
  size: i32,
  radius: i32,
  passes: i32,
  into: usize,
  turned: usize,
): void {
  const count = size * size;
  for (let i = 0; i < count; i++) {
    const weight = v128.load32_splat(current + ((<usize>i) << 2));
    v128.store(into + ((<usize>i) << 4), f32x4.mul(colourAt(colour, i), weight));
  }
  blur(into, turned, size, size, 4, radius, passes);
}

/** A band over its weight, where that is thin more and more of a fallback. */
function filled(band: usize, i: i32, fallback: v128, share: f32): v128 {
  const value = v128.load(band + ((<usize>i) << 4));
  const weight = i32x4.shuffle(value, value, 3, 3, 3, 3);
  const shares = f32x4.splat(share);
  return f32x4.div(f32x4.add(value, f32x4.mul(fallback, shares)), f32x4.add(weight, shares));
}

/** Three rounds of: blur what counts as skin, measure residuals, lower the weight of what stands out. */
function findOutliers(
  colour: usize,
  weight: usize,
  size: i32,
  centre: usize,
  outliers: usize,
  current: usize,
  blurred: usize,
  turned: usize,
  mean: v128,
  wideRadius: i32,
  radius: i32,
  passes: i32,
): void {
  const count = size * size;
  // Taken where `turned` is free between two blurs.
  const lumas = turned;
  const chromas = lumas + ((<usize>count) << 2);
  const lumaSizes = chromas + ((<usize>count) << 2);
  const chromaSizes = lumaSizes + ((<usize>count) << 2);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    v128.store(current + i, f32x4.mul(v128.load(weight + i), v128.load(centre + i)));
  }
  for (let round = 0; round < 3; round++) {
    blurWeighted(colour, current, size, round > 1 ? radius : wideRadius, passes, blurred, turned);
    let counted = 0;
    for (let i = 0; i < count; i++) {
      const at = (<usize>i) << 2;
      const w = load<f32>(weight + at);
      if (w <= 0) {
        store<f32>(lumas + at, 0);
        store<f32>(chromas + at, 0);
        continue;
      }
      const reference = f32x4.add(filled(blurred, i, mean, RIDGE), f32x4.splat(DARK));
      const ratio = log4(f32x4.div(f32x4.add(colourAt(colour, i), f32x4.splat(DARK)), reference));
      const r = f32x4.extract_lane(ratio, 0);
      const g = f32x4.extract_lane(ratio, 1);
      const b = f32x4.extract_lane(ratio, 2);
      const luma: f32 = (r + 2 * g + b) * 0.25;
      const chroma: f32 = abs(r - g) + abs(b - g) * 0.5;
      store<f32>(lumas + at, luma);
      store<f32>(chromas + at, chroma);
      if (w > <f32>0.3) {
        store<f32>(lumaSizes + ((<usize>counted) << 2), abs(luma));
        store<f32>(chromaSizes + ((<usize>counted) << 2), chroma);
        counted++;
      }
    }
    // Hard or coloured light widens the tolerance. By the median: a mean would let hair widen it too.
    const first: f32 = round === 0 ? 1.25 : 1;
    const kl = min(<f32>1.8, max(<f32>1, median(lumaSizes, counted) / <f32>0.13)) * first;
    const kc = min(<f32>2, max(<f32>1, median(chromaSizes, counted) / <f32>0.06)) * first;
    const farLuma: f32 = <f32>1 / (<f32>0.35 * kl);
    const farChroma: f32 = <f32>1 / (<f32>0.22 * kc);
    const nearLuma: f32 = <f32>1 / (<f32>0.2 * kl);
    const nearChroma: f32 = <f32>1 / (<f32>0.08 * kc);
    for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
      const luma = v128.load(lumas + i);
      const chroma = v128.load(chromas + i);
      const far = step4(f32x4.abs(luma), <f32>0.45 * kl, farLuma);
      const strange = step4(chroma, <f32>0.2 * kc, farChroma);
      const both = f32x4.mul(
        step4(f32x4.neg(luma), <f32>0.25 * kl, nearLuma),
        step4(chroma, <f32>0.06 * kc, nearChroma),
      );
      const out = f32x4.pmax(far, f32x4.pmax(strange, both));
      v128.store(outliers + i, out);
      v128.store(current + i, f32x4.mul(v128.load(weight + i), f32x4.sub(f32x4.splat(1), out)));
    }
  }
}

/**
 * @param colour   `size` x `size` x 3 f32, RGB 0..255; `size` is a multiple of 4
 * @param weight   f32 a texel, 0..1
 * @param outliers f32 a texel: written, or read where `known` is not 0
 * @param centre   f32 a texel, weight of the first round
 * @param light    RGB f32 a texel, written
 * @param scratch  `lowBandScratchBytes` bytes
 * @param outlierWide, outlierRadius, wideRadius, lumaRadius, chromaRadius of the boxes that blur, `passes` of them each
 */
export function lowBand(
  colour: usize,
  weight: usize,
  size: i32,
  outliers: usize,
  known: i32,
  centre: usize,
  light: usize,
  scratch: usize,
  outlierWide: i32,
  outlierRadius: i32,
  wideRadius: i32,
  lumaRadius: i32,
  chromaRadius: i32,
  passes: i32,
): void {
  const count = size * size;
  const texels = (<usize>count) << 4;
  const current = scratch;
  const widest = current + ((<usize>count) << 2);
  const lumaBand = widest + texels;
  const chromaBand = lumaBand + texels;
  const turned = chromaBand + texels;
  let total = f32x4.splat(0);
  for (let y = 0; y < size; y++) {
    let row = f32x4.splat(0);
    for (let i = y * size; i < (y + 1) * size; i++) {
      row = f32x4.add(row, f32x4.mul(colourAt(colour, i), v128.load32_splat(weight + ((<usize>i) << 2))));
    }
    total = f32x4.add(total, row);
  }
  const mean = f32x4.div(total, f32x4.splat(f32x4.extract_lane(total, 3) + <f32>1e-6));
  if (known) {
    for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
      const skin = f32x4.sub(f32x4.splat(1), v128.load(outliers + i));
      v128.store(current + i, f32x4.mul(v128.load(weight + i), skin));
    }
  } else {
    findOutliers(
      colour,
      weight,
      size,
      centre,
      outliers,
      current,
      widest,
      turned,
      mean,
      outlierWide,
      outlierRadius,
      passes,
    );
  }
  blurWeighted(colour, current, size, wideRadius, passes, widest, turned);
  blurWeighted(colour, current, size, lumaRadius, passes, lumaBand, turned);
  blurWeighted(colour, current, size, chromaRadius, passes, chromaBand, turned);
  for (let i = 0; i < count; i++) {
    const wide = filled(widest, i, mean, WIDE_RIDGE);
    const middle = filled(lumaBand, i, wide, MIDDLE_FALLBACK);
    const fine = filled(chromaBand, i, middle, FINE_FALLBACK);
    // Luma of the wider band, chroma of the finer: coloured light changes faster over a face than brightness should.
    const share = f32x4(0.3, 0.59, 0.11, 0);
    const gain = (sum4(f32x4.mul(middle, share)) + DARK) / (sum4(f32x4.mul(fine, share)) + DARK);
    const lit = f32x4.sub(f32x4.mul(f32x4.add(fine, f32x4.splat(DARK)), f32x4.splat(gain)), f32x4.splat(DARK));
    const value = f32x4.pmax(f32x4.splat(0), lit);
    const place = light + <usize>(i * 12);
    v128.store64_lane(place, value, 0);
    v128.store32_lane(place, value, 2, 8);
  }
}

function sum4(v: v128): f32 {
  const pairs = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
