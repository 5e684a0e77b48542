/** Zoom over the stage: where two pictures are compared, and wherever not all is seen. */
import type { JSX } from 'preact';
import { zoomInAction, zoomOutAction } from '../../actions/stage.ts';
import { ActionButton } from '../../components/button.tsx';
import { t } from '../../i18n/i18n.ts';
import { shownMode } from '../../state/stage.ts';
import { currentScale, fitPicture, isFit, zoomTo } from '../../state/zoom.ts';

export function Zoomer(): JSX.Element | null {
  const isComparing = ['split', 'side', 'presets'].includes(shownMode.value);
  if (isFit.value && !isComparing) return null;
  return (
    <div class="hud bc">
      <span class="zoomer">
        <ActionButton action={zoomOutAction} />
        <span>{t('view.percent', { percent: Math.round(currentScale.value * 100) })}</span>
        <ActionButton action={zoomInAction} />
        <i />
        <button
          type="button"
          class="btn btn-ghost btn-sm"
          aria-label={`1:1, ${t('view.actualSize')}`}
          aria-pressed={!isFit.value && currentScale.value === 1}
          onClick={() => zoomTo(1)}
        >
          1:1
        </button>
        <button type="button" class="btn btn-ghost btn-sm" aria-pressed={isFit.value} onClick={fitPicture}>
          {t('view.fit')}
        </button>
      </span>
    </div>
  );
}
