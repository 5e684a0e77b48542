/** The state of everything that remembers frames, as bytes beside a chunk. */
import { deserialize, serialize } from 'node:v8';

/** Like `Stateful`, also for what lives in another thread. */
export interface Remembering {
  save(): unknown;
  restore(state: unknown): void | Promise<void>;
}

/** The states of several, by name. */
export async function saveStates(parts: Readonly<Record<string, Remembering>>): Promise<Uint8Array> {
  const states: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(parts)) states[name] = await part.save();
  return serialize(states);
}

/**
 * Gives each its state back.
 * @param bytes made by `saveStates` of the same program, for these names and perhaps others; the caller has checked
 *   their hash
 */
export async function restoreStates(parts: Readonly<Record<string, Remembering>>, bytes: Uint8Array): Promise<void> {
  const states = deserialize(bytes) as Readonly<Record<string, unknown>>;
  for (const [name, part] of Object.entries(parts)) await part.restore(states[name]);
}

/** Several of one kind as one, in order. */
export function inOrder(list: readonly Remembering[]): { save(): unknown; restore(state: unknown): Promise<void> } {
  return {
    save: () => list.map((part) => part.save()),
    async restore(state) {
      const states = state as readonly unknown[];
      for (const [at, part] of list.entries()) await part.restore(states[at]);
    },
  };
}
