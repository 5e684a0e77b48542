/** Mixes pictures of one size. */

/**
 * @param share of `made`, 0..1; at 1 `made` itself is given back
 * @returns rounded bytes
 */
export function blendPictures(before: Uint8Array, made: Uint8Array, share: number): Uint8Array {
  if (share === 1) return made;
  const out = new Uint8Array(made.length);
  for (let at = 0; at < out.length; at++) out[at] = before[at]! + (made[at]! - before[at]!) * share + 0.5;
  return out;
}
