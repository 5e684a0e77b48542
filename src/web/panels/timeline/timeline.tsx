/** The target over time: ruler, filmstrip, a lane a person, markers. Nothing in it grows with the number of frames. */

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n.ts';
import { timelineOpen } from '../../state/stage.ts';
import { FilmRow } from './film-row.tsx';
import { Lanes } from './lanes.tsx';
import { MarkersRow } from './markers-row.tsx';
import { Playhead } from './playhead.tsx';
import { RangesRow } from './ranges-row.tsx';
import { Ruler } from './ruler.tsx';
import { onScrub, TRACK } from './scrub.ts';
import { trackWidth } from './track-width.ts';

export function Timeline(): JSX.Element {
  const box = useRef<HTMLDivElement | null>(null);
  const isOpen = timelineOpen.value;
  useEffect(() => {
    const track = box.current?.querySelector(`[${TRACK}]`);
    if (!track) return;
    const observer = new ResizeObserver(() => {
      if (track.clientWidth > 0) trackWidth.value = track.clientWidth;
    });
    observer.observe(track);
    return () => observer.disconnect();
  }, [isOpen]);
  return (
    <div
      ref={box}
      class={isOpen ? 'timeline' : 'timeline is-closed'}
      role="group"
      aria-label={t('timeline.title')}
      onPointerDown={onScrub}
      onPointerMove={onScrub}
    >
      {isOpen && <Ruler />}
      <FilmRow />
      {isOpen && <RangesRow />}
      {isOpen && <Lanes />}
      {isOpen && <MarkersRow />}
      <Playhead />
    </div>
  );
}
