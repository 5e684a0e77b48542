/** What is put in the place of what was behind, and the light that it threw. */

/** Red, green, blue and opacity, 0..255. */
export type Rgba = readonly [red: number, green: number, blue: number, opacity: number];

/** One value is a grey, two are red and blue alike, and green; only four say an opacity of their own. */
export function toRgba(values: readonly number[]): Rgba {
  const [first = 0, second = first, third = first, opacity = 255] = values;
  return [first, second, third, opacity];
}

/**
 * Takes the light of a coloured background out: each channel that the colour has is held to the mean of the other two.
 * @returns `data` itself where there is nothing to take out, else new pixels
 */
export function despill(data: Uint8Array, [red, green, blue, opacity]: Rgba): Uint8Array {
  const strongest = Math.max(red, green, blue);
  if (strongest === 0 || opacity === 0) return data;
  const [r, g, b] = [red, green, blue].map((value) => ((value / strongest) * opacity) / 255) as [
    number,
    number,
    number,
  ];
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const R = data[at]!;
    const G = data[at + 1]!;
    const B = data[at + 2]!;
    // The casts cut off, as FaceFusion's do.
    out[at] = R + (Math.min(R, (G + B) / 2) - R) * r;
    out[at + 1] = G + (Math.min(G, (R + B) / 2) - G) * g;
    out[at + 2] = B + (Math.min(B, (R + G) / 2) - B) * b;
  }
  return out;
}

/**
 * Lays pixels on a colour where the mask leaves it free.
 * @returns `data` itself for a colour that is not there, else new pixels
 */
export function fillBehind(data: Uint8Array, mask: Uint8Array, [red, green, blue, opacity]: Rgba): Uint8Array {
  if (opacity === 0) return data;
  const out = new Uint8Array(data.length);
  for (let pixel = 0, at = 0; pixel < mask.length; pixel++, at += 3) {
    const share = ((255 - mask[pixel]!) * opacity) / (255 * 255);
    out[at] = data[at]! * (1 - share) + red * share;
    out[at + 1] = data[at + 1]! * (1 - share) + green * share;
    out[at + 2] = data[at + 2]! * (1 - share) + blue * share;
  }
  return out;
}

/**
 * The alpha of a picture: nothing is less transparent than before, and a colour behind is as opaque as it is said to be.
 * @returns undefined where all is opaque
 */
export function alphaOf(mask: Uint8Array, opacity: number, before: Uint8Array | undefined): Uint8Array | undefined {
  if (opacity === 255) return before;
  return mask.map((value, at) => Math.min(before?.[at] ?? 255, value + Math.round(((255 - value) * opacity) / 255)));
}
