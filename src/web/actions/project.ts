import { project } from '../state/document.ts';
import { type Action, defineAction } from './action.ts';

export const undoAction = defineAction({
  ...{ id: 'project.undo', label: 'undo', group: 'project', icon: 'undo', keys: ['Ctrl+z'] },
  disabled: () => (project.undoLabel.value === undefined ? 'undo.nothing' : undefined),
  run: () => project.undo(),
});
export const redoAction = defineAction({
  ...{ id: 'project.redo', label: 'redo', group: 'project', icon: 'redo', keys: ['Ctrl+Shift+z', 'Ctrl+y'] },
  disabled: () => (project.redoLabel.value === undefined ? 'redo.nothing' : undefined),
  run: () => project.redo(),
});

export const projectActions: readonly Action[] = [undoAction, redoAction];
