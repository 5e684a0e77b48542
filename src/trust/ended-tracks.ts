/** A track that shows up again within so many frames goes on with what was remembered of it. */
const GRACE_FRAMES = 50;

/** Notices when a tracked face is gone for good, so that what was remembered of it can be dropped. */
export class EndedTracks {
  readonly #lastSeen = new Map<number, number>();

  /** @returns ids that were last seen more than `GRACE_FRAMES` frames ago; each is returned once */
  update(frameIndex: number, tracks: readonly { readonly trackId: number }[]): number[] {
    for (const { trackId } of tracks) this.#lastSeen.set(trackId, frameIndex);
    const ended: number[] = [];
    for (const [trackId, lastFrame] of this.#lastSeen) {
      if (frameIndex - lastFrame > GRACE_FRAMES) ended.push(trackId);
    }
    for (const trackId of ended) this.#lastSeen.delete(trackId);
    return ended;
  }
}
