import type { I420Frame } from '../core/image.ts';
import type { LeftAloneReason } from '../engine/processors/processor.ts';

/** Why a frame is in the output as it came. `no-face`: nothing that the selector chose was in it. */
export type UnchangedReason = LeftAloneReason | 'no-face';

/** What became of the frames of a run. A photo counts as one frame. */
export interface FrameCounts {
  readonly total: number;
  /** Frames in which at least one face was worked on. */
  readonly changed: number;
  /** Frames in which a chosen face was left alone, or in which there was none, by reason. A frame can count twice. */
  readonly leftAlone: Readonly<Partial<Record<UnchangedReason, number>>>;
}

/** What became of the faces of one frame. */
export interface FrameTally {
  readonly changed: boolean;
  readonly reasons: ReadonlySet<UnchangedReason>;
}

/** A frame as the processors left it. */
export interface WorkedFrame {
  readonly tally: FrameTally;
  /** Takes the frame's place, where it has grown or something of it is transparent; owned by the caller. */
  readonly replacement?: I420Frame | undefined;
}

/** Adds up the tallies of a run. */
export class FrameCounter {
  #total = 0;
  #changed = 0;
  readonly #reasons = new Map<UnchangedReason, number>();

  add({ changed, reasons }: FrameTally): void {
    this.#total++;
    if (changed) this.#changed++;
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  get counts(): FrameCounts {
    return { total: this.#total, changed: this.#changed, leftAlone: Object.fromEntries(this.#reasons) };
  }
}

/** Counts of several parts as one. */
export function addCounts(parts: readonly FrameCounts[]): FrameCounts {
  const leftAlone: Partial<Record<UnchangedReason, number>> = {};
  for (const part of parts) {
    for (const [reason, count] of Object.entries(part.leftAlone) as [UnchangedReason, number][]) {
      leftAlone[reason] = (leftAlone[reason] ?? 0) + count;
    }
  }
  const sum = (name: 'total' | 'changed'): number => parts.reduce((total, part) => total + part[name], 0);
  return { total: sum('total'), changed: sum('changed'), leftAlone };
}
