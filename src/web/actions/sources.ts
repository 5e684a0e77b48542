/** Files are chosen. */
import { takeFiles } from '../state/intake.ts';
import { MEDIA, PHOTOS, pickFiles } from '../state/pick-files.ts';
import { type Action, defineAction } from './action.ts';

export const addSourceAction = defineAction({
  ...{ id: 'source.add', label: 'action.source.add', group: 'project', icon: 'plus', keys: ['a'] },
  run: async () => takeFiles(await pickFiles(PHOTOS, true), { kind: 'source' }),
});

export const chooseTargetAction = defineAction({
  ...{ id: 'target.choose', label: 'action.target.choose', group: 'project', icon: 'film', keys: ['t'] },
  run: async () => takeFiles(await pickFiles(MEDIA, true), { kind: 'target' }),
});

export const sourceActions: readonly Action[] = [addSourceAction, chooseTargetAction];
