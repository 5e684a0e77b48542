/** What is looked at, and how it goes. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { Segmented } from '../../components/controls.tsx';
import { formatNumber, type TextKey, t } from '../../i18n/i18n.ts';
import { liveView } from './live-choices.ts';
import { type Phase, phase, stats } from './live-session.ts';

const CHIPS: Readonly<Record<Phase, readonly [kind: string, text: TextKey]>> = {
  idle: ['', 'live.chip.idle'],
  camera: ['', 'live.chip.camera'],
  connecting: ['', 'live.chip.connecting'],
  live: ['success', 'live.chip.live'],
  reconnecting: ['warning', 'live.chip.reconnecting'],
};

const showFull = (): void => {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.querySelector('.stage.live')?.requestFullscreen();
};

export function LiveToolbar(): JSX.Element {
  const [kind, text] = CHIPS[phase.value];
  return (
    <div class="toolbar" role="toolbar" aria-label={t('view.title')}>
      <Segmented
        label={t('view.title')}
        value={liveView.value}
        onChange={(view) => {
          liveView.value = view;
        }}
        choices={[
          { value: 'result', label: t('view.result') },
          { value: 'split', label: t('view.split') },
          { value: 'original', label: t('view.original') },
        ]}
      />
      <span class="grow" />
      <span class={`chip ${kind}`} role="status">
        <span class="dot" />
        {t(text)}
      </span>
      <Rates />
      <span class="sep" />
      <IconButton icon="fullscreen" label={t('view.fullscreen')} onClick={showFull} />
    </div>
  );
}

/** Numbers keep their places while they change. */
function Rates(): JSX.Element | null {
  const now = stats.value;
  if (phase.value !== 'live' || !now || now.latencyMs === undefined) return null;
  const { fps, latencyMs, width, height } = now;
  return (
    <>
      <span class="t2 tnum">{t('live.fps', { fps: formatNumber(fps) })}</span>
      <span class="t3 tnum live-size">{t('stage.size', { width: String(width), height: String(height) })}</span>
      <span class="t3 tnum live-behind">{t('live.behind', { ms: formatNumber(latencyMs) })}</span>
    </>
  );
}
