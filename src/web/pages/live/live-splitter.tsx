/** The line between the camera and the result. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { splitAt } from './live-choices.ts';

const set = (share: number): void => {
  splitAt.value = Math.min(1, Math.max(0, share));
};

export function LiveSplitter(): JSX.Element {
  const percent = Math.round(splitAt.value * 100);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? 0.1 : 0.01;
    const next = {
      ...{ ArrowRight: splitAt.value + by, ArrowUp: splitAt.value + by, Home: 0 },
      ...{ ArrowLeft: splitAt.value - by, ArrowDown: splitAt.value - by, End: 1 },
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  const onPointer = (event: PointerEvent): void => {
    const line = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown' && event.button === 0) line.setPointerCapture(event.pointerId);
    const picture = line.parentElement?.getBoundingClientRect();
    if (picture && line.hasPointerCapture(event.pointerId)) set((event.clientX - picture.left) / picture.width);
  };
  return (
    <div
      class="splitter"
      style={{ '--split': `${splitAt.value * 100}%` }}
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
      onDblClick={() => set(0.5)}
    >
      <b>
        <Icon name="handles" />
      </b>
    </div>
  );
}
