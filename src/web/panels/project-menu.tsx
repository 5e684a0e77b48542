/** Name of the project, and what can be done with it as a whole. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Action } from '../actions/action.ts';
import { copyApiAction, copyCommandAction } from '../actions/options.ts';
import {
  duplicateProjectAction,
  exportProjectAction,
  importProjectAction,
  isNamingProject,
  newProjectAction,
  removeProjectAction,
  renameProjectAction,
  restoreAction,
} from '../actions/projects.ts';
import { NamePopover } from '../components/name-popover.tsx';
import { MenuButton, type MenuItem } from '../components/select.tsx';
import { t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { project } from '../state/document.ts';
import { renameProject } from '../state/edit.ts';
import { openProject, otherProjects, projectName } from '../state/projects.ts';

/** Others that the menu names. */
const LISTED = 8;

const itemOf = (action: Action, danger = false): MenuItem => ({
  label: t(action.label),
  ...(action.icon ? { icon: action.icon } : {}),
  danger,
  disabled: action.disabled?.() !== undefined,
  run: () => void action.run(),
});

export function ProjectMenu(): JSX.Element {
  const box = useRef<HTMLSpanElement | null>(null);
  const name = projectName();
  const items: readonly MenuItem[] = [
    ...[newProjectAction, renameProjectAction, duplicateProjectAction].map((action) => itemOf(action)),
    ...[exportProjectAction, importProjectAction, restoreAction].map((action) => itemOf(action)),
    ...[copyCommandAction, copyApiAction].map((action) => itemOf(action)),
    ...otherProjects.value.slice(0, LISTED).map(
      ({ id, name: other }): MenuItem => ({
        label: other,
        icon: 'folder',
        run: () => void openProject(id),
      }),
    ),
    itemOf(removeProjectAction, true),
  ];
  return (
    <span class="project-menu" ref={box} tabIndex={-1}>
      <MenuButton label={t('project.menu', { name })} items={items} class="crumb">
        <span class="cut" dir="auto">
          {name}
        </span>
        <Icon name="chevronDown" size={14} />
      </MenuButton>
      {isNamingProject.value && box.current && (
        <NamePopover
          anchor={box.current}
          label={t('project.noName')}
          value={project.value.value.name}
          onName={renameProject}
          onClose={() => {
            isNamingProject.value = false;
          }}
        />
      )}
    </span>
  );
}
