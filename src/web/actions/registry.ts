/** Every action there is: the palette, the shortcut sheet and the keyboard read this list. */
import type { Action } from './action.ts';
import { helpActions } from './help.ts';
import { projectActions } from './project.ts';
import { queueActions } from './queue.ts';
import { viewActions } from './view.ts';

export const ACTIONS: readonly Action[] = [...projectActions, ...viewActions, ...queueActions, ...helpActions];
