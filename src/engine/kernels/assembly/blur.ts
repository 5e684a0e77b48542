// Box blurs of f32 planes. One pass blurs along the lines and writes the result transposed, so that two blur both ways.

/** A pass over four interleaved channels. */
function pass4(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  const taps: i32 = 2 * radius + 1;
  const scale = f32x4.splat(<f32>1.0 / <f32>taps);
  const before: i32 = radius + 1;
  const last = width - 1;
  const step = (<usize>height) << 4;
  for (let y = 0; y < height; y++) {
    const row = from + ((<usize>(y * width)) << 4);
    let sum = f32x4.mul(v128.load(row), f32x4.splat(<f32>before));
    for (let x = 1; x <= radius; x++) sum = f32x4.add(sum, v128.load(row + ((<usize>min(x, last)) << 4)));
    let out = to + ((<usize>y) << 4);
    for (let x = 0; x < width; x++, out += step) {
      v128.store(out, f32x4.mul(sum, scale));
      const enter = v128.load(row + ((<usize>min(last, x + radius + 1)) << 4));
      const leave = v128.load(row + ((<usize>max(0, x - radius)) << 4));
      sum = f32x4.add(sum, f32x4.sub(enter, leave));
    }
  }
}

/** The values of four lines at one place. */
function gather(a: usize, b: usize, c: usize, d: usize, offset: usize): v128 {
  let v = v128.load32_zero(a + offset);
  v = v128.load32_lane(b + offset, v, 1);
  v = v128.load32_lane(c + offset, v, 2);
  return v128.load32_lane(d + offset, v, 3);
}

/** A pass over one channel, four lines at a time. */
function pass1(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  const taps: i32 = 2 * radius + 1;
  const scale = f32x4.splat(<f32>1.0 / <f32>taps);
  const before: i32 = radius + 1;
  const last = width - 1;
  const step = (<usize>height) << 2;
  const stride = (<usize>width) << 2;
  for (let y = 0; y < height; y += 4) {
    // The last group may repeat its last line; those lanes are not stored.
    const lines = min(4, height - y);
    const a = from + <usize>y * stride;
    const b = a + <usize>min(1, lines - 1) * stride;
    const c = a + <usize>min(2, lines - 1) * stride;
    const d = a + <usize>(lines - 1) * stride;
    let sum = f32x4.mul(gather(a, b, c, d, 0), f32x4.splat(<f32>before));
    for (let x = 1; x <= radius; x++) sum = f32x4.add(sum, gather(a, b, c, d, (<usize>min(x, last)) << 2));
    let out = to + ((<usize>y) << 2);
    for (let x = 0; x < width; x++, out += step) {
      const mean = f32x4.mul(sum, scale);
      if (lines === 4) {
        v128.store(out, mean);
      } else {
        v128.store32_lane(out, mean, 0);
        if (lines > 1) v128.store32_lane(out, mean, 1, 4);
        if (lines > 2) v128.store32_lane(out, mean, 2, 8);
      }
      const enter = gather(a, b, c, d, (<usize>min(last, x + radius + 1)) << 2);
      const leave = gather(a, b, c, d, (<usize>max(0, x - radius)) << 2);
      sum = f32x4.add(sum, f32x4.sub(enter, leave));
    }
  }
}

/**
 * Blurs in place by `passes` boxes each way; the border repeats the outermost value.
 * @param values, turned both `width * height * channels` f32; `turned` is overwritten
 * @param channels 1 or 4, interleaved
 */
export function blur(
  values: usize,
  turned: usize,
  width: i32,
  height: i32,
  channels: i32,
  radius: i32,
  passes: i32,
): void {
  for (let i = 0; i < passes; i++) {
    if (channels === 4) {
      pass4(values, turned, width, height, radius);
      pass4(turned, values, height, width, radius);
    } else {
      pass1(values, turned, width, height, radius);
      pass1(turned, values, height, width, radius);
    }
  }
}
