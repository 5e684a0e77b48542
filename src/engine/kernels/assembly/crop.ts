// Samples a turned, scaled square of planar 4:2:0 into interleaved RGB floats, four pixels at a time.

function clampTo(value: v128, last: v128): v128 {
  return i32x4.min_s(i32x4.max_s(value, i32x4.splat(0)), last);
}

/** Four bytes of a plane as i32; columns and lines lie inside it. `stepAndStride` holds 1 and the stride as i16 pairs. */
function gather(plane: usize, column: v128, line: v128, stepAndStride: v128): v128 {
  const offset = i32x4.dot_i16x8_s(v128.or(column, i32x4.shl(line, 16)), stepAndStride);
  let bytes = v128.load8_lane(plane + <usize>i32x4.extract_lane(offset, 0), i32x4.splat(0), 0);
  bytes = v128.load8_lane(plane + <usize>i32x4.extract_lane(offset, 1), bytes, 4);
  bytes = v128.load8_lane(plane + <usize>i32x4.extract_lane(offset, 2), bytes, 8);
  return v128.load8_lane(plane + <usize>i32x4.extract_lane(offset, 3), bytes, 12);
}

/** Four bilinear samples of a plane, f32; positions in 16.16, clamped to the plane. */
function bilinear(plane: usize, x: v128, y: v128, lastX: v128, lastY: v128, stepAndStride: v128): v128 {
  const cx = clampTo(x, i32x4.shl(lastX, 16));
  const cy = clampTo(y, i32x4.shl(lastY, 16));
  const column = i32x4.shr_s(cx, 16);
  const line = i32x4.shr_s(cy, 16);
  const right = i32x4.min_s(i32x4.add(column, i32x4.splat(1)), lastX);
  const below = i32x4.min_s(i32x4.add(line, i32x4.splat(1)), lastY);
  const fraction = f32x4.splat(<f32>(1.0 / 65536));
  const fx = f32x4.mul(f32x4.convert_i32x4_s(v128.and(cx, i32x4.splat(65535))), fraction);
  const fy = f32x4.mul(f32x4.convert_i32x4_s(v128.and(cy, i32x4.splat(65535))), fraction);
  const a = f32x4.convert_i32x4_s(gather(plane, column, line, stepAndStride));
  const b = f32x4.convert_i32x4_s(gather(plane, right, line, stepAndStride));
  const c = f32x4.convert_i32x4_s(gather(plane, column, below, stepAndStride));
  const d = f32x4.convert_i32x4_s(gather(plane, right, below, stepAndStride));
  const top = f32x4.add(a, f32x4.mul(f32x4.sub(b, a), fx));
  const bottom = f32x4.add(c, f32x4.mul(f32x4.sub(d, c), fx));
  return f32x4.add(top, f32x4.mul(f32x4.sub(bottom, top), fy));
}

/** Four positions of a line, 16.16. */
function positions(first: i32, step: i32): v128 {
  return i32x4.add(i32x4.splat(first), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
}

/** 16.16. */
function toFixed(value: f64): i32 {
  return <i32>nearest(value * 65536);
}

function limited(value: v128): v128 {
  return f32x4.pmin(f32x4.splat(255), f32x4.pmax(f32x4.splat(0), value));
}

/**
 * Every output pixel is the mean of `samples` x `samples` nearest pixels, or with one sample bilinear. The mean is taken
 * of luma and chroma; of chroma half as many samples each way are taken.
 * @param luma   `width` x `height`, even, at most 32767 each; `u` and `v` half of it, rows without gaps
 * @param to     `size` x `size` x 3 f32; `size` is 4 and above
 * @param x0, y0 where the crop's first pixel is in the planes; `stepX`, `stepY` from there to the pixel on its right,
 *   `lineX`, `lineY` to the one below
 * @param nearest not 0: outside lies the outermost pixel, else black
 * @param lumaOffset ..blueFromU as in frames/yuv-coefficients.ts, as floats
 * @param scale, offset applied to values of 0..255
 */
export function cropI420(
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  height: i32,
  to: usize,
  size: i32,
  x0: f64,
  y0: f64,
  stepX: f64,
  stepY: f64,
  lineX: f64,
  lineY: f64,
  samples: i32,
  nearest: i32,
  lumaOffset: f32,
  lumaScale: f32,
  redFromV: f32,
  greenFromU: f32,
  greenFromV: f32,
  blueFromU: f32,
  scale: f32,
  offset: f32,
): void {
  const lastX = i32x4.splat(width - 1);
  const lastY = i32x4.splat(height - 1);
  const lastU = i32x4.splat((width >> 1) - 1);
  const lastV = i32x4.splat((height >> 1) - 1);
  const lumaStride = i32x4.splat(1 | (width << 16));
  const chromaStride = i32x4.splat(1 | ((width >> 1) << 16));
  const always = i32x4.splat(nearest ? -1 : 0);
  const chromaSamples = max(1, samples >> 1);
  // Between two samples, and from the middle of a pixel to its first one. In integers, of which a rounding is too small
  // to matter over four pixels, and over a row would not be.
  const ax = toFixed(stepX);
  const ay = toFixed(stepY);
  const bx = toFixed(lineX);
  const by = toFixed(lineY);
  const alongX = ax / samples;
  const alongY = ay / samples;
  const downX = bx / samples;
  const downY = by / samples;
  const firstX = 32768 - (((samples - 1) * (alongX + downX)) >> 1);
  const firstY = 32768 - (((samples - 1) * (alongY + downY)) >> 1);
  // Chroma's planes have half the size.
  const chromaAlongX = ax / (2 * chromaSamples);
  const chromaAlongY = ay / (2 * chromaSamples);
  const chromaDownX = bx / (2 * chromaSamples);
  const chromaDownY = by / (2 * chromaSamples);
  const chromaFirstX = -(((chromaSamples - 1) * (chromaAlongX + chromaDownX)) >> 1);
  const chromaFirstY = -(((chromaSamples - 1) * (chromaAlongY + chromaDownY)) >> 1);
  const lumaWeight = f32x4.splat(<f32>1.0 / <f32>(samples * samples));
  const chromaWeight = f32x4.splat(<f32>1.0 / <f32>(chromaSamples * chromaSamples));
  const middle = f32x4.splat(128);
  for (let y = 0; y < size; y++) {
    for (let next = 0; next < size; next += 4) {
      // The last group may overlap the one before.
      const left = min(next, size - 4);
      const centreX = toFixed(x0 + stepX * <f64>left + lineX * <f64>y);
      const centreY = toFixed(y0 + stepY * <f64>left + lineY * <f64>y);
      let brightness: v128;
      let covered: v128;
      let us: v128;
      let vs: v128;
      if (samples > 1) {
        let sum = i32x4.splat(0);
        let count = i32x4.splat(0);
        let rowX = positions(centreX + firstX, ax);
        let rowY = positions(centreY + firstY, ay);
        for (let j = 0; j < samples; j++) {
          let atX = rowX;
          let atY = rowY;
          for (let i = 0; i < samples; i++) {
            const wantedColumn = i32x4.shr_s(atX, 16);
            const wantedLine = i32x4.shr_s(atY, 16);
            const column = clampTo(wantedColumn, lastX);
            const line = clampTo(wantedLine, lastY);
            const inside = v128.or(always, v128.and(i32x4.eq(column, wantedColumn), i32x4.eq(line, wantedLine)));
            sum = i32x4.add(sum, v128.and(inside, gather(luma, column, line, lumaStride)));
            count = i32x4.sub(count, inside);
            atX = i32x4.add(atX, i32x4.splat(alongX));
            atY = i32x4.add(atY, i32x4.splat(alongY));
          }
          rowX = i32x4.add(rowX, i32x4.splat(downX));
          rowY = i32x4.add(rowY, i32x4.splat(downY));
        }
        const counted = f32x4.convert_i32x4_s(count);
        brightness = f32x4.div(f32x4.convert_i32x4_s(sum), f32x4.pmax(f32x4.splat(1), counted));
        covered = f32x4.mul(counted, lumaWeight);
        let sumU = i32x4.splat(0);
        let sumV = i32x4.splat(0);
        rowX = positions(((centreX + 32768) >> 1) + chromaFirstX, ax >> 1);
        rowY = positions(((centreY + 32768) >> 1) + chromaFirstY, ay >> 1);
        for (let j = 0; j < chromaSamples; j++) {
          let atX = rowX;
          let atY = rowY;
          for (let i = 0; i < chromaSamples; i++) {
            const column = clampTo(i32x4.shr_s(atX, 16), lastU);
            const line = clampTo(i32x4.shr_s(atY, 16), lastV);
            sumU = i32x4.add(sumU, gather(u, column, line, chromaStride));
            sumV = i32x4.add(sumV, gather(v, column, line, chromaStride));
            atX = i32x4.add(atX, i32x4.splat(chromaAlongX));
            atY = i32x4.add(atY, i32x4.splat(chromaAlongY));
          }
          rowX = i32x4.add(rowX, i32x4.splat(chromaDownX));
          rowY = i32x4.add(rowY, i32x4.splat(chromaDownY));
        }
        us = f32x4.mul(f32x4.convert_i32x4_s(sumU), chromaWeight);
        vs = f32x4.mul(f32x4.convert_i32x4_s(sumV), chromaWeight);
      } else {
        const x = positions(centreX, ax);
        const yy = positions(centreY, ay);
        // The black outside begins half a pixel beyond the outermost centres, where the outermost pixels end.
        const half = i32x4.splat(32768);
        const nearX = i32x4.sub(x, clampTo(x, i32x4.shl(lastX, 16)));
        const nearY = i32x4.sub(yy, clampTo(yy, i32x4.shl(lastY, 16)));
        const inside = v128.and(i32x4.le_s(i32x4.abs(nearX), half), i32x4.le_s(i32x4.abs(nearY), half));
        covered = v128.and(v128.or(always, inside), f32x4.splat(1));
        brightness = bilinear(luma, x, yy, lastX, lastY, lumaStride);
        const chromaX = positions((centreX >> 1) - 16384, ax >> 1);
        const chromaY = positions((centreY >> 1) - 16384, ay >> 1);
        us = bilinear(u, chromaX, chromaY, lastU, lastV, chromaStride);
        vs = bilinear(v, chromaX, chromaY, lastU, lastV, chromaStride);
      }
      const l = f32x4.mul(f32x4.sub(brightness, f32x4.splat(lumaOffset)), f32x4.splat(lumaScale));
      us = f32x4.sub(us, middle);
      vs = f32x4.sub(vs, middle);
      const red = f32x4.add(l, f32x4.mul(vs, f32x4.splat(redFromV)));
      const green = f32x4.add(
        l,
        f32x4.add(f32x4.mul(us, f32x4.splat(greenFromU)), f32x4.mul(vs, f32x4.splat(greenFromV))),
      );
      const blue = f32x4.add(l, f32x4.mul(us, f32x4.splat(blueFromU)));
      const gain = f32x4.mul(covered, f32x4.splat(scale));
      const lift = f32x4.splat(offset);
      const r = f32x4.add(f32x4.mul(limited(red), gain), lift);
      const g = f32x4.add(f32x4.mul(limited(green), gain), lift);
      const bl = f32x4.add(f32x4.mul(limited(blue), gain), lift);
      const rg = i32x4.shuffle(r, g, 0, 4, 1, 5);
      const rgHigh = i32x4.shuffle(r, g, 2, 6, 3, 7);
      const place = to + ((<usize>((y * size + left) * 3)) << 2);
      v128.store(place, i32x4.shuffle(rg, bl, 0, 1, 4, 2));
      v128.store(place, i32x4.shuffle(i32x4.shuffle(rg, bl, 3, 5, 3, 5), rgHigh, 0, 1, 4, 5), 16);
      v128.store(place, i32x4.shuffle(bl, rgHigh, 2, 6, 7, 3), 32);
    }
  }
}
