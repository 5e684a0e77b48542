/** Frame by frame, playing, in and out, markers. */
import type { JSX } from 'preact';
import {
  markerAction,
  nextAction,
  playAction,
  previousAction,
  rangeAction,
  setInAction,
  setOutAction,
  soundAction,
  toggleTimelineAction,
} from '../../actions/timeline.ts';
import { ActionButton, Button, IconButton } from '../../components/button.tsx';
import { formatNumber, formatTimecode, t } from '../../i18n/i18n.ts';
import { project } from '../../state/document.ts';
import { soundOn, speed } from '../../state/player.ts';
import { frame, isPlaying } from '../../state/preview.ts';
import { timelineOpen } from '../../state/stage.ts';
import { fps, frameCount } from '../../state/target.ts';

const Position = (): JSX.Element => (
  <>
    <span class="tc">{formatTimecode(frame.value, fps.value)}</span>
    <span class="t3 tposition">
      {t('transport.position', { frame: frame.value, count: frameCount.value })}
      {isPlaying.value && speed.value !== 1 && (
        <span class="speed">{t('transport.speed', { speed: formatNumber(speed.value) })}</span>
      )}
    </span>
  </>
);

const MarkerButton = (): JSX.Element => {
  const isThere = project.value.value.markers.some((marker) => marker.frame === frame.value);
  return (
    <Button
      {...{ kind: 'ghost', size: 'sm', icon: 'flag', keys: markerAction.keys?.[0], pressed: isThere }}
      onClick={() => void markerAction.run()}
    >
      {t('transport.marker')}
    </Button>
  );
};

export const Transport = (): JSX.Element => (
  <div class="transport" role="toolbar" aria-label={t('transport.title')}>
    <ActionButton action={previousAction} />
    <IconButton
      icon={isPlaying.value ? 'pause' : 'play'}
      label={t(isPlaying.value ? 'transport.pause' : 'transport.play')}
      keys={playAction.keys?.[0]}
      onClick={() => void playAction.run()}
    />
    <ActionButton action={nextAction} />
    <Position />
    <span class="grow" />
    <ActionButton action={setInAction} text />
    <ActionButton action={setOutAction} text />
    <span class="sep" />
    <MarkerButton />
    <ActionButton action={rangeAction} />
    <span class="sep" />
    <IconButton
      icon={soundOn.value ? 'volume' : 'silent'}
      label={t('transport.sound')}
      pressed={soundOn.value}
      onClick={() => void soundAction.run()}
    />
    <IconButton
      icon={timelineOpen.value ? 'chevronDown' : 'chevronUp'}
      label={t(timelineOpen.value ? 'transport.collapse' : 'transport.expand')}
      onClick={() => void toggleTimelineAction.run()}
    />
  </div>
);
