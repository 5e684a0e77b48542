/** How the stage is looked at: mode, boxes, original, preview, zoom, full screen. */
import type { JSX } from 'preact';
import { boxesAction, fullscreenAction, holdOriginal, previewsAction, toggleOriginalAction } from '../actions/stage.ts';
import { ActionButton } from '../components/button.tsx';
import { Segmented } from '../components/controls.tsx';
import { Select } from '../components/select.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { previewsOn } from '../state/preview.ts';
import { boxesOn, holdsOriginal, setViewMode, shownMode } from '../state/stage.ts';
import { currentScale, fitPicture, isFit, zoomTo } from '../state/zoom.ts';

export const Toolbar = (): JSX.Element => (
  <div class="toolbar" role="toolbar" aria-label={t('view.title')}>
    <Segmented
      label={t('view.title')}
      value={shownMode.value}
      onChange={setViewMode}
      choices={[
        { value: 'split', label: t('view.split'), icon: 'split' },
        { value: 'side', label: t('view.side'), icon: 'side' },
        { value: 'result', label: t('view.result') },
        { value: 'original', label: t('view.original') },
      ]}
    />
    <span class="grow" />
    <ActionButton action={previewsAction} pressed={previewsOn.value} />
    <ActionButton action={boxesAction} pressed={boxesOn.value} />
    <HoldButton />
    <span class="sep" />
    <ZoomSelect />
    <ActionButton action={fullscreenAction} />
  </div>
);

/** Shows the original as long as it is held; a click by a screen reader or the keyboard goes there and back. */
const HoldButton = (): JSX.Element => (
  <Tooltip text={t('view.hold')} keys={toggleOriginalAction.keys?.[0]}>
    <button
      type="button"
      class="btn btn-ghost btn-icon btn-sm"
      aria-label={t('view.hold')}
      aria-pressed={holdsOriginal.value}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        holdOriginal(true);
      }}
      onPointerUp={() => holdOriginal(false)}
      onPointerCancel={() => holdOriginal(false)}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        holdOriginal(true);
      }}
      onKeyUp={() => holdOriginal(false)}
      onBlur={() => holdOriginal(false)}
      onClick={(event) => {
        if (event.detail === 0) void toggleOriginalAction.run();
      }}
    >
      <Icon name="eye" />
    </button>
  </Tooltip>
);

const percent = (): string => t('view.percent', { percent: Math.round(currentScale.value * 100) });
/** Sizes of the list, in percent. */
const SIZES = ['50', '100', '200', '400'] as const;

function ZoomSelect(): JSX.Element {
  const value = isFit.value ? 'fit' : (SIZES.find((size) => Number(size) === currentScale.value * 100) ?? 'own');
  return (
    <Select
      class="btn btn-ghost btn-sm zoom-select"
      label={t('view.zoom')}
      value={value}
      onChange={(size) => (size === 'fit' ? fitPicture() : zoomTo(Number(size) / 100))}
      choices={[
        { value: 'fit', label: t('view.fit') },
        ...SIZES.map((size) => ({ value: size, label: t('view.percent', { percent: Number(size) }) })),
      ]}
    >
      <span>{isFit.value ? t('view.fit') : percent()}</span>
    </Select>
  );
}
