// Draws the textured, relit face over the target, triangle by triangle, four pixels at a time:
//
//     value = texture * (light + K) - K + grain        K: dark offset
//     out   = target + alpha * (value - target)
import { storeRgb } from './pack';
import { paintOrder, VERTEX } from './paint-order';

/** Alpha, of 4096, below which the target is kept. */
const LEAST_ALPHA: i16 = 16;
/** The largest alpha in Q15 that twelve bits give. */
const OPAQUE: i16 = 32760;
/** Suspicion from which on a pixel is looked at. */
const LEAST_SUSPICION: f32 = 0.02;
/** Added to a float below it, leaves the rounded integer in the lowest bits. */
const TO_INTEGER: f32 = 8388608;

/**
 * What stays the same along the lines of a triangle, and constants. In memory, because V8 would compute or assemble each
 * of them anew for every four pixels.
 */
const STEADY = memory.data(11 * 16, 16);
const LIGHT_STEP = STEADY;
const U_STEP = STEADY + 16;
const V_STEP = STEADY + 32;
const SKIN_STEP = STEADY + 48;
const SUSPICION_STEP = STEADY + 64;
const LIMIT = STEADY + 80;
const ROW_STEP = STEADY + 96;
const EDGE_LIMIT = STEADY + 112;
const OPAQUE_ALPHA = STEADY + 128;
const DARK = STEADY + 144;
const OFFSET = STEADY + 160;

/** Gradient of four attributes from their differences along two edges. */
function gradient(ab: v128, ac: v128, w1: f64, w2: f64): v128 {
  return f32x4.add(f32x4.mul(ab, f32x4.splat(<f32>w1)), f32x4.mul(ac, f32x4.splat(<f32>w2)));
}

/** Four attributes at an offset from a vertex. */
function at(origin: v128, alongX: v128, alongY: v128, dx: f32, dy: f32): v128 {
  return f32x4.add(origin, f32x4.add(f32x4.mul(alongX, f32x4.splat(dx)), f32x4.mul(alongY, f32x4.splat(dy))));
}

/** One texel, bilinear, with 11 fractional bits. */
function sample(upper: usize, lower: usize, upperWeights: v128, lowerWeights: v128): v128 {
  const p = v128.load(upper);
  const q = v128.load(lower);
  // R R' G G' B B' A A', so that one dot product weighs both texels.
  const pairs = i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  const top = i32x4.dot_i16x8_s(i8x16.swizzle(p, pairs), upperWeights);
  const bottom = i32x4.dot_i16x8_s(i8x16.swizzle(q, pairs), lowerWeights);
  return i32x4.shr_s(i32x4.add(top, bottom), 9);
}

/** Texel times light: four fractional bits for the colours, twelve for alpha. The light's upper halves are zero. */
function relit(texel: v128, light: v128): v128 {
  return i32x4.shr_s(i32x4.dot_i16x8_s(texel, i32x4.shr_s(light, 6)), 13);
}

/** How surely each of four pixels shows something in front of the face, 0..1: its distance from lit skin. */
function inFront(p0: v128, p1: v128, p2: v128, p3: v128, suspicion: v128): v128 {
  // Rows of pixels become rows of channels.
  const a = i32x4.shuffle(p0, p1, 0, 4, 1, 5);
  const b = i32x4.shuffle(p2, p3, 0, 4, 1, 5);
  const red = i32x4.shuffle(a, b, 0, 1, 4, 5);
  const green = i32x4.shuffle(a, b, 2, 3, 6, 7);
  const c = i32x4.shuffle(p0, p1, 2, 6, 3, 7);
  const blue = i32x4.shuffle(c, i32x4.shuffle(p2, p3, 2, 6, 3, 7), 0, 1, 4, 5);
  const luma = f32x4.mul(f32x4.add(f32x4.add(red, blue), f32x4.add(green, green)), f32x4.splat(0.25));
  const c1 = f32x4.abs(f32x4.sub(red, green));
  const c2 = f32x4.mul(f32x4.abs(f32x4.sub(blue, green)), f32x4.splat(0.5));
  const distance = f32x4.div(f32x4.add(c1, c2), f32x4.add(luma, f32x4.splat(0.2)));
  const dark = f32x4.mul(f32x4.sub(f32x4.splat(0.74), luma), f32x4.splat(4.5));
  const bright = f32x4.mul(f32x4.sub(luma, f32x4.splat(1.55)), f32x4.splat(3));
  const strange = f32x4.mul(f32x4.sub(distance, f32x4.splat(0.2)), f32x4.splat(4.5));
  const most = f32x4.pmax(f32x4.pmax(dark, bright), f32x4.pmax(strange, f32x4.splat(0)));
  const front = f32x4.pmin(f32x4.splat(1), f32x4.mul(f32x4.mul(most, suspicion), f32x4.splat(1.25)));
  return v128.and(front, f32x4.gt(suspicion, f32x4.splat(LEAST_SUSPICION)));
}

/** The target over its light, as the eye of the occlusion test sees it. */
function reflectance(target: v128, light: v128, dark: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_s(i32x4.shl(i32x4.add(target, dark), 12)), f32x4.convert_i32x4_s(light));
}

/** The target's own chroma of two pixels, four fractional bits: its difference from the light that has no colour. */
function ownChroma(target: v128, light0: v128, light1: v128, dark: v128, chroma: v128, skin: v128): v128 {
  const light = i16x8.narrow_i32x4_s(i32x4.shr_s(light0, 8), i32x4.shr_s(light1, 8));
  const e = i16x8.sub(i16x8.shl(i16x8.add(target, dark), 4), light);
  const pairs = i32x4.dot_i16x8_s(e, i16x8(1, 2, 1, 0, 1, 2, 1, 0));
  const luma = i32x4.shr_s(i32x4.add(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 2);
  const grey = i8x16.swizzle(luma, i8x16(0, 1, 0, 1, 0, 1, 0, 1, 8, 9, 8, 9, 8, 9, 8, 9));
  const difference = i16x8.q15mulr_sat_s(i16x8.sub(e, grey), chroma);
  const limited = i16x8.max_s(i16x8.splat(-384), i16x8.min_s(i16x8.splat(384), difference));
  return i16x8.q15mulr_sat_s(limited, skin);
}

/** Alpha of two pixels in all their lanes, Q15; 0 below the least. */
function alphaOf(value: v128): v128 {
  const alpha = i8x16.swizzle(value, i8x16(6, 7, 6, 7, 6, 7, 6, 7, 14, 15, 14, 15, 14, 15, 14, 15));
  const visible = i16x8.ge_s(alpha, i16x8.splat(LEAST_ALPHA));
  return v128.and(visible, i16x8.shl(i16x8.min_s(alpha, i16x8.splat(OPAQUE >> 3)), 3));
}

/** Mixes two pixels: the relit texture and what is added to it, four fractional bits, over an 8-bit target. */
function mix(target: v128, value: v128, extra: v128, alpha: v128): v128 {
  const base = i16x8.shl(target, 4);
  const difference = i16x8.sub_sat_s(i16x8.add_sat_s(value, extra), base);
  const sum = i16x8.add_sat_s(i16x8.add(base, i16x8.splat(8)), i16x8.q15mulr_sat_s(difference, alpha));
  return i16x8.shr_s(sum, 4);
}

/**
 * @param target  packed RGB of the warped frame, read; `out` packed RGB, written. Neither may be the other.
 * @param texture RGBA i16, 12 fractional bits, `size` x `size`, rows `rowTexels` apart
 * @param triangles three u16 vertex indexes each
 * @param grain   share of the target's own fine grain laid over the texture, of 256
 * @param chroma  share of the target's own skin chroma a pixel, of 256
 * @param darkOffset K above
 * @param scratch `drawScratchBytes` bytes
 */
export function draw(
  target: usize,
  out: usize,
  width: i32,
  height: i32,
  vertices: usize,
  triangles: usize,
  triangleCount: i32,
  texture: usize,
  size: i32,
  rowTexels: i32,
  grain: i32,
  chroma: i32,
  darkOffset: i32,
  scratch: usize,
): void {
  const count = paintOrder(vertices, triangles, triangleCount, scratch);
  const keys = scratch + ((<usize>triangleCount) << 2);
  const stride = <usize>(width * 3);
  const texStride = <usize>(rowTexels << 3);
  v128.store(ROW_STEP, i32x4.splat(1 | (rowTexels << 16)));
  v128.store(LIMIT, i32x4.splat(((size - 1) << 16) - 1));
  const byte = i32x4.splat(255);
  const zero = i32x4.splat(0);
  const highHalf = i32x4.splat(0xffff0000);
  const lightScale = f32x4(4096, 4096, 4096, 1048576);
  const ramp = f32x4(0, 1, 2, 3);
  v128.store(DARK, i32x4(darkOffset, darkOffset, darkOffset, 0));
  const grain16 = i16x8.splat(<i16>grain);
  v128.store(EDGE_LIMIT, i16x8.splat(28));
  v128.store(OPAQUE_ALPHA, i16x8.splat(OPAQUE));
  // The texture's product carries + K; taken off here, four fractional bits.
  v128.store(OFFSET, i16x8.splat(<i16>(-darkOffset << 4)));
  const half = i16x8.splat(8);
  const chroma15 = i16x8.splat(<i16>(chroma << 7));
  for (let n = 0; n < count; n++) {
    const t = triangles + <usize>((load<u32>(keys + ((<usize>n) << 2)) & 0xffff) * 6);
    let a = vertices + <usize>load<u16>(t) * VERTEX;
    let b = vertices + <usize>load<u16>(t, 2) * VERTEX;
    let c = vertices + <usize>load<u16>(t, 4) * VERTEX;
    let swap: usize = 0;
    if (load<f32>(b, 4) < load<f32>(a, 4)) {
      swap = a;
      a = b;
      b = swap;
    }
    if (load<f32>(c, 4) < load<f32>(a, 4)) {
      swap = a;
      a = c;
      c = swap;
    }
    if (load<f32>(c, 4) < load<f32>(b, 4)) {
      swap = b;
      b = c;
      c = swap;
    }
    const ax = <f64>load<f32>(a);
    const ay = <f64>load<f32>(a, 4);
    const bx = <f64>load<f32>(b);
    const by = <f64>load<f32>(b, 4);
    const cx = <f64>load<f32>(c);
    const cy = <f64>load<f32>(c, 4);
    const yStart = max(1, <i32>Math.ceil(ay));
    const yEnd = min(height - 2, <i32>Math.ceil(cy) - 1);
    if (yEnd < yStart) continue;
    const inverse = 1.0 / ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
    // Gradients of the two barycentric weights, and from them of every attribute.
    const w1x = (cy - ay) * inverse;
    const w1y = -(cx - ax) * inverse;
    const w2x = -(by - ay) * inverse;
    const w2y = (bx - ax) * inverse;
    const light0 = f32x4.mul(v128.load(a, 16), lightScale);
    const lightAb = f32x4.sub(f32x4.mul(v128.load(b, 16), lightScale), light0);
    const lightAc = f32x4.sub(f32x4.mul(v128.load(c, 16), lightScale), light0);
    const lightX = gradient(lightAb, lightAc, w1x, w2x);
    const lightY = gradient(lightAb, lightAc, w1y, w2y);
    const surface0 = v128.load(a, 32);
    const surfaceAb = f32x4.sub(v128.load(b, 32), surface0);
    const surfaceAc = f32x4.sub(v128.load(c, 32), surface0);
    const surfaceX = gradient(surfaceAb, surfaceAc, w1x, w2x);
    const surfaceY = gradient(surfaceAb, surfaceAc, w1y, w2y);
    const surfaceSum = f32x4.add(v128.load(a, 32), f32x4.add(v128.load(b, 32), v128.load(c, 32)));
    const suspicious = f32x4.extract_lane(surfaceSum, 2) > 0.05;
    const tinted = chroma > 0 && f32x4.extract_lane(surfaceSum, 3) > 0.05;
    v128.store(LIGHT_STEP, i32x4.trunc_sat_f32x4_s(lightX));
    const uGradient = f32x4.extract_lane(surfaceX, 0);
    const vGradient = f32x4.extract_lane(surfaceX, 1);
    v128.store(U_STEP, i32x4.splat(<i32>(uGradient * 262144)));
    v128.store(V_STEP, i32x4.splat(<i32>(vGradient * 262144)));
    const uRamp = f32x4.mul(f32x4.splat(uGradient), ramp);
    const vRamp = f32x4.mul(f32x4.splat(vGradient), ramp);
    const suspicionX = f32x4.extract_lane(surfaceX, 2);
    const skinX = f32x4.extract_lane(surfaceX, 3);
    v128.store(SKIN_STEP, i32x4.splat(<i32>(skinX * 131072)));
    v128.store(SUSPICION_STEP, f32x4.splat(suspicionX * 4));
    const slopeLong = (cx - ax) / (cy - ay);
    const slopeTop: f64 = by > ay ? (bx - ax) / (by - ay) : 0;
    const slopeBottom: f64 = cy > by ? (cx - bx) / (cy - by) : 0;
    for (let y = yStart; y <= yEnd; y++) {
      const dy = <f64>y - ay;
      const xLong = ax + dy * slopeLong;
      const xShort = <f64>y < by ? ax + dy * slopeTop : bx + (<f64>y - by) * slopeBottom;
      const xStart = max(1, <i32>Math.ceil(xLong < xShort ? xLong : xShort));
      const xEnd = min(width - 2, <i32>Math.ceil(xLong < xShort ? xShort : xLong) - 1);
      if (xEnd < xStart) continue;
      const dx = <f32>(<f64>xStart - ax);
      let l0 = i32x4.trunc_sat_f32x4_s(at(light0, lightX, lightY, dx, <f32>dy));
      const surface = at(surface0, surfaceX, surfaceY, dx, <f32>dy);
      let u = i32x4.trunc_sat_f32x4_s(
        f32x4.mul(f32x4.add(f32x4.splat(f32x4.extract_lane(surface, 0)), uRamp), f32x4.splat(65536)),
      );
      let v = i32x4.trunc_sat_f32x4_s(
        f32x4.mul(f32x4.add(f32x4.splat(f32x4.extract_lane(surface, 1)), vRamp), f32x4.splat(65536)),
      );
      let suspicion = f32x4.add(f32x4.splat(f32x4.extract_lane(surface, 2)), f32x4.mul(f32x4.splat(suspicionX), ramp));
      const skin0 = f32x4.add(f32x4.splat(f32x4.extract_lane(surface, 3)), f32x4.mul(f32x4.splat(skinX), ramp));
      let skin = i32x4.trunc_sat_f32x4_s(f32x4.mul(skin0, f32x4.splat(32768)));
      const place = <usize>((y * width + xStart) * 3);
      let p = target + place;
      let o = out + place;
      for (let left = xEnd - xStart + 1; left > 0; left -= 4) {
        const lightStep = v128.load(LIGHT_STEP);
        const l1 = i32x4.add(l0, lightStep);
        const l2 = i32x4.add(l1, lightStep);
        const l3 = i32x4.add(l2, lightStep);
        // Where to read and with which weights. Clamped: at the end of a line up to three pixels lie outside.
        const limit = v128.load(LIMIT);
        const cu = i32x4.min_s(i32x4.max_s(u, zero), limit);
        const cv = i32x4.min_s(i32x4.max_s(v, zero), limit);
        const fu = v128.and(i32x4.shr_u(cu, 8), byte);
        const fv = v128.and(i32x4.shr_u(cv, 8), byte);
        const w11 = i32x4.shr_u(i32x4.dot_i16x8_s(fu, fv), 8);
        const w10 = i32x4.sub(fv, w11);
        const w01 = i32x4.sub(fu, w11);
        const w00 = i32x4.sub(i32x4.sub(i32x4.splat(256), fu), w10);
        const upper = v128.or(w00, i32x4.shl(w01, 16));
        const lower = v128.or(w10, i32x4.shl(w11, 16));
        const texel = i32x4.shl(
          i32x4.dot_i16x8_s(v128.or(i32x4.shr_u(cu, 16), v128.and(cv, highHalf)), v128.load(ROW_STEP)),
          3,
        );
        const q0 = texture + <usize>i32x4.extract_lane(texel, 0);
        const q1 = texture + <usize>i32x4.extract_lane(texel, 1);
        const q2 = texture + <usize>i32x4.extract_lane(texel, 2);
        const q3 = texture + <usize>i32x4.extract_lane(texel, 3);
        const t0 = sample(
          q0,
          q0 + texStride,
          i32x4.shuffle(upper, upper, 0, 0, 0, 0),
          i32x4.shuffle(lower, lower, 0, 0, 0, 0),
        );
        const t1 = sample(
          q1,
          q1 + texStride,
          i32x4.shuffle(upper, upper, 1, 1, 1, 1),
          i32x4.shuffle(lower, lower, 1, 1, 1, 1),
        );
        const t2 = sample(
          q2,
          q2 + texStride,
          i32x4.shuffle(upper, upper, 2, 2, 2, 2),
          i32x4.shuffle(lower, lower, 2, 2, 2, 2),
        );
        const t3 = sample(
          q3,
          q3 + texStride,
          i32x4.shuffle(upper, upper, 3, 3, 3, 3),
          i32x4.shuffle(lower, lower, 3, 3, 3, 3),
        );
        const value01 = i16x8.narrow_i32x4_s(relit(t0, l0), relit(t1, l1));
        const value23 = i16x8.narrow_i32x4_s(relit(t2, l2), relit(t3, l3));

        // From the green left of the first pixel to the green right of the fourth.
        const row = v128.load(p - 2);
        const target01 = i8x16.swizzle(row, i8x16(2, -1, 3, -1, 4, -1, -1, -1, 5, -1, 6, -1, 7, -1, -1, -1));
        const target23 = i8x16.swizzle(row, i8x16(8, -1, 9, -1, 10, -1, -1, -1, 11, -1, 12, -1, 13, -1, -1, -1));
        const greens = i8x16(0, -1, 3, -1, 6, -1, 9, -1, -1, -1, -1, -1, -1, -1, -1, -1);
        const green = i8x16.swizzle(row, i8x16(3, -1, 6, -1, 9, -1, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1));
        const right = i8x16.swizzle(row, i8x16(6, -1, 9, -1, 12, -1, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1));
        const above = i8x16.swizzle(v128.load(p - stride, 1), greens);
        const below = i8x16.swizzle(v128.load(p + stride, 1), greens);
        const around = i16x8.add(i16x8.add(i8x16.swizzle(row, greens), right), i16x8.add(above, below));
        const edge = i16x8.sub(i16x8.shl(green, 2), around);
        const edgeLimit = v128.load(EDGE_LIMIT);
        const limited = i16x8.max_s(i16x8.neg(edgeLimit), i16x8.min_s(edgeLimit, edge));
        const extra = i16x8.add(v128.load(OFFSET), i16x8.shr_s(i16x8.mul(limited, grain16), 6));
        let extra01 = i8x16.swizzle(extra, i8x16(0, 1, 0, 1, 0, 1, -1, -1, 2, 3, 2, 3, 2, 3, -1, -1));
        let extra23 = i8x16.swizzle(extra, i8x16(4, 5, 4, 5, 4, 5, -1, -1, 6, 7, 6, 7, 6, 7, -1, -1));
        const dark = v128.load(DARK);
        if (tinted) {
          const dark16 = i16x8.narrow_i32x4_s(dark, dark);
          const share = i32x4.min_s(i32x4.splat(32767), i32x4.max_s(zero, skin));
          const skin01 = i8x16.swizzle(share, i8x16(0, 1, 0, 1, 0, 1, -1, -1, 4, 5, 4, 5, 4, 5, -1, -1));
          const skin23 = i8x16.swizzle(share, i8x16(8, 9, 8, 9, 8, 9, -1, -1, 12, 13, 12, 13, 12, 13, -1, -1));
          extra01 = i16x8.add(extra01, ownChroma(target01, l0, l1, dark16, chroma15, skin01));
          extra23 = i16x8.add(extra23, ownChroma(target23, l2, l3, dark16, chroma15, skin23));
        }
        let alpha01 = alphaOf(value01);
        let alpha23 = alphaOf(value23);
        if (suspicious && v128.any_true(f32x4.gt(suspicion, f32x4.splat(LEAST_SUSPICION)))) {
          const front = inFront(
            reflectance(i32x4.extend_low_i16x8_s(target01), l0, dark),
            reflectance(i32x4.extend_high_i16x8_s(target01), l1, dark),
            reflectance(i32x4.extend_low_i16x8_s(target23), l2, dark),
            reflectance(i32x4.extend_high_i16x8_s(target23), l3, dark),
            suspicion,
          );
          const hidden = f32x4.add(f32x4.mul(front, f32x4.splat(32767)), f32x4.splat(TO_INTEGER));
          const hidden01 = i8x16.swizzle(hidden, i8x16(0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5));
          const hidden23 = i8x16.swizzle(hidden, i8x16(8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13));
          alpha01 = i16x8.sub(alpha01, i16x8.q15mulr_sat_s(alpha01, hidden01));
          alpha23 = i16x8.sub(alpha23, i16x8.q15mulr_sat_s(alpha23, hidden23));
        }
        let mixed01: v128;
        let mixed23: v128;
        // Most of the face is opaque.
        if (i16x8.all_true(i16x8.eq(v128.and(alpha01, alpha23), v128.load(OPAQUE_ALPHA)))) {
          mixed01 = i16x8.shr_s(i16x8.add_sat_s(value01, i16x8.add(extra01, half)), 4);
          mixed23 = i16x8.shr_s(i16x8.add_sat_s(value23, i16x8.add(extra23, half)), 4);
        } else {
          mixed01 = mix(target01, value01, extra01, alpha01);
          mixed23 = mix(target23, value23, extra23, alpha23);
        }
        const mixed = i8x16.narrow_i16x8_u(mixed01, mixed23);
        storeRgb(o, mixed, left);
        p += 12;
        o += 12;
        l0 = i32x4.add(l3, lightStep);
        u = i32x4.add(u, v128.load(U_STEP));
        v = i32x4.add(v, v128.load(V_STEP));
        suspicion = f32x4.add(suspicion, v128.load(SUSPICION_STEP));
        skin = i32x4.add(skin, v128.load(SKIN_STEP));
      }
    }
  }
}
