// Planar 4:2:0 to packed RGB and back, sixteen pixels of two rows at a time, in 16-bit fixed point.
// Planes and pictures hold exactly one region: rows follow each other without a gap.

/** Columns that one step handles. Wider regions end with a step that overlaps the one before. */
const STEP: i32 = 16;

/** Rows of a region narrower than a step are staged here: four of RGB, then two of luma, then U and V. */
const STAGE = memory.data(4 * 48 + 2 * 16 + 16, 16);
const STAGE_LUMA = STAGE + 192;
const STAGE_CHROMA = STAGE + 224;

/** Sixteen bytes of three vectors, each spread by its own mask. */
function merge(a: v128, b: v128, c: v128, aMask: v128, bMask: v128, cMask: v128): v128 {
  return v128.or(v128.or(i8x16.swizzle(a, aMask), i8x16.swizzle(b, bMask)), i8x16.swizzle(c, cMask));
}

/** Writes 16 pixels as packed RGB to two places. */
function interleave(to: usize, copy: usize, r: v128, g: v128, b: v128): void {
  const v0 = merge(
    r,
    g,
    b,
    i8x16(0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1, 5),
    i8x16(-1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1),
    i8x16(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1),
  );
  const v1 = merge(
    r,
    g,
    b,
    i8x16(-1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10, -1),
    i8x16(5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10),
    i8x16(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1),
  );
  const v2 = merge(
    r,
    g,
    b,
    i8x16(-1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1, -1),
    i8x16(-1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1),
    i8x16(10, -1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15),
  );
  v128.store(to, v0);
  v128.store(to, v1, 16);
  v128.store(to, v2, 32);
  v128.store(copy, v0);
  v128.store(copy, v1, 16);
  v128.store(copy, v2, 32);
}

// One channel of 16 packed pixels from the three vectors that hold them.
function redOf(a: v128, b: v128, c: v128): v128 {
  return merge(
    a,
    b,
    c,
    i8x16(0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 4, 7, 10, 13),
  );
}
function greenOf(a: v128, b: v128, c: v128): v128 {
  return merge(
    a,
    b,
    c,
    i8x16(1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2, 5, 8, 11, 14),
  );
}
function blueOf(a: v128, b: v128, c: v128): v128 {
  return merge(
    a,
    b,
    c,
    i8x16(2, 5, 8, 11, 14, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, 1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1),
    i8x16(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 3, 6, 9, 12, 15),
  );
}

/** One channel of 16 pixels from luma and its chroma term, both with six fractional bits. */
function channel(lumaLow: v128, lumaHigh: v128, chroma: v128): v128 {
  const low = i16x8.add_sat_s(lumaLow, i16x8.shuffle(chroma, chroma, 0, 0, 1, 1, 2, 2, 3, 3));
  const high = i16x8.add_sat_s(lumaHigh, i16x8.shuffle(chroma, chroma, 4, 4, 5, 5, 6, 6, 7, 7));
  return i8x16.narrow_i16x8_u(i16x8.shr_s(low, 6), i16x8.shr_s(high, 6));
}

/**
 * Converts a region. Chroma is repeated, not interpolated.
 * Coefficients have 16 fractional bits, as in frames/yuv.ts.
 * @param to, copy the packed pictures, which get the same pixels
 */
export function i420ToRgb(
  luma: usize,
  u: usize,
  v: usize,
  to: usize,
  copy: usize,
  width: i32,
  height: i32,
  lumaOffset: i32,
  lumaScale: i32,
  redFromV: i32,
  greenFromU: i32,
  greenFromV: i32,
  blueFromU: i32,
): void {
  // Luma times 2^7 times half the scale in Q15, chroma times 2^8 times a quarter of the coefficient: six bits remain.
  const scale = i16x8.splat(<i16>((lumaScale + 2) >> 2));
  const bias = i16x8.splat(<i16>(32 - ((lumaOffset * lumaScale) >> 10)));
  const rv = i16x8.splat(<i16>((redFromV + 4) >> 3));
  const gu = i16x8.splat(<i16>((greenFromU + 4) >> 3));
  const gv = i16x8.splat(<i16>((greenFromV + 4) >> 3));
  const bu = i16x8.splat(<i16>((blueFromU + 4) >> 3));
  const middle = i16x8.splat(-32768);
  const toHigh = i8x16(-1, 0, -1, 1, -1, 2, -1, 3, -1, 4, -1, 5, -1, 6, -1, 7);
  const narrow = width < STEP;
  const rowBytes = <usize>width * 3;
  for (let y = 0; y < height; y += 2) {
    let y0 = luma + <usize>(y * width);
    let y1 = y0 + <usize>width;
    let us = u + <usize>((y * width) >> 2);
    let vs = v + <usize>((y * width) >> 2);
    const p = <usize>y * rowBytes;
    if (narrow) {
      memory.copy(STAGE_LUMA, y0, <usize>width);
      memory.copy(STAGE_LUMA + 16, y1, <usize>width);
      memory.copy(STAGE_CHROMA, us, <usize>(width >> 1));
      memory.copy(STAGE_CHROMA + 8, vs, <usize>(width >> 1));
      y0 = STAGE_LUMA;
      y1 = STAGE_LUMA + 16;
      us = STAGE_CHROMA;
      vs = STAGE_CHROMA + 8;
    }
    for (let next = 0; next < width; next += STEP) {
      const x = narrow ? 0 : min(next, width - STEP);
      const uu = v128.xor(i8x16.swizzle(v128.load64_zero(us + <usize>(x >> 1)), toHigh), middle);
      const vv = v128.xor(i8x16.swizzle(v128.load64_zero(vs + <usize>(x >> 1)), toHigh), middle);
      const red = i16x8.q15mulr_sat_s(vv, rv);
      const green = i16x8.add(i16x8.q15mulr_sat_s(uu, gu), i16x8.q15mulr_sat_s(vv, gv));
      const blue = i16x8.q15mulr_sat_s(uu, bu);
      for (let k = 0; k < 2; k++) {
        const codes = v128.load((k ? y1 : y0) + <usize>x);
        const low = i16x8.add(i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_low_i8x16_u(codes), 7), scale), bias);
        const high = i16x8.add(i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_high_i8x16_u(codes), 7), scale), bias);
        const r = channel(low, high, red);
        const g = channel(low, high, green);
        const b = channel(low, high, blue);
        if (narrow) {
          interleave(STAGE, STAGE + 48, r, g, b);
          memory.copy(to + p + <usize>k * rowBytes, STAGE, rowBytes);
          memory.copy(copy + p + <usize>k * rowBytes, STAGE, rowBytes);
        } else {
          const at = p + <usize>k * rowBytes + <usize>(x * 3);
          interleave(to + at, copy + at, r, g, b);
        }
      }
    }
  }
}

/** Luma of eight pixels, with rounding and offset in the bias; seven fractional bits. */
function lumaOf(r: v128, g: v128, b: v128, cr: v128, cg: v128, cb: v128, bias: v128): v128 {
  const red = i16x8.q15mulr_sat_s(i16x8.shl(r, 7), cr);
  const green = i16x8.q15mulr_sat_s(i16x8.shl(g, 7), cg);
  const blue = i16x8.q15mulr_sat_s(i16x8.shl(b, 7), cb);
  return i16x8.shr_s(i16x8.add_sat_s(i16x8.add(red, green), i16x8.add(blue, bias)), 7);
}

/** From 16 fractional bits to 15. */
function half(coefficient: i32): i32 {
  return (coefficient + 1) >> 1;
}

/** Eight chroma samples from sums of four pixels. */
function chromaOf(r: v128, g: v128, b: v128, cr: i32, cg: i32, cb: i32): v128 {
  const red = i16x8.q15mulr_sat_s(i16x8.shl(r, 5), i16x8.splat(<i16>cr));
  const green = i16x8.q15mulr_sat_s(i16x8.shl(g, 5), i16x8.splat(<i16>cg));
  const blue = i16x8.q15mulr_sat_s(i16x8.shl(b, 5), i16x8.splat(<i16>cb));
  // 128 and a half. Saturated: full range reaches 255.5.
  const sum = i16x8.add_sat_s(i16x8.add(red, i16x8.add(green, blue)), i16x8.splat(16448));
  return i8x16.narrow_i16x8_u(i16x8.shr_s(sum, 7), i16x8.splat(0));
}

/**
 * Writes the changed pixels of a region back. A 2x2 block without a difference between `from` and `before` keeps its
 * code values, and so does the luma of an unchanged pixel in a changed block.
 * Coefficients have 16 fractional bits.
 */
export function rgbToI420(
  from: usize,
  before: usize,
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  height: i32,
  lumaOffset: i32,
  yFromRed: i32,
  yFromGreen: i32,
  yFromBlue: i32,
  uFromRed: i32,
  uFromGreen: i32,
  uFromBlue: i32,
  vFromRed: i32,
  vFromGreen: i32,
  vFromBlue: i32,
): void {
  const cr = i16x8.splat(<i16>((yFromRed + 1) >> 1));
  const cg = i16x8.splat(<i16>((yFromGreen + 1) >> 1));
  const cb = i16x8.splat(<i16>((yFromBlue + 1) >> 1));
  const bias = i16x8.splat(<i16>((lumaOffset << 7) + 64));
  const narrow = width < STEP;
  const rowBytes = <usize>width * 3;
  for (let y = 0; y < height; y += 2) {
    let row = from + <usize>y * rowBytes;
    let old = before + <usize>y * rowBytes;
    let stride = rowBytes;
    let ys = luma + <usize>(y * width);
    let lumaStride = <usize>width;
    let us = u + <usize>((y * width) >> 2);
    let vs = v + <usize>((y * width) >> 2);
    if (narrow) {
      memory.copy(STAGE, row, rowBytes);
      memory.copy(STAGE + 48, row + rowBytes, rowBytes);
      memory.copy(STAGE + 96, old, rowBytes);
      memory.copy(STAGE + 144, old + rowBytes, rowBytes);
      memory.copy(STAGE_LUMA, ys, <usize>width);
      memory.copy(STAGE_LUMA + 16, ys + <usize>width, <usize>width);
      memory.copy(STAGE_CHROMA, us, <usize>(width >> 1));
      memory.copy(STAGE_CHROMA + 8, vs, <usize>(width >> 1));
      row = STAGE;
      old = STAGE + 96;
      stride = 48;
      ys = STAGE_LUMA;
      lumaStride = 16;
      us = STAGE_CHROMA;
      vs = STAGE_CHROMA + 8;
    }
    for (let next = 0; next < width; next += STEP) {
      const x = narrow ? 0 : min(next, width - STEP);
      const p = row + <usize>(x * 3);
      const q = old + <usize>(x * 3);
      const a0 = v128.load(p);
      const b0 = v128.load(p, 16);
      const c0 = v128.load(p, 32);
      const a1 = v128.load(p + stride);
      const b1 = v128.load(p + stride, 16);
      const c1 = v128.load(p + stride, 32);
      const da0 = v128.xor(a0, v128.load(q));
      const db0 = v128.xor(b0, v128.load(q, 16));
      const dc0 = v128.xor(c0, v128.load(q, 32));
      const da1 = v128.xor(a1, v128.load(q + stride));
      const db1 = v128.xor(b1, v128.load(q + stride, 16));
      const dc1 = v128.xor(c1, v128.load(q + stride, 32));
      if (!v128.any_true(v128.or(v128.or(v128.or(da0, db0), v128.or(dc0, da1)), v128.or(db1, dc1)))) continue;
      const zero = i8x16.splat(0);
      const changed0 = i8x16.ne(
        v128.or(v128.or(redOf(da0, db0, dc0), greenOf(da0, db0, dc0)), blueOf(da0, db0, dc0)),
        zero,
      );
      const changed1 = i8x16.ne(
        v128.or(v128.or(redOf(da1, db1, dc1), greenOf(da1, db1, dc1)), blueOf(da1, db1, dc1)),
        zero,
      );
      const r0 = redOf(a0, b0, c0);
      const g0 = greenOf(a0, b0, c0);
      const bl0 = blueOf(a0, b0, c0);
      const r1 = redOf(a1, b1, c1);
      const g1 = greenOf(a1, b1, c1);
      const bl1 = blueOf(a1, b1, c1);
      const luma0 = i8x16.narrow_i16x8_u(
        lumaOf(
          i16x8.extend_low_i8x16_u(r0),
          i16x8.extend_low_i8x16_u(g0),
          i16x8.extend_low_i8x16_u(bl0),
          cr,
          cg,
          cb,
          bias,
        ),
        lumaOf(
          i16x8.extend_high_i8x16_u(r0),
          i16x8.extend_high_i8x16_u(g0),
          i16x8.extend_high_i8x16_u(bl0),
          cr,
          cg,
          cb,
          bias,
        ),
      );
      const luma1 = i8x16.narrow_i16x8_u(
        lumaOf(
          i16x8.extend_low_i8x16_u(r1),
          i16x8.extend_low_i8x16_u(g1),
          i16x8.extend_low_i8x16_u(bl1),
          cr,
          cg,
          cb,
          bias,
        ),
        lumaOf(
          i16x8.extend_high_i8x16_u(r1),
          i16x8.extend_high_i8x16_u(g1),
          i16x8.extend_high_i8x16_u(bl1),
          cr,
          cg,
          cb,
          bias,
        ),
      );
      const at = ys + <usize>x;
      v128.store(at, v128.bitselect(luma0, v128.load(at), changed0));
      v128.store(at + lumaStride, v128.bitselect(luma1, v128.load(at + lumaStride), changed1));
      const red = i16x8.add(i16x8.extadd_pairwise_i8x16_u(r0), i16x8.extadd_pairwise_i8x16_u(r1));
      const green = i16x8.add(i16x8.extadd_pairwise_i8x16_u(g0), i16x8.extadd_pairwise_i8x16_u(g1));
      const blue = i16x8.add(i16x8.extadd_pairwise_i8x16_u(bl0), i16x8.extadd_pairwise_i8x16_u(bl1));
      // A block is changed where any of its pixels is; narrowing keeps -1 as -1.
      const blocks = i16x8.ne(v128.or(changed0, changed1), i16x8.splat(0));
      const mask = i8x16.narrow_i16x8_s(blocks, blocks);
      const place = <usize>(x >> 1);
      const newU = chromaOf(red, green, blue, half(uFromRed), half(uFromGreen), half(uFromBlue));
      const newV = chromaOf(red, green, blue, half(vFromRed), half(vFromGreen), half(vFromBlue));
      v128.store64_lane(us + place, v128.bitselect(newU, v128.load64_zero(us + place), mask), 0);
      v128.store64_lane(vs + place, v128.bitselect(newV, v128.load64_zero(vs + place), mask), 0);
    }
    if (narrow) {
      memory.copy(luma + <usize>(y * width), STAGE_LUMA, <usize>width);
      memory.copy(luma + <usize>((y + 1) * width), STAGE_LUMA + 16, <usize>width);
      memory.copy(u + <usize>((y * width) >> 2), STAGE_CHROMA, <usize>(width >> 1));
      memory.copy(v + <usize>((y * width) >> 2), STAGE_CHROMA + 8, <usize>(width >> 1));
    }
  }
}
