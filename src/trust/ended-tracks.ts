import type { Stateful } from '../core/stateful.ts';

/** The tracker gives a face that comes back within half a second its old track; nothing is forgotten before that. */
const GRACE_SECONDS = 1;

/** Notices when a tracked face is gone for good, so that what was remembered of it can be dropped. */
export class EndedTracks implements Stateful {
  #lastSeen = new Map<number, number>();

  /** @returns ids that were last seen more than `GRACE_SECONDS` ago; each is returned once */
  update(timeSeconds: number, tracks: readonly { readonly trackId: number }[]): number[] {
    for (const { trackId } of tracks) this.#lastSeen.set(trackId, timeSeconds);
    const ended: number[] = [];
    for (const [trackId, lastTime] of this.#lastSeen) {
      if (timeSeconds - lastTime > GRACE_SECONDS) ended.push(trackId);
    }
    for (const trackId of ended) this.#lastSeen.delete(trackId);
    return ended;
  }

  save(): ReadonlyMap<number, number> {
    return new Map(this.#lastSeen);
  }

  restore(state: unknown): void {
    this.#lastSeen = new Map(state as ReadonlyMap<number, number>);
  }
}
