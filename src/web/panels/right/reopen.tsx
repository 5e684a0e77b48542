/** Projects of before. */
import type { JSX } from 'preact';
import { ServicePicture } from '../../components/service-picture.tsx';
import { formatDate, t } from '../../i18n/i18n.ts';
import { frameUrl } from '../../state/assets.ts';
import { openProject, otherProjects } from '../../state/projects.ts';

const LISTED = 4;
/** Twice the width of what is shown. */
const THUMB_PIXELS = 144;

export function Reopen(): JSX.Element | null {
  if (otherProjects.value.length === 0) return null;
  return (
    <section>
      <div class="h">
        <h2>{t('project.reopen')}</h2>
      </div>
      {otherProjects.value.slice(0, LISTED).map(({ id, name, updatedAt, thumbnail }) => (
        <button type="button" class="src reopen" key={id} onClick={() => void openProject(id)}>
          <span class="thumb w">
            <ServicePicture path={thumbnail && frameUrl(thumbnail, 0, THUMB_PIXELS)} icon="film" />
          </span>
          <span class="grow">
            <span class="med cut block" dir="auto">
              {name}
            </span>
            <span class="xs t3">{formatDate(updatedAt)}</span>
          </span>
        </button>
      ))}
    </section>
  );
}
