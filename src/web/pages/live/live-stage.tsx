/** The picture, its mark, and what keeps it away. */
import type { JSX } from 'preact';
import { recordAction, snapshotAction } from '../../actions/live.ts';
import { Button } from '../../components/button.tsx';
import { Splitter } from '../../components/splitter.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { isSnapping, recording } from '../../state/live-now.ts';
import { liveSize, liveView, sizeOf, splitAt } from './live-choices.ts';
import { LiveOutcome } from './live-outcome.tsx';
import { canvasNumber, isRunning, phase, stats, stopLive, useCanvas } from './live-session.ts';

const setSplit = (percent: number): void => {
  splitAt.value = percent / 100;
};

export function LiveStage(): JSX.Element {
  const { width, height } = sizeOf(liveSize.value);
  const isLive = phase.value === 'live';
  return (
    <div class="stage live" aria-busy={isRunning.value && !isLive}>
      <div class={isRunning.value ? 'pic fit' : 'pic fit is-off'} style={{ '--ar': width / height }}>
        <canvas
          key={canvasNumber.value}
          ref={useCanvas}
          width={width}
          height={height}
          class={phase.value === 'reconnecting' ? 'is-old' : undefined}
          role="img"
          aria-label={t('live.picture')}
        />
        {isLive && liveView.value === 'split' && <Splitter value={splitAt.value * 100} onChange={setSplit} />}
        {isLive && liveView.value !== 'original' && (
          // Over the result, of which it is said.
          <div class={liveView.value === 'split' ? 'hud tr' : 'hud tl'}>
            <span class="chip onpic">
              <Icon name="mark" />
              {t('live.marked')}
            </span>
          </div>
        )}
      </div>
      {isRunning.value && !isLive && <Waiting />}
      {isRunning.value && (
        <div class="hud bc">
          <span class="livebar">
            <Snapshot />
            <Record />
            <i />
            <Button kind="danger" icon="stop" onClick={stopLive}>
              {t('live.stop')}
            </Button>
          </span>
        </div>
      )}
      <LiveOutcome />
    </div>
  );
}

function Snapshot(): JSX.Element {
  const reason = snapshotAction.disabled?.();
  return (
    <Button
      kind="ghost"
      icon="image"
      busy={isSnapping.value}
      disabledReason={reason && t(reason)}
      onClick={() => void snapshotAction.run()}
    >
      {t(snapshotAction.label)}
    </Button>
  );
}

/** Keeps its width: the clock is in place of nothing. */
function Record(): JSX.Element {
  const now = recording.value;
  const reason = recordAction.disabled?.();
  return (
    <Button
      kind="ghost"
      busy={now.state === 'asked' || now.state === 'finishing'}
      pressed={now.state === 'on'}
      disabledReason={reason && t(reason)}
      onClick={() => void recordAction.run()}
    >
      <span class={now.state === 'on' ? 'rec is-on' : 'rec'} />
      {t('live.record')}
      <span class="rec-clock tnum">{now.state === 'on' ? clockOf(now.since, stats.value?.shown) : ''}</span>
    </Button>
  );
}

/** @param _ counted on twice a second, with which the clock goes on */
const clockOf = (since: number, _: number | undefined): string => {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

const Waiting = (): JSX.Element => (
  <div class="live-waiting" role="status">
    {t(
      phase.value === 'camera'
        ? 'live.wait.camera'
        : phase.value === 'connecting'
          ? 'live.wait.connecting'
          : 'live.wait.reconnecting',
    )}
  </div>
);
