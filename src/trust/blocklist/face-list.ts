/** Persons by the embeddings of their faces: whom to refuse, or who has consented. No photo is kept. */
import { AppError } from '../../core/errors.ts';

/** A person of a list. */
export interface ListedPerson {
  /** Of the list, never given twice. */
  readonly id: string;
  /** What whoever added them calls them; may be a pseudonym. */
  readonly name: string;
  /** ISO 8601. */
  readonly addedAt: string;
  /** One or several, unit length, of the list's recogniser. */
  readonly embeddings: readonly Float32Array[];
}

/** A person who looks like a face. */
export interface ListMatch {
  readonly person: Pick<ListedPerson, 'id' | 'name'>;
  /** Cosine of the best of their embeddings. */
  readonly similarity: number;
}

/** A list in memory, searched whole: 100,000 embeddings of 128 numbers take 51 MB and some 15 ms. */
export class FaceList {
  /** Id of the model whose embeddings these are: those of two models cannot be compared. */
  readonly recogniser: string;
  readonly #persons = new Map<string, ListedPerson>();
  /** All embeddings in one block, made when it is first searched. */
  #block: { readonly values: Float32Array; readonly owners: readonly ListedPerson[] } | undefined;

  constructor(recogniser: string, persons: Iterable<ListedPerson> = []) {
    this.recogniser = recogniser;
    for (const person of persons) this.add(person);
  }

  get size(): number {
    return this.#persons.size;
  }

  get persons(): readonly ListedPerson[] {
    return [...this.#persons.values()];
  }

  /** @throws INTERNAL for an embedding that is no unit vector: zeros and NaN would match everybody or nobody */
  add(person: ListedPerson): void {
    const length = this.#length();
    for (const embedding of person.embeddings) {
      checkEmbedding(embedding);
      if (length !== undefined && embedding.length !== length) {
        throw new AppError('INTERNAL', `Expected an embedding of ${length} numbers, received ${embedding.length}.`);
      }
    }
    if (person.embeddings.length === 0) throw new AppError('INTERNAL', 'Expected at least one embedding.');
    this.#persons.set(person.id, person);
    this.#block = undefined;
  }

  /** @returns false where there is no such person */
  remove(id: string): boolean {
    this.#block = undefined;
    return this.#persons.delete(id);
  }

  /**
   * Everybody whose similarity reaches a threshold, most similar first.
   * @param embedding unit length
   * @throws INTERNAL as `add`
   */
  search(embedding: Float32Array, threshold: number): ListMatch[] {
    checkEmbedding(embedding);
    this.#block ??= this.#pack();
    const { values, owners } = this.#block;
    const length = embedding.length;
    if (owners.length > 0 && values.length !== owners.length * length) {
      throw new AppError('INTERNAL', `Expected an embedding of ${values.length / owners.length} numbers.`);
    }
    const best = new Map<ListedPerson, number>();
    for (let at = 0, owner = 0; owner < owners.length; owner++) {
      // Four sums, so that additions need not wait for each other.
      let [a, b, c, d] = [0, 0, 0, 0];
      const end = at + length - 3;
      let i = 0;
      for (; at < end; at += 4, i += 4) {
        a += values[at]! * embedding[i]!;
        b += values[at + 1]! * embedding[i + 1]!;
        c += values[at + 2]! * embedding[i + 2]!;
        d += values[at + 3]! * embedding[i + 3]!;
      }
      for (; i < length; at++, i++) a += values[at]! * embedding[i]!;
      const similarity = a + b + c + d;
      if (similarity < threshold) continue;
      const person = owners[owner]!;
      best.set(person, Math.max(similarity, best.get(person) ?? -1));
    }
    return Array.from(best, ([{ id, name }, similarity]) => ({ person: { id, name }, similarity })).sort(
      (x, y) => y.similarity - x.similarity,
    );
  }

  #length(): number | undefined {
    for (const { embeddings } of this.#persons.values()) return embeddings[0]!.length;
    return undefined;
  }

  #pack(): { values: Float32Array; owners: ListedPerson[] } {
    const length = this.#length() ?? 0;
    const owners = this.persons.flatMap((person) => person.embeddings.map(() => person));
    const values = new Float32Array(owners.length * length);
    let at = 0;
    for (const { embeddings } of this.#persons.values()) {
      for (const embedding of embeddings) {
        values.set(embedding, at);
        at += length;
      }
    }
    return { values, owners };
  }
}

/** A vector of another length is a mistake, and one of zeros or NaN would hide whoever it belongs to. */
const LENGTH_TOLERANCE = 1e-3;

export function checkEmbedding(embedding: Float32Array): void {
  let squares = 0;
  for (const value of embedding) squares += value * value;
  const length = Math.sqrt(squares);
  if (Math.abs(length - 1) <= LENGTH_TOLERANCE) return;
  throw new AppError('INTERNAL', `Expected an embedding of length 1, received ${length}.`);
}
