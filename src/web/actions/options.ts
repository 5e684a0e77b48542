/** Presets, options, Start. */

import { copySetup } from '../state/copy-setup.ts';
import { isModified, resetOptions } from '../state/presets.ts';
import { isStarting, start, startReason } from '../state/start.ts';
import { allOptionsOpen } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

export const startAction = defineAction({
  ...{ id: 'start', label: 'action.start', group: 'project', icon: 'play', keys: ['Ctrl+Enter'] },
  disabled: () => startReason.value ?? (isStarting.value ? 'start.busy' : undefined),
  run: start,
});

export const allOptionsAction = defineAction({
  ...{ id: 'options.all', label: 'action.options.all', group: 'project', icon: 'sliders', keys: ['e'] },
  run: () => {
    allOptionsOpen.value = !allOptionsOpen.value;
  },
});

export const resetAction = defineAction({
  ...{ id: 'options.reset', label: 'action.options.reset', group: 'project', icon: 'retry' },
  disabled: () => (isModified.value ? undefined : 'option.none.changed'),
  run: resetOptions,
});

const copyAction = (kind: 'command' | 'api'): Action =>
  defineAction({
    ...{
      id: `copy.${kind}`,
      label: `action.copy.${kind}`,
      group: 'project',
      icon: kind === 'api' ? 'copy' : 'terminal',
    },
    disabled: () => startReason.value,
    run: () => copySetup(kind),
  });

export const copyCommandAction = copyAction('command');
export const copyApiAction = copyAction('api');

export const optionActions: readonly Action[] = [
  ...[startAction, allOptionsAction, resetAction, copyCommandAction, copyApiAction],
];
