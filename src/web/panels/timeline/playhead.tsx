/** Where the stage is in the target. */
import type { JSX } from 'preact';
import { sliderTarget } from '../../components/slider-keys.ts';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { frame, isPlaying } from '../../state/preview.ts';
import { fps, frameCount, seek } from '../../state/target.ts';

export function Playhead(): JSX.Element {
  const at = frame.value;
  const most = frameCount.value - 1;
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = sliderTarget(event, { at, least: 0, most, page: Math.round(fps.value) });
    if (to === undefined) return;
    event.preventDefault();
    isPlaying.value = false;
    seek(to);
  };
  return (
    <span
      class="playhead"
      style={{ '--at': String(at / frameCount.value) }}
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.playhead')}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={at}
      aria-valuetext={t('timeline.at', { frame: at, time: formatTimecode(at, fps.value) })}
      onKeyDown={onKeyDown}
    />
  );
}
