/** Who begins where: how a second pass over a video knows a track from its first frame. Pure. */
import type { Region } from '../../core/image.ts';
import { overlapOf } from '../../engine/faces/boxes.ts';
import type { KnownPerson } from './name-people.ts';

/** How far apart in frames, and how little over each other, the beginnings of one track in both passes may be. */
const MOST_FRAMES = 4;
const LEAST_OVERLAP = 0.5;

/**
 * The person whose track began about here and now when the whole video was watched.
 * @returns an index into `known`; undefined where nobody's did
 */
export function whoBegins(
  known: readonly Pick<KnownPerson, 'beginnings'>[],
  frameIndex: number,
  box: Region,
): number | undefined {
  let best: number | undefined;
  let bestOverlap = LEAST_OVERLAP;
  for (const [person, { beginnings }] of known.entries()) {
    for (const beginning of beginnings) {
      if (Math.abs(beginning.frame - frameIndex) > MOST_FRAMES) continue;
      const overlap = overlapOf(beginning.box, box);
      if (overlap <= bestOverlap) continue;
      best = person;
      bestOverlap = overlap;
    }
  }
  return best;
}
