/** Every action there is: the palette, the shortcut sheet and the keyboard read this list. */
import type { Action } from './action.ts';
import { helpActions } from './help.ts';
import { liveActions } from './live.ts';
import { optionActions } from './options.ts';
import { peopleActions } from './people.ts';
import { projectActions } from './project.ts';
import { projectsActions } from './projects.ts';
import { queueActions } from './queue.ts';
import { sourceActions } from './sources.ts';
import { stageActions } from './stage.ts';
import { timelineActions } from './timeline.ts';
import { viewActions } from './view.ts';

export const ACTIONS: readonly Action[] = [
  ...projectActions,
  ...projectsActions,
  ...sourceActions,
  ...optionActions,
  ...peopleActions,
  ...viewActions,
  ...stageActions,
  ...liveActions,
  ...timelineActions,
  ...queueActions,
  ...helpActions,
];
