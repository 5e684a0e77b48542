/** Actions of the toolbar and the stage. */
import type { TextKey } from '../i18n/i18n.ts';
import { previewsOn, refresh } from '../state/preview.ts';
import {
  boxesOn,
  cycleStageColour,
  holdsOriginal,
  setViewMode,
  toggleOriginal,
  type ViewMode,
  viewMode,
} from '../state/stage.ts';
import { target } from '../state/target.ts';
import { fitPicture, zoomIn, zoomOut, zoomTo } from '../state/zoom.ts';
import { type Action, defineAction } from './action.ts';

/** What is taken full screen: the stage with its toolbar and timeline. */
export const CENTER_ID = 'center';

const needsTarget = (): TextKey | undefined => (target.value ? undefined : 'reason.noTarget');

const MODE_ICONS = { split: 'split', side: 'side', presets: 'grid', result: 'image', original: 'eye' } as const;
const view = (mode: ViewMode, keys?: readonly string[]): Action =>
  defineAction({
    ...{ id: `view.${mode}`, label: `view.${mode}`, group: 'view', icon: MODE_ICONS[mode], ...(keys ? { keys } : {}) },
    disabled: needsTarget,
    run: () => setViewMode(mode),
  });

export const comparePresetsAction = view('presets', ['c']);

/** Held so long, a key shows the original only while it is held. */
const HOLD_MS = 350;

export const toggleOriginalAction = defineAction({
  ...{ id: 'view.toggleOriginal', label: 'view.toggleOriginal', group: 'view', icon: 'eye', keys: ['\\'] },
  disabled: needsTarget,
  run: () => {
    const began = performance.now();
    toggleOriginal();
    const isOriginal = viewMode.value === 'original';
    addEventListener(
      'keyup',
      () => {
        if (isOriginal && performance.now() - began > HOLD_MS && viewMode.value === 'original') toggleOriginal();
      },
      { once: true },
    );
  },
});

export const boxesAction = defineAction({
  ...{ id: 'view.boxes', label: 'view.boxes', group: 'view', icon: 'users', keys: ['b'] },
  disabled: needsTarget,
  run: () => {
    boxesOn.value = !boxesOn.value;
  },
});
export const previewsAction = defineAction({
  ...{ id: 'view.previews', label: 'view.previews', group: 'view', icon: 'refresh', keys: ['v'] },
  run: () => {
    previewsOn.value = !previewsOn.value;
  },
});
export const previewNowAction = defineAction({
  ...{ id: 'view.previewNow', label: 'view.previewNow', group: 'view', icon: 'refresh', keys: ['Shift+Enter'] },
  disabled: needsTarget,
  run: () => refresh(true),
});
export const zoomInAction = defineAction({
  ...{ id: 'view.zoomIn', label: 'view.zoomIn', group: 'view', icon: 'plus', keys: ['+', '='], repeats: true },
  ...{ disabled: needsTarget, run: zoomIn },
});
export const zoomOutAction = defineAction({
  ...{ id: 'view.zoomOut', label: 'view.zoomOut', group: 'view', icon: 'minus', keys: ['-'], repeats: true },
  ...{ disabled: needsTarget, run: zoomOut },
});
export const fitAction = defineAction({
  ...{ id: 'view.fit', label: 'view.fit', group: 'view', icon: 'fullscreen', keys: ['0'] },
  ...{ disabled: needsTarget, run: fitPicture },
});
export const fullscreenAction = defineAction({
  ...{ id: 'view.fullscreen', label: 'view.fullscreen', group: 'view', icon: 'fullscreen', keys: ['f'] },
  run: async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.getElementById(CENTER_ID)?.requestFullscreen();
  },
});

/** While a button is held. */
export const holdOriginal = (isHeld: boolean): void => {
  holdsOriginal.value = isHeld;
};

export const stageActions: readonly Action[] = [
  ...(['split', 'side', 'result', 'original'] as const).map((mode) => view(mode)),
  comparePresetsAction,
  toggleOriginalAction,
  boxesAction,
  previewsAction,
  previewNowAction,
  zoomInAction,
  zoomOutAction,
  fitAction,
  defineAction({
    ...{ id: 'view.actualSize', label: 'view.actualSize', group: 'view', keys: ['1'], disabled: needsTarget },
    run: () => zoomTo(1),
  }),
  defineAction({
    ...{ id: 'view.double', label: 'view.double', group: 'view', keys: ['2'], disabled: needsTarget },
    run: () => zoomTo(2),
  }),
  fullscreenAction,
  defineAction({
    ...{ id: 'view.stageColour', label: 'view.stageColour', group: 'view', keys: ['g'], run: cycleStageColour },
  }),
];
