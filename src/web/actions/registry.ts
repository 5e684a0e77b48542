/** Every action there is: the palette, the shortcut sheet and the keyboard read this list. */
import type { Action } from './action.ts';
import { projectActions } from './project.ts';
import { viewActions } from './view.ts';

export const ACTIONS: readonly Action[] = [...projectActions, ...viewActions];
