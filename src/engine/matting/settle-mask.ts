/** Makes up the mind of a network that is unsure: whole people are in front, and nothing half. */

/** What the network gives for the border of a person, from outside to inside. */
const [OUTSIDE, INSIDE] = [0.12, 0.62];
/** Above which value neighbours belong to one thing. */
const CONNECTED = 0.12;
/** The surest value of a thing at which it begins to count, and at which it counts in full. */
const [DOUBTFUL, CERTAIN] = [0.55, 0.85];

/**
 * Takes out what nowhere looks like a person for sure, as furniture does, and closes what is half transparent inside.
 * @param mask 0..1, `size * size`
 * @returns the same, owned by the caller
 */
export function settleMask(mask: Float32Array, size: number): Float32Array {
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
      const column = place % size;
      if (column > 0) visit(place - 1);
      if (column < size - 1) visit(place + 1);
      if (place >= size) visit(place - size);
      if (place < mask.length - size) visit(place + size);
    }
    const share = smooth(DOUBTFUL, CERTAIN, surest);
    for (let at = 0; at < count; at++) out[thing[at]!] = share * smooth(OUTSIDE, INSIDE, mask[thing[at]!]!);
  }
  return out;
}

function smooth(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
