/** What a store should do, in a few lines of memory: adapters are compared with it. */
import type { ListRequest, NewDocument, StoredDocument, StoredEvent } from '../../src/jobs/store/store.ts';

type Kept = StoredDocument & { readonly kind: string };

export class StoreModel {
  #documents: Kept[] = [];
  readonly #events = new Map<string, unknown[]>();
  readonly #counters = new Map<string, number>();
  #sequence = 0;

  create(kind: string, document: NewDocument): boolean {
    if (this.read(kind, document.id)) return false;
    this.#documents = this.#documents.filter((other) => !(other.kind === kind && other.id === document.id));
    this.#documents.push({ ...document, kind, sequence: ++this.#sequence, version: 1 });
    return true;
  }

  read(kind: string, id: string): Kept | undefined {
    return this.#live(kind).find((document) => document.id === id);
  }

  update(kind: string, id: string, state: string, value: unknown, expiresAt: number | undefined): Kept | undefined {
    const old = this.read(kind, id);
    if (!old) return undefined;
    const changed = { ...old, state, value, version: old.version + 1, expiresAt: expiresAt ?? old.expiresAt };
    this.#documents = this.#documents.map((document) => (document === old ? changed : document));
    return changed;
  }

  remove(kind: string, id: string): boolean {
    const old = this.read(kind, id);
    this.#documents = this.#documents.filter((document) => document !== old);
    return old !== undefined;
  }

  list(kind: string, { tenant, states, after, limit, newestFirst = false }: ListRequest): Kept[] {
    const matching = this.#live(kind).filter(
      (document) =>
        (tenant === undefined || document.tenant === tenant) &&
        (states === undefined || states.includes(document.state)) &&
        (after === undefined || (newestFirst ? document.sequence < after : document.sequence > after)),
    );
    return matching.sort((a, b) => (newestFirst ? b.sequence - a.sequence : a.sequence - b.sequence)).slice(0, limit);
  }

  count(kind: string, tenant?: string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { state } of this.list(kind, { tenant, limit: Infinity })) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  sweep(kind: string): string[] {
    const gone = this.#documents.filter((document) => document.kind === kind && !this.#live(kind).includes(document));
    this.#documents = this.#documents.filter((document) => !gone.includes(document));
    return gone.map(({ id }) => id);
  }

  append(stream: string, value: unknown): number {
    const events = this.#events.get(stream) ?? [];
    this.#events.set(stream, events);
    return events.push(value);
  }

  events(stream: string, after: number, limit: number): StoredEvent[] {
    const all = (this.#events.get(stream) ?? []).map((value, at) => ({ number: at + 1, value }));
    return all.slice(after, after + limit);
  }

  removeEvents(stream: string): void {
    this.#events.delete(stream);
  }

  add(counter: string, amount: number): number {
    const value = (this.#counters.get(counter) ?? 0) + amount;
    this.#counters.set(counter, value);
    return value;
  }

  #live(kind: string): Kept[] {
    const now = Date.now();
    return this.#documents.filter(
      (document) => document.kind === kind && (document.expiresAt === undefined || document.expiresAt > now),
    );
  }
}
