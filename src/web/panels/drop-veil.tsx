/** What a drop would do to the target that is there; lies over the stage while files are dragged over it. */
import type { JSX } from 'preact';
import { t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { project } from '../state/document.ts';
import { dropPlace } from '../state/page-drops.ts';

export function DropVeil(): JSX.Element | null {
  if (dropPlace.value?.kind !== 'target' || project.value.value.target === undefined) return null;
  return (
    <div class="drop-veil" aria-hidden="true">
      <span class="drop big is-over">
        <Icon name="upload" size={32} />
        <span class="drop-big-title">{t('target.over.replace')}</span>
      </span>
    </div>
  );
}
