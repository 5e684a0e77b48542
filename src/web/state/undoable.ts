/** A value with a past and a future: every change can be undone. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** Steps that can be undone; older ones are forgotten. */
const PAST_STEPS = 200;

export interface Undoable<T> {
  readonly value: ReadonlySignal<T>;
  /** What undo would take back, as an i18n key of the change. */
  readonly undoLabel: ReadonlySignal<string | undefined>;
  readonly redoLabel: ReadonlySignal<string | undefined>;
  /**
   * Changes the value.
   * @param label what is done, for "Undo …"
   * @param merge changes with the same one that follow each other are one step, as while a slider moves
   */
  change(label: string, next: (value: T) => T, merge?: string): void;
  undo(): void;
  redo(): void;
  /** Another document: nothing before it can be undone. */
  reset(value: T): void;
}

interface Step<T> {
  readonly value: T;
  readonly label: string;
  readonly merge: string | undefined;
}

export function createUndoable<T>(first: T): Undoable<T> {
  const value = signal(first);
  // Each holds the value before (or after) the change that its label names.
  const past = signal<readonly Step<T>[]>([]);
  const future = signal<readonly Step<T>[]>([]);
  return {
    value,
    undoLabel: computed(() => past.value.at(-1)?.label),
    redoLabel: computed(() => future.value.at(-1)?.label),
    change(label, next, merge) {
      const before = value.value;
      const after = next(before);
      if (Object.is(before, after)) return;
      const last = past.value.at(-1);
      if (merge === undefined || last?.merge !== merge) {
        past.value = [...past.value, { value: before, label, merge }].slice(-PAST_STEPS);
      }
      future.value = [];
      value.value = after;
    },
    undo() {
      const step = past.value.at(-1);
      if (!step) return;
      past.value = past.value.slice(0, -1);
      future.value = [...future.value, { value: value.value, label: step.label, merge: undefined }];
      value.value = step.value;
    },
    redo() {
      const step = future.value.at(-1);
      if (!step) return;
      future.value = future.value.slice(0, -1);
      past.value = [...past.value, { value: value.value, label: step.label, merge: undefined }];
      value.value = step.value;
    },
    reset(next) {
      past.value = [];
      future.value = [];
      value.value = next;
    },
  };
}
