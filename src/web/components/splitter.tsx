/** The line between before and after: dragged, touched, or moved by keys. */
import type { JSX } from 'preact';
import { t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { sliderTarget } from './slider-keys.ts';

export interface SplitterProps {
  /** How much of the picture is the original, in percent from the left. */
  readonly value: number;
  readonly onChange: (percent: number) => void;
}

/** Lies in the picture that it divides. */
export function Splitter({ value, onChange }: SplitterProps): JSX.Element {
  const set = (percent: number): void => onChange(Math.min(100, Math.max(0, percent)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = sliderTarget(event, { at: value, least: 0, most: 100, page: 10 });
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  const onPointer = (event: PointerEvent): void => {
    const line = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      event.stopPropagation();
      line.setPointerCapture(event.pointerId);
    }
    if (!line.hasPointerCapture(event.pointerId)) return;
    const view = line.parentElement?.getBoundingClientRect();
    if (view) set(((event.clientX - view.left) / view.width) * 100);
  };
  const percent = Math.round(value);
  return (
    <div
      class="splitter"
      style={{ '--split': `${value}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('stage.splitter')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={t('stage.splitter.value', { percent })}
      aria-orientation="horizontal"
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onDblClick={(event) => {
        event.stopPropagation();
        set(50);
      }}
    >
      <b>
        <Icon name="handles" />
      </b>
    </div>
  );
}
