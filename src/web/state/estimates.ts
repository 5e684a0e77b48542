/** Time and memory that a preset takes on this machine for this target: measured, or absent. */
import { signal } from '@preact/signals';

export interface Estimate {
  readonly seconds: number | undefined;
  /** Most that the run holds at once. */
  readonly memoryBytes: number | undefined;
}

/** By the preset's name; a preset that was never measured for such a target has none. */
export const estimates = signal<ReadonlyMap<string, Estimate>>(new Map());
