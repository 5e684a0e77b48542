/** Makes up the mind of a network that is unsure: whole people are in front, and nothing half. */

import type { CoarseMask } from './matte.ts';

/** What the network gives for the border of a person, from outside to inside. */
const [OUTSIDE, INSIDE] = [0.12, 0.62];
/** Above which value neighbours belong to one thing. */
const CONNECTED = 0.12;
/** The surest value of a thing at which it begins to count, and at which it counts in full. */
const [DOUBTFUL, CERTAIN] = [0.55, 0.85];

/**
 * Takes out what nowhere looks like a person for sure, as furniture does, and closes what is half transparent inside.
 * @returns the same, owned by the caller
 */
export function settleMask({ data: mask, width, height }: CoarseMask): CoarseMask {
  const out = new Float32Array(mask.length);
  const seen = new Uint8Array(mask.length);
  const thing = new Int32Array(mask.length);
  for (let start = 0; start < mask.length; start++) {
    if (seen[start] || mask[start]! < CONNECTED) continue;
    let count = 0;
    let surest = 0;
    const visit = (place: number): void => {
      if (seen[place] || mask[place]! < CONNECTED) return;
      seen[place] = 1;
      thing[count++] = place;
    };
    visit(start);
    for (let at = 0; at < count; at++) {
      const place = thing[at]!;
      if (mask[place]! > surest) surest = mask[place]!;
      const column = place % width;
      if (column > 0) visit(place - 1);
      if (column < width - 1) visit(place + 1);
      if (place >= width) visit(place - width);
      if (place < mask.length - width) visit(place + width);
    }
    const share = smooth(DOUBTFUL, CERTAIN, surest);
    for (let at = 0; at < count; at++) out[thing[at]!] = share * smooth(OUTSIDE, INSIDE, mask[thing[at]!]!);
  }
  return { data: out, width, height };
}

function smooth(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
