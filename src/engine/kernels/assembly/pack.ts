// Packing of pixels that were computed four at a time.

/** Stores the first `count` (1..4) pixels of a vector that holds RGBx RGBx RGBx RGBx as packed RGB. */
export function storeRgb(to: usize, rgbx: v128, count: i32): void {
  const rgb = i8x16.swizzle(rgbx, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  if (count >= 4) {
    v128.store64_lane(to, rgb, 0);
    v128.store32_lane(to, rgb, 2, 8);
  } else if (count === 3) {
    v128.store64_lane(to, rgb, 0);
    v128.store8_lane(to, rgb, 8, 8);
  } else if (count === 2) {
    v128.store32_lane(to, rgb, 0);
    v128.store16_lane(to, rgb, 2, 4);
  } else {
    v128.store16_lane(to, rgb, 0);
    v128.store8_lane(to, rgb, 2, 2);
  }
}
