// The invisible mark: the picture in its canonical size, the strength in each cell, and the pattern added to the samples.
// Constants are those of src/engine/watermark.

/**
 * Averages the samples under each cell.
 * @param luma   u8, or u16 where `deep` is 1; `width * height`
 * @param to     f32, `columns * rows`, in units of 8 bits
 * @param starts i32 each: first and behind the last sample of each column of cells, then of each row of cells
 * @param sums   scratch: i32, `width + 5`
 */
export function canonicalLuma(
  luma: usize,
  width: i32,
  to: usize,
  columns: i32,
  rows: i32,
  starts: usize,
  sums: usize,
  deep: i32,
): void {
  const columnEnds = starts + ((<usize>columns) << 2);
  const rowStarts = columnEnds + ((<usize>columns) << 2);
  const rowEnds = rowStarts + ((<usize>rows) << 2);
  const unit: f32 = deep ? 0.25 : 1.0;
  for (let y = 0; y < rows; y++) {
    const top = load<i32>(rowStarts + ((<usize>y) << 2));
    const bottom = load<i32>(rowEnds + ((<usize>y) << 2));
    // One more before the first, for the sum up to each sample.
    memory.fill(sums, 0, (<usize>(width + 5)) << 2);
    const first = sums + 4;
    for (let row = top; row < bottom; row++) {
      if (deep) addDeepRow(luma + ((<usize>(row * width)) << 1), first, width);
      else addRow(luma + <usize>(row * width), first, width);
    }
    let sum = 0;
    for (let x = 0; x < width; x++) {
      const at = first + ((<usize>x) << 2);
      sum += load<i32>(at);
      store<i32>(at, sum);
    }
    const out = to + ((<usize>(y * columns)) << 2);
    for (let x = 0; x < columns; x++) {
      const start = load<i32>(starts + ((<usize>x) << 2));
      const end = load<i32>(columnEnds + ((<usize>x) << 2));
      const total = load<i32>(sums + ((<usize>end) << 2)) - load<i32>(sums + ((<usize>start) << 2));
      store<f32>(out + ((<usize>x) << 2), (<f32>total * unit) / <f32>((bottom - top) * (end - start)));
    }
  }
}

function addRow(from: usize, sums: usize, width: i32): void {
  let x = 0;
  for (; x + 16 <= width; x += 16) {
    const bytes = v128.load(from + <usize>x);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    const at = sums + ((<usize>x) << 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(low)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(low)), 16);
    v128.store(at, i32x4.add(v128.load(at, 32), i32x4.extend_low_i16x8_u(high)), 32);
    v128.store(at, i32x4.add(v128.load(at, 48), i32x4.extend_high_i16x8_u(high)), 48);
  }
  for (; x < width; x++) {
    const at = sums + ((<usize>x) << 2);
    store<i32>(at, load<i32>(at) + <i32>load<u8>(from + <usize>x));
  }
}

function addDeepRow(from: usize, sums: usize, width: i32): void {
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const samples = v128.load(from + ((<usize>x) << 1));
    const at = sums + ((<usize>x) << 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(samples)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(samples)), 16);
  }
  for (; x < width; x++) {
    const at = sums + ((<usize>x) << 2);
    store<i32>(at, load<i32>(at) + <i32>load<u16>(from + ((<usize>x) << 1)));
  }
}

/** How far each value is from its mean: `to = |values - means|`; all f32, `count` of them. */
export function absoluteDifference(values: usize, means: usize, to: usize, count: i32): void {
  let at: usize = 0;
  const end = (<usize>(count & ~3)) << 2;
  for (; at < end; at += 16) {
    v128.store(to + at, f32x4.abs(f32x4.sub(v128.load(values + at), v128.load(means + at))));
  }
  for (; at < (<usize>count) << 2; at += 4) {
    store<f32>(to + at, abs<f32>(load<f32>(values + at) - load<f32>(means + at)));
  }
}

/**
 * The pattern of each cell: its sign, a little stronger where there is detail. Much stronger there would be no more visible
 * but far from what is read: it is the smooth and the small pictures that lose their mark first.
 * @param activity f32, mean detail around each cell; overwritten with the pattern
 * @param tile     f32, 64 x 64 signs
 */
export function watermarkPattern(activity: usize, tile: usize, columns: i32, rows: i32, strength: f32): void {
  const least = f32x4.splat(1);
  const slope = f32x4.splat(0.04);
  const most = f32x4.splat(1.25);
  const scale = f32x4.splat(strength);
  for (let y = 0; y < rows; y++) {
    const line = (<usize>(y * columns)) << 2;
    const signs = tile + ((<usize>((y & 63) << 6)) << 2);
    let x = 0;
    // Tiles begin at multiples of four, so that four cells have their signs side by side.
    for (; x + 4 <= columns; x += 4) {
      const at = line + ((<usize>x) << 2);
      const gain = f32x4.min(most, f32x4.add(least, f32x4.mul(slope, v128.load(activity + at))));
      v128.store(activity + at, f32x4.mul(f32x4.mul(gain, scale), v128.load(signs + ((<usize>(x & 63)) << 2))));
    }
    for (; x < columns; x++) {
      const at = line + ((<usize>x) << 2);
      const gain = min<f32>(1.25, 1 + 0.04 * load<f32>(activity + at));
      store<f32>(activity + at, gain * strength * load<f32>(signs + ((<usize>(x & 63)) << 2)));
    }
  }
}

/**
 * Enlarges the pattern bilinearly and adds it to the samples. Each is rounded by a number of its own.
 * @param luma    u8, or u16 where `deep` is 1; changed in place
 * @param pattern f32, `columns * rows`, in the samples' units
 * @param column  i32, `width`: cell left of each sample
 * @param part    f32, `width`: how far the sample is from that cell, 0..1
 * @param dither  i16, `ditherLength + width + 8`: below `1 << fractionBits`
 * @param lines   scratch: i16, `2 * (width + 8)`
 */
export function addWatermark(
  luma: usize,
  width: i32,
  height: i32,
  pattern: usize,
  columns: i32,
  rows: i32,
  column: usize,
  part: usize,
  dither: usize,
  ditherMask: i32,
  ditherStep: i32,
  lines: usize,
  deep: i32,
): void {
  const fractionBits = deep ? 4 : 6;
  const unit: f32 = <f32>(1 << fractionBits);
  const stride = (<usize>(width + 8)) << 1;
  let known = -2;
  for (let y = 0; y < height; y++) {
    const position = max<f64>(0, min<f64>(<f64>rows - 1.001, ((<f64>y + 0.5) * <f64>rows) / <f64>height - 0.5));
    const above = <i32>position;
    // Two lines of the pattern, enlarged across, alternate.
    if (above !== known) {
      if (above !== known + 1)
        enlargeRow(pattern, columns, above, column, part, lines + <usize>(above & 1) * stride, width, unit);
      const below = min(rows - 1, above + 1);
      enlargeRow(pattern, columns, below, column, part, lines + <usize>((above + 1) & 1) * stride, width, unit);
      known = above;
    }
    const a = lines + <usize>(above & 1) * stride;
    const b = lines + <usize>((above + 1) & 1) * stride;
    const weight = i16x8.splat(<i16>((position - <f64>above) * 32767));
    const noise = dither + ((<usize>((y * ditherStep) & ditherMask)) << 1);
    if (deep) addDeepLine(luma + ((<usize>(y * width)) << 1), a, b, weight, noise, width);
    else addLine(luma + <usize>(y * width), a, b, weight, noise, width);
  }
}

/** One row of cells at the width of the picture, in fixed point. */
function enlargeRow(
  pattern: usize,
  columns: i32,
  row: i32,
  column: usize,
  part: usize,
  to: usize,
  width: i32,
  unit: f32,
): void {
  const from = pattern + ((<usize>(row * columns)) << 2);
  for (let x = 0; x < width; x++) {
    const at = (<usize>x) << 2;
    const cell = from + ((<usize>load<i32>(column + at)) << 2);
    const left = load<f32>(cell);
    const value = left + (load<f32>(cell, 4) - left) * load<f32>(part + at);
    store<i16>(to + ((<usize>x) << 1), <i16>nearest<f32>(value * unit));
  }
}

/** Eight values of the pattern between two lines, with what rounds each. */
function between(a: usize, b: usize, weight: v128, noise: usize, x: i32): v128 {
  const at = (<usize>x) << 1;
  const first = v128.load(a + at);
  const step = i16x8.q15mulr_sat_s(i16x8.sub(v128.load(b + at), first), weight);
  return i16x8.add(i16x8.add(first, step), v128.load(noise + at));
}

function addLine(luma: usize, a: usize, b: usize, weight: v128, noise: usize, width: i32): void {
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const at = luma + <usize>x;
    const sum = i16x8.add(i16x8.shl(v128.load8x8_u(at), 6), between(a, b, weight, noise, x));
    const rounded = i16x8.shr_s(sum, 6);
    v128.store64_lane(at, i8x16.narrow_i16x8_u(rounded, rounded), 0);
  }
  for (; x < width; x++) {
    const value = i16x8.extract_lane_s(between(a, b, weight, noise, x), 0);
    const at = luma + <usize>x;
    store<u8>(at, <u8>min(255, max(0, (((<i32>load<u8>(at)) << 6) + <i32>value) >> 6)));
  }
}

function addDeepLine(luma: usize, a: usize, b: usize, weight: v128, noise: usize, width: i32): void {
  const largest = i16x8.splat(1023);
  const zero = i16x8.splat(0);
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const at = luma + ((<usize>x) << 1);
    const sum = i16x8.add(i16x8.shl(v128.load(at), 4), between(a, b, weight, noise, x));
    v128.store(at, i16x8.max_s(zero, i16x8.min_s(largest, i16x8.shr_s(sum, 4))));
  }
  for (; x < width; x++) {
    const value = i16x8.extract_lane_s(between(a, b, weight, noise, x), 0);
    const at = luma + ((<usize>x) << 1);
    store<u16>(at, <u16>min(1023, max(0, (((<i32>load<u16>(at)) << 4) + <i32>value) >> 4)));
  }
}
