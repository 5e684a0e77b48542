import { focusNextRegion } from '../components/regions.ts';
import { overlay, queueOpen, sheet } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

export const openPalette = defineAction({
  ...{ id: 'help.palette', label: 'palette.open', group: 'help', icon: 'search', keys: ['Ctrl+k'] },
  run: () => {
    overlay.value = 'palette';
  },
});
export const openShortcuts = defineAction({
  ...{ id: 'help.shortcuts', label: 'shortcuts.title', group: 'help', icon: 'keyboard', keys: ['?'] },
  run: () => {
    overlay.value = 'shortcuts';
  },
});
const nextRegion = defineAction({
  ...{ id: 'help.region', label: 'region.next', group: 'help', keys: ['F6'], hidden: true },
  run: () => focusNextRegion(1),
});
const previousRegion = defineAction({
  ...{ id: 'help.region.previous', label: 'region.previous', group: 'help', keys: ['Shift+F6'], hidden: true },
  run: () => focusNextRegion(-1),
});
/** Dialogs and menus take Escape themselves; this is for what is not one. */
const stepBack = defineAction({
  ...{ id: 'help.back', label: 'shortcuts.escape', group: 'help', keys: ['Escape'], hidden: true },
  disabled: () => (queueOpen.value || sheet.value ? undefined : 'queue.nothing.open'),
  run: () => {
    if (sheet.value) sheet.value = undefined;
    else queueOpen.value = false;
  },
});

export const helpActions: readonly Action[] = [openPalette, openShortcuts, nextRegion, previousRegion, stepBack];
