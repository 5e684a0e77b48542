/** Going to a frame by pointing at the timeline. */

import { isPlaying } from '../../state/preview.ts';
import { frameCount, seek } from '../../state/target.ts';
import { frameAt } from './timeline-math.ts';

/** Marks what is as wide as the whole target. */
export const TRACK = 'data-track';

/** @returns the frame under the pointer; undefined where there is no track */
export function frameUnder(timeline: Element, clientX: number): number | undefined {
  const track = timeline.querySelector(`[${TRACK}]`)?.getBoundingClientRect();
  if (!track || track.width === 0) return undefined;
  return frameAt((clientX - track.left) / track.width, frameCount.value);
}

/** For the timeline: what is not a control of its own moves the playhead, and goes on while the pointer is held. */
export function onScrub(event: PointerEvent): void {
  const timeline = event.currentTarget as HTMLElement;
  if (event.type === 'pointerdown') {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest('button, .trimhandle, .rangehandle, .name, .is-scroller-bar')) return;
    timeline.setPointerCapture(event.pointerId);
    isPlaying.value = false;
  }
  if (!timeline.hasPointerCapture(event.pointerId)) return;
  const to = frameUnder(timeline, event.clientX);
  if (to !== undefined) seek(to);
}
