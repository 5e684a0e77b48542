/**
 * Whether to work on one tracked face, decided from a few looks over its life instead of one look a frame: a look
 * costs a detection and an identity, and a decision that changed from frame to frame would flicker.
 */

import type { Stateful } from '../core/stateful.ts';

/** Frames from one look to the next; after the last the decision stands. The first look is at once. */
const LOOK_INTERVALS = [6, 12, 27, 65] as const;
/** A look waits so many frames for a face large and clear enough; then any will do. */
const PATIENCE_FRAMES = 12;

interface TrackVoteState {
  readonly dueFrame: number;
  readonly looks: number;
  readonly yes: number;
  readonly chosen: boolean;
}

export class TrackVote implements Stateful {
  #dueFrame: number;
  #looks = 0;
  #yes = 0;
  #chosen = false;

  /** @param firstFrame index of the frame in which the track begins */
  constructor(firstFrame: number) {
    this.#dueFrame = firstFrame;
  }

  /** Whether the track should be looked at now. @param isGood the face is large and clear enough to be recognised */
  isDue(frameIndex: number, isGood: boolean): boolean {
    return frameIndex >= this.#dueFrame + (isGood ? 0 : PATIENCE_FRAMES);
  }

  /** Counts a look. A tie keeps the decision that stands. */
  add(frameIndex: number, qualifies: boolean): void {
    this.#dueFrame = frameIndex + (LOOK_INTERVALS[this.#looks] ?? Number.POSITIVE_INFINITY);
    this.#looks++;
    if (qualifies) this.#yes++;
    const no = this.#looks - this.#yes;
    if (this.#yes !== no) this.#chosen = this.#yes > no;
  }

  /** The detector did not see the face this time: look again later. */
  postpone(frameIndex: number): void {
    this.#dueFrame = frameIndex + PATIENCE_FRAMES;
  }

  /** False until the first look. */
  get chosen(): boolean {
    return this.#chosen;
  }

  save(): TrackVoteState {
    return { dueFrame: this.#dueFrame, looks: this.#looks, yes: this.#yes, chosen: this.#chosen };
  }

  restore(state: unknown): void {
    const from = state as TrackVoteState;
    this.#dueFrame = from.dueFrame;
    this.#looks = from.looks;
    this.#yes = from.yes;
    this.#chosen = from.chosen;
  }
}
