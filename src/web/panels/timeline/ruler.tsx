import type { JSX } from 'preact';
import { fps, frameCount } from '../../state/target.ts';
import { ticksOf, tickText } from './timeline-math.ts';
import { trackWidth } from './track-width.ts';

/** What it tells is told by the playhead, too. */
export function Ruler(): JSX.Element {
  const seconds = frameCount.value / fps.value;
  return (
    <div class="tl-row ruler" aria-hidden="true">
      <span />
      <div class="track">
        {ticksOf(seconds, trackWidth.value).map((tick) => (
          <span key={tick} style={{ insetInlineStart: `${(100 * tick) / seconds}%` }}>
            {tickText(tick, seconds >= 3600)}
          </span>
        ))}
      </div>
    </div>
  );
}
