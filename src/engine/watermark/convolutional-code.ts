/**
 * Error correction: the convolutional code of constraint length 7 and rate 1/3, decoded softly. It corrects what a
 * recompressed picture does to single bits; whether all of them are right is for a tag to say.
 * @see Proakis, "Digital Communications", table of optimal codes: generators 133, 171, 165 (octal)
 */

const GENERATORS = [0o133, 0o171, 0o165] as const;
const MEMORY = 6;
const STATES = 2 ** MEMORY;

/** Coded bits for each bit. */
export const CODE_RATE = GENERATORS.length;
/** Coded bits for `count` bits: six zeros behind them bring the encoder back to its first state. */
export const codedLength = (count: number): number => (count + MEMORY) * CODE_RATE;

const parity = (value: number): number => {
  let bits = value ^ (value >> 4);
  bits ^= bits >> 2;
  return (bits ^ (bits >> 1)) & 1;
};

/** By state and bit, 0 or 1 for each generator. */
const OUTPUTS = Int8Array.from({ length: STATES * 2 * CODE_RATE }, (_, at) => {
  const register = Math.floor(at / CODE_RATE);
  return parity(register & GENERATORS[at % CODE_RATE]!);
});

/** @param bits 0 or 1 each @returns `codedLength(bits.length)` of them */
export function encodeBits(bits: ArrayLike<number>): Uint8Array {
  const coded = new Uint8Array(codedLength(bits.length));
  let state = 0;
  for (let at = 0; at < bits.length + MEMORY; at++) {
    const register = (state << 1) | (bits[at] ?? 0);
    for (let k = 0; k < CODE_RATE; k++) coded[at * CODE_RATE + k] = OUTPUTS[register * CODE_RATE + k]!;
    state = register & (STATES - 1);
  }
  return coded;
}

/**
 * The most likely bits (Viterbi).
 * @param soft  for each coded bit how far it looks like a 1 (positive) or a 0 (negative), in any unit
 * @param count bits that were encoded
 */
export function decodeBits(soft: ArrayLike<number>, count: number): Uint8Array {
  const steps = count + MEMORY;
  let metrics = new Float64Array(STATES).fill(Number.NEGATIVE_INFINITY);
  let next = new Float64Array(STATES);
  metrics[0] = 0;
  /** The bit that left the register on the best way into each state. */
  const dropped = new Uint8Array(steps * STATES);
  for (let step = 0; step < steps; step++) {
    next.fill(Number.NEGATIVE_INFINITY);
    for (let state = 0; state < STATES; state++) {
      const metric = metrics[state]!;
      if (metric === Number.NEGATIVE_INFINITY) continue;
      for (let bit = 0; bit < 2; bit++) {
        const register = (state << 1) | bit;
        let sum = metric;
        for (let k = 0; k < CODE_RATE; k++) {
          const value = soft[step * CODE_RATE + k]!;
          sum += OUTPUTS[register * CODE_RATE + k] ? value : -value;
        }
        const to = register & (STATES - 1);
        if (sum <= next[to]!) continue;
        next[to] = sum;
        dropped[step * STATES + to] = state >> (MEMORY - 1);
      }
    }
    [metrics, next] = [next, metrics];
  }
  const bits = new Uint8Array(steps);
  for (let step = steps - 1, state = 0; step >= 0; step--) {
    bits[step] = state & 1;
    state = (state >> 1) | (dropped[step * STATES + state]! << (MEMORY - 1));
  }
  return bits.slice(0, count);
}
