/**
 * The hash tree of RFC 6962: a root that stands for any number of leaves in order, short proofs that a leaf is among
 * them, and that an older tree is the beginning of a newer one.
 */
import { createHash } from 'node:crypto';

/** 32 bytes. */
export type Hash = Buffer;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const leafHash = (bytes: Uint8Array): Hash => createHash('sha256').update(LEAF).update(bytes).digest();
const nodeHash = (left: Hash, right: Hash): Hash =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** The root of no leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest();

/** A tree that grows and remembers its right edge only: as many hashes as its size has binary digits. */
export class GrowingTree {
  #size: number;
  /** Roots of the complete trees that the size is made of, largest first. */
  readonly #peaks: Hash[];

  constructor(size = 0, peaks: readonly Hash[] = []) {
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  /** To go on with later. */
  get peaks(): readonly Hash[] {
    return [...this.#peaks];
  }

  append(leaf: Hash): void {
    this.#peaks.push(leaf);
    // Each 1 at the end of the size is a complete tree that now has a neighbour.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const right = this.#peaks.pop()!;
      this.#peaks.push(nodeHash(this.#peaks.pop()!, right));
    }
    this.#size++;
  }

  get root(): Hash {
    return this.#peaks.length === 0 ? EMPTY_ROOT : this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The largest power of two below `size`. */
const splitOf = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

/** Root of the leaves `[start, end)`. */
export function rootOf(leaves: readonly Hash[], start = 0, end = leaves.length): Hash {
  const tree = new GrowingTree();
  for (let at = start; at < end; at++) tree.append(leaves[at]!);
  return tree.root;
}

/** Hashes that lead from leaf `index` of the first `size` leaves to their root. */
export function inclusionProof(leaves: readonly Hash[], index: number, size: number): Hash[] {
  const path = (start: number, end: number): Hash[] => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...path(start, middle), rootOf(leaves, middle, end)]
      : [...path(middle, end), rootOf(leaves, start, middle)];
  };
  return path(0, size);
}

/** The root to which a proof leads, or undefined for a proof of the wrong length. */
export function rootFromProof(leaf: Hash, index: number, size: number, proof: readonly Hash[]): Hash | undefined {
  const walk = (start: number, end: number, left: number): Hash | undefined => {
    if (end - start === 1) return left === 0 ? leaf : undefined;
    const middle = start + splitOf(end - start);
    const sibling = proof[left - 1];
    if (!sibling) return undefined;
    const own = index < middle ? walk(start, middle, left - 1) : walk(middle, end, left - 1);
    if (!own) return undefined;
    return index < middle ? nodeHash(own, sibling) : nodeHash(sibling, own);
  };
  return index >= 0 && index < size ? walk(0, size, proof.length) : undefined;
}
