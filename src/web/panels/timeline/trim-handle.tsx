/** In or out: dragged, or moved by keys. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { setRange } from '../../state/range.ts';
import { fps, frameCount, range, seek } from '../../state/target.ts';
import { frameUnder } from './scrub.ts';

let drags = 0;

export function TrimHandle({ side }: { readonly side: 'in' | 'out' }): JSX.Element {
  const isIn = side === 'in';
  const merge = useRef('');
  const { start, end } = range.value;
  // Told and moved is the first and the last frame that is worked on.
  const at = isIn ? start : end - 1;
  const [least, most] = isIn ? [0, end - 1] : [start, frameCount.value - 1];
  const move = (to: number): void => {
    const wanted = Math.min(most, Math.max(least, to));
    if (isIn) setRange(wanted, end, merge.current);
    else setRange(start, wanted + 1, merge.current);
    seek(wanted);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? 10 : 1;
    const to = {
      ArrowRight: at + by,
      ArrowUp: at + by,
      ArrowLeft: at - by,
      ArrowDown: at - by,
      PageUp: at + Math.round(fps.value),
      PageDown: at - Math.round(fps.value),
      Home: least,
      End: most,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    merge.current = `range ${side} keys`;
    move(to);
  };
  const onPointer = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      event.stopPropagation();
      merge.current = `range ${++drags}`;
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
      class={`trimhandle at-${side}`}
      role="slider"
      tabIndex={0}
      aria-label={t(isIn ? 'timeline.in' : 'timeline.out')}
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
