/** Projects as a whole. */
import { signal } from '@preact/signals';
import { duplicateProject, newProject, removeProject } from '../state/projects.ts';
import { restoreFromFile } from '../state/restore-settings.ts';
import { exportProject, importProject } from '../state/share-project.ts';
import { type Action, defineAction } from './action.ts';

/** True while the name of the project is typed. */
export const isNamingProject = signal(false);

export const newProjectAction = defineAction({
  ...{ id: 'project.new', label: 'action.project.new', group: 'project', icon: 'plus', keys: ['Alt+n'] },
  run: () => newProject(),
});
export const duplicateProjectAction = defineAction({
  ...{ id: 'project.duplicate', label: 'action.project.duplicate', group: 'project', icon: 'copy' },
  run: duplicateProject,
});
export const renameProjectAction = defineAction({
  ...{ id: 'project.rename', label: 'action.project.rename', group: 'project', icon: 'pencil', keys: ['F2'] },
  run: () => {
    isNamingProject.value = true;
  },
});
export const removeProjectAction = defineAction({
  ...{ id: 'project.remove', label: 'action.project.remove', group: 'project', icon: 'trash' },
  run: removeProject,
});

export const exportProjectAction = defineAction({
  ...{ id: 'project.export', label: 'action.project.export', group: 'project', icon: 'download' },
  run: exportProject,
});
export const importProjectAction = defineAction({
  ...{ id: 'project.import', label: 'action.project.import', group: 'project', icon: 'upload' },
  run: importProject,
});
export const restoreAction = defineAction({
  ...{ id: 'project.restore', label: 'action.project.restore', group: 'project', icon: 'retry' },
  run: restoreFromFile,
});

export const projectsActions: readonly Action[] = [
  ...[newProjectAction, duplicateProjectAction, renameProjectAction, removeProjectAction],
  ...[exportProjectAction, importProjectAction, restoreAction],
];
