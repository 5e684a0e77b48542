/** The live page: its parts are fetched when they are first needed. */

import { project } from '../state/document.ts';
import { isLiveNow } from '../state/live-now.ts';
import { addressOf, page } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

const needsLive: Action['disabled'] = () => (page.value === 'live' ? undefined : 'reason.notLive');

export const snapshotAction = defineAction({
  ...{ id: 'live.snapshot', label: 'action.live.snapshot', group: 'view', icon: 'image', keys: ['Alt+s'] },
  disabled: () => (isLiveNow.value ? undefined : 'reason.notRunning'),
  run: async () => {
    const { takeSnapshot } = await import('../pages/live/live-session.ts');
    takeSnapshot();
  },
});

export const recordAction = defineAction({
  ...{ id: 'live.record', label: 'action.live.record', group: 'view', icon: 'film', keys: ['Alt+r'] },
  disabled: () => (isLiveNow.value ? undefined : 'reason.notRunning'),
  run: async () => {
    const { toggleRecording } = await import('../pages/live/live-session.ts');
    toggleRecording();
  },
});

export const liveActions: readonly Action[] = [
  defineAction({
    ...{ id: 'live.toggle', label: 'action.live.toggle', group: 'view', icon: 'camera', keys: ['Alt+l'] },
    disabled: () => (project.value.value.sources.length === 0 ? 'reason.noSource' : undefined),
    run: async () => {
      location.hash = addressOf('live');
      const { toggleLive } = await import('../pages/live/live-session.ts');
      await toggleLive();
    },
  }),
  snapshotAction,
  recordAction,
  defineAction({
    ...{ id: 'live.mirror', label: 'live.mirror', group: 'view', icon: 'flip' },
    disabled: needsLive,
    run: async () => {
      const { isMirrored } = await import('../pages/live/live-choices.ts');
      isMirrored.value = !isMirrored.value;
    },
  }),
];
