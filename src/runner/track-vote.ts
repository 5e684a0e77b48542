/**
 * Whether to work on one tracked face, decided from a few looks over its life instead of one look a frame: a look
 * costs a detection and an identity, and a decision that changed from frame to frame would flicker.
 */

/** Ages of a track, in frames, at which it is looked at; the first look waits for a frame good enough. */
const LOOK_AGES = [0, 6, 18, 45, 110] as const;
/** After so many frames without a good one, any frame must do. */
const PATIENCE_FRAMES = 12;

export class TrackVote {
  readonly #firstFrame: number;
  #looks = 0;
  #yes = 0;
  #chosen = false;

  constructor(firstFrame: number) {
    this.#firstFrame = firstFrame;
  }

  /** Whether the track should be looked at now. @param isGood the face is large and clear enough to be recognised */
  isDue(frameIndex: number, isGood: boolean): boolean {
    const dueAge = LOOK_AGES[this.#looks];
    if (dueAge === undefined) return false;
    const age = frameIndex - this.#firstFrame;
    return age >= dueAge && (isGood || age >= dueAge + PATIENCE_FRAMES);
  }

  /** Counts a look. A tie keeps the decision that stands. */
  add(qualifies: boolean): void {
    this.#looks++;
    if (qualifies) this.#yes++;
    const no = this.#looks - this.#yes;
    if (this.#yes !== no) this.#chosen = this.#yes > no;
  }

  /** False until the first look. */
  get chosen(): boolean {
    return this.#chosen;
  }

  get looks(): number {
    return this.#looks;
  }
}
