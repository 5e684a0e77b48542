/** What lets a run that was interrupted go on where it stopped. */

/**
 * Something that remembers the frames it has seen. Whoever goes on from a saved state gives, byte for byte, what the
 * uninterrupted one would have given.
 */
export interface Stateful {
  /** A copy of all that is remembered, as plain data that `v8.serialize` takes. Owned by the caller. */
  save(): unknown;
  /**
   * Takes the place of what is remembered.
   * @param state what `save` gave, in the same version and with the same options: whoever keeps it vouches for that. It
   *   is copied.
   */
  restore(state: unknown): void;
}
