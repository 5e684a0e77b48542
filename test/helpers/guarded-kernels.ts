import { createKernels } from '../../src/engine/kernels/kernels.ts';

/** Bytes around every buffer that no kernel may write. */
const GUARD = 64;
const GUARD_BYTE = 0xa5;

/** Kernels with buffers whose surroundings are watched. */
export class GuardedKernels {
  readonly kernels = createKernels();
  readonly #guards: { readonly at: number; readonly length: number }[] = [];

  get #bytes(): Uint8Array {
    return new Uint8Array(this.kernels.memory.bytes);
  }

  /** Copies an array into kernel memory and returns its address. */
  put(content: ArrayBufferView): number {
    const length = content.byteLength;
    const at = this.kernels.memory.createBuffer().reserve(length + 2 * GUARD) + GUARD;
    this.#bytes.fill(GUARD_BYTE, at - GUARD, at + length + GUARD);
    this.#bytes.set(new Uint8Array(content.buffer, content.byteOffset, length), at);
    this.#guards.push({ at, length });
    return at;
  }

  /** A copy of what is there now. */
  get(at: number, length: number): Uint8Array {
    return this.#bytes.slice(at, at + length);
  }

  /** Throws when a kernel wrote outside of a buffer. */
  checkGuards(): void {
    for (const { at, length } of this.#guards) {
      const before = this.#bytes.subarray(at - GUARD, at);
      const after = this.#bytes.subarray(at + length, at + length + GUARD);
      if ([...before, ...after].some((byte) => byte !== GUARD_BYTE)) {
        throw new Error(`A kernel wrote outside of the ${length} bytes at ${at}.`);
      }
    }
  }
}

/** Deterministic bytes whose neighbours are similar, as in a picture. */
export function smoothNoise(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  let value = 128;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    value += ((state >>> 24) - 127.5) / 3;
    if (value < 0 || value > 255) value = 128;
    return value;
  });
}

/** Largest absolute difference of two sequences. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
