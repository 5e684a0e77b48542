/** One object for each thing that can be done: buttons, menus, the palette, shortcuts and the shortcut sheet read it. */

import type { TextKey } from '../i18n/i18n.ts';
import type { IconName } from '../icons/icon.tsx';

export type ActionGroup = 'project' | 'view' | 'timeline' | 'people' | 'queue' | 'go' | 'help';

export interface Action {
  readonly id: string;
  readonly label: TextKey;
  readonly group: ActionGroup;
  readonly icon?: IconName;
  /**
   * Keys, as `Ctrl+Enter`, `Shift+ArrowLeft`, `i`, `?`. `Ctrl` is Cmd on a Mac. Single letters do nothing while a text is
   * typed, and can be switched off.
   */
  readonly keys?: readonly string[];
  /** Undefined: it can be done; else why not. Read whenever something that it depends on changes. */
  readonly disabled?: () => TextKey | undefined;
  /** Again and again while its key is held: steps. */
  readonly repeats?: true;
  /** Not in the palette: needs a place to point at. */
  readonly hidden?: true;
  run(): void | Promise<void>;
}

/** Declares an action. Declaring is all that it takes to have it in the palette and the shortcut sheet, once it is listed. */
export const defineAction = (action: Action): Action => action;
