// Box blurs of four interleaved f32 channels.

/** One horizontal pass; the result is transposed, so that two passes blur both ways. */
function pass(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  const taps: i32 = 2 * radius + 1;
  const scale = f32x4.splat(<f32>1.0 / <f32>taps);
  const last = width - 1;
  const step = (<usize>height) << 4;
  for (let y = 0; y < height; y++) {
    const row = from + ((<usize>(y * width)) << 4);
    const next: i32 = radius + 1;
    let sum = f32x4.mul(v128.load(row), f32x4.splat(<f32>next));
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

/**
 * Blurs in place by `passes` boxes each way; the border repeats the outermost value.
 * @param values, turned both `width * height * 4` f32; `turned` is overwritten
 */
export function blur4(values: usize, turned: usize, width: i32, height: i32, radius: i32, passes: i32): void {
  for (let i = 0; i < passes; i++) {
    pass(values, turned, width, height, radius);
    pass(turned, values, height, width, radius);
  }
}
