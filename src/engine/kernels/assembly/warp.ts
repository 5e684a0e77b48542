// Displaces a picture by a coarse field, bilinear in 16.16 fixed point.
import { storeRgb } from './pack';

/** Below this squared displacement over a cell its pixels are copied. */
const STILL: f64 = 0.004;

/** Constants, in memory because V8 would assemble each of them anew for every four pixels. */
const STEADY = memory.data(4 * 16, 16);
const BYTE = STEADY;
const HIGH_HALF = STEADY + 16;
const ROUNDING = STEADY + 32;
const ROW_STEP = STEADY + 48;

function keepConstants(width: i32): void {
  v128.store(BYTE, i32x4.splat(255));
  v128.store(HIGH_HALF, i32x4.splat(0xffff0000));
  v128.store(ROUNDING, i32x4.splat(128));
  v128.store(ROW_STEP, i32x4.splat(1 | (width << 16)));
}

/** Bilinear sample: two neighbouring pixels of two rows, weights as pairs of i16 in every lane. */
function blend(above: usize, below: usize, upper: v128, lower: v128): v128 {
  // R R' G G' B B' as i16, so that one dot product weighs both pixels.
  const pairs = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const top = i32x4.dot_i16x8_s(i8x16.swizzle(v128.load64_zero(above), pairs), upper);
  const bottom = i32x4.dot_i16x8_s(i8x16.swizzle(v128.load64_zero(below), pairs), lower);
  return i32x4.shr_s(i32x4.add(i32x4.add(top, bottom), v128.load(ROUNDING)), 8);
}

/** Draws `count` pixels along a line of the source: positions and steps in 16.16, every read inside the picture. */
function line(from: usize, width: i32, to: usize, count: i32, sx: i32, sy: i32, dx: i32, dy: i32): void {
  const stride = <usize>(width * 3);
  let x = i32x4(sx, sx + dx, sx + 2 * dx, sx + 3 * dx);
  let y = i32x4(sy, sy + dy, sy + 2 * dy, sy + 3 * dy);
  const xStep = i32x4.splat(dx << 2);
  const yStep = i32x4.splat(dy << 2);
  while (count > 0) {
    const byte = v128.load(BYTE);
    const fx = v128.and(i32x4.shr_u(x, 8), byte);
    const fy = v128.and(i32x4.shr_u(y, 8), byte);
    // The upper halves are zero, so the dot product is a plain one.
    const w11 = i32x4.shr_u(i32x4.dot_i16x8_s(fx, fy), 8);
    const w10 = i32x4.sub(fy, w11);
    const w01 = i32x4.sub(fx, w11);
    const w00 = i32x4.sub(i32x4.sub(i32x4.splat(256), fx), w10);
    const upper = v128.or(w00, i32x4.shl(w01, 16));
    const lower = v128.or(w10, i32x4.shl(w11, 16));
    const columnRow = v128.or(i32x4.shr_u(x, 16), v128.and(y, v128.load(HIGH_HALF)));
    const pixel = i32x4.dot_i16x8_s(columnRow, v128.load(ROW_STEP));
    const offset = i32x4.add(pixel, i32x4.shl(pixel, 1));
    const a = from + <usize>i32x4.extract_lane(offset, 0);
    const b = from + <usize>i32x4.extract_lane(offset, 1);
    const c = from + <usize>i32x4.extract_lane(offset, 2);
    const d = from + <usize>i32x4.extract_lane(offset, 3);
    const ra = blend(a, a + stride, i32x4.shuffle(upper, upper, 0, 0, 0, 0), i32x4.shuffle(lower, lower, 0, 0, 0, 0));
    const rb = blend(b, b + stride, i32x4.shuffle(upper, upper, 1, 1, 1, 1), i32x4.shuffle(lower, lower, 1, 1, 1, 1));
    const rc = blend(c, c + stride, i32x4.shuffle(upper, upper, 2, 2, 2, 2), i32x4.shuffle(lower, lower, 2, 2, 2, 2));
    const rd = blend(d, d + stride, i32x4.shuffle(upper, upper, 3, 3, 3, 3), i32x4.shuffle(lower, lower, 3, 3, 3, 3));
    const pixels = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(ra, rb), i16x8.narrow_i32x4_s(rc, rd));
    storeRgb(to, pixels, count);
    to += 12;
    count -= 4;
    x = i32x4.add(x, xStep);
    y = i32x4.add(y, yStep);
  }
}

/** The same with positions clamped to the picture: for what comes from beyond the frame's border. */
function clampedLine(
  from: usize,
  width: i32,
  height: i32,
  to: usize,
  count: i32,
  sx: i32,
  sy: i32,
  dx: i32,
  dy: i32,
): void {
  const stride = <usize>(width * 3);
  const right = width - 1;
  const bottom = height - 1;
  for (; count > 0; count--, to += 3, sx += dx, sy += dy) {
    const x = min(right << 16, max(0, sx));
    const y = min(bottom << 16, max(0, sy));
    const column = min(right - 1, x >> 16);
    const row = min(bottom - 1, y >> 16);
    // 256 on the last pixel, which has no right or lower neighbour.
    const fx = (x >> 8) - (column << 8);
    const fy = (y >> 8) - (row << 8);
    const w11 = (fx * fy) >> 8;
    const upper = i32x4.splat((256 - fx - fy + w11) | ((fx - w11) << 16));
    const lower = i32x4.splat((fy - w11) | (w11 << 16));
    const above = from + <usize>((row * width + column) * 3);
    const pixel = blend(above, above + stride, upper, lower);
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(pixel, pixel), i32x4.splat(0));
    storeRgb(to, bytes, 1);
  }
}

/**
 * Draws rows y0..y1 and columns x0..x1 (inclusive) of `to` from displaced positions of `from`; both are packed RGB,
 * `width` x `height`, at most 32767 each.
 * @param nodes f32 pairs: where the pixel at each node comes from, relative to it; `columns` x `rows`, `cell` apart
 */
export function warp(
  from: usize,
  width: i32,
  height: i32,
  to: usize,
  nodes: usize,
  columns: i32,
  rows: i32,
  cell: i32,
  x0: i32,
  y0: i32,
  x1: i32,
  y1: i32,
): void {
  keepConstants(width);
  const inverse: f64 = 1.0 / <f64>cell;
  const xLimit: i64 = (<i64>(width - 2)) << 16;
  const yLimit: i64 = (<i64>(height - 2)) << 16;
  for (let y = y0; y <= y1; y++) {
    const gy = <f64>(y - y0) * inverse;
    const iy = min(rows - 2, <i32>gy);
    const fy = gy - <f64>iy;
    const line0 = nodes + ((<usize>(iy * columns)) << 3);
    const line1 = line0 + ((<usize>columns) << 3);
    const row = <usize>((y * width + x0) * 3);
    // Still cells are copied in runs.
    let stillFrom = -1;
    let column: usize = 0;
    for (let x = x0; x <= x1; column++) {
      const q = line0 + (column << 3);
      const r = line1 + (column << 3);
      const ax = <f64>load<f32>(q) * (1 - fy) + <f64>load<f32>(r) * fy;
      const ay = <f64>load<f32>(q, 4) * (1 - fy) + <f64>load<f32>(r, 4) * fy;
      const bx = <f64>load<f32>(q, 8) * (1 - fy) + <f64>load<f32>(r, 8) * fy;
      const by = <f64>load<f32>(q, 12) * (1 - fy) + <f64>load<f32>(r, 12) * fy;
      const end = min(x1 + 1, x0 + (<i32>column + 1) * cell);
      if (ax * ax + ay * ay + bx * bx + by * by < STILL) {
        if (stillFrom < 0) stillFrom = x;
        x = end;
        continue;
      }
      if (stillFrom >= 0) {
        copyRun(from, to, row + <usize>((stillFrom - x0) * 3), <usize>((x - stillFrom) * 3));
        stillFrom = -1;
      }
      const sx = <i32>((<f64>x + ax) * 65536.0);
      const sy = <i32>((<f64>y + ay) * 65536.0);
      const dx = <i32>((1.0 + (bx - ax) * inverse) * 65536.0);
      const dy = <i32>((by - ay) * inverse * 65536.0);
      const count = end - x;
      // Four pixels are read at a time, also at the end.
      const last = <i64>((count + 3) & ~3);
      const ex = <i64>sx + <i64>dx * last;
      const ey = <i64>sy + <i64>dy * last;
      const p = row + <usize>((x - x0) * 3);
      const low = min(min(<i64>sx, ex), min(<i64>sy, ey));
      if (low < 0 || max(<i64>sx, ex) > xLimit || max(<i64>sy, ey) > yLimit) {
        clampedLine(from, width, height, to + p, count, sx, sy, dx, dy);
      } else {
        line(from, width, to + p, count, sx, sy, dx, dy);
      }
      x = end;
    }
    if (stillFrom >= 0) copyRun(from, to, row + <usize>((stillFrom - x0) * 3), <usize>((x1 + 1 - stillFrom) * 3));
  }
}

function copyRun(from: usize, to: usize, offset: usize, length: usize): void {
  memory.copy(to + offset, from + offset, length);
}

/** Copies rows y0..y1 and columns x0..x1, without the last ones, from one packed picture to another of the same size. */
export function copyPart(from: usize, to: usize, width: i32, x0: i32, y0: i32, x1: i32, y1: i32): void {
  for (let y = y0; y < y1; y++) copyRun(from, to, <usize>((y * width + x0) * 3), <usize>((x1 - x0) * 3));
}
