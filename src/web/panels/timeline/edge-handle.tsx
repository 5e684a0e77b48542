/** An edge on the timeline: dragged, or moved by keys. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { sliderTarget } from '../../components/slider-keys.ts';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { fps } from '../../state/target.ts';
import { frameUnder } from './scrub.ts';

export interface EdgeHandleProps {
  readonly class: string;
  readonly label: string;
  /** Frame that is told and moved, and where it may be. */
  readonly at: number;
  readonly least: number;
  readonly most: number;
  /** @param merge the same one for all moves of one drag, or of keys after each other */
  readonly onMove: (to: number, merge: string) => void;
}

let drags = 0;

export function EdgeHandle({ class: className, label, at, least, most, onMove }: EdgeHandleProps): JSX.Element {
  const merge = useRef('');
  const move = (to: number): void => onMove(Math.min(most, Math.max(least, to)), merge.current);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = sliderTarget(event, { at, least, most, page: Math.round(fps.value) });
    if (to === undefined) return;
    event.preventDefault();
    merge.current = `${label} keys`;
    move(to);
  };
  const onPointer = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      event.stopPropagation();
      merge.current = `edge ${++drags}`;
      handle.setPointerCapture(event.pointerId);
    } else if (!handle.hasPointerCapture(event.pointerId)) return;
    else {
      const timeline = handle.closest('.timeline');
      const to = timeline ? frameUnder(timeline, event.clientX) : undefined;
      if (to !== undefined) move(to);
    }
  };
  return (
    <span
      class={className}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={at}
      aria-valuetext={t('timeline.at', { frame: at, time: formatTimecode(at, fps.value) })}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
    />
  );
}
