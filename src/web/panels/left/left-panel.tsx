/** Whose face, and who gets it. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { project } from '../../state/document.ts';
import { EmptySource } from '../empty/empty-source.tsx';
import { MissingFiles } from './missing-files.tsx';
import { People } from './people.tsx';
import { Refusals } from './refusals.tsx';
import { Sources } from './sources.tsx';
import { Uploads } from './uploads.tsx';

export function LeftPanel(): JSX.Element {
  const { sources, target } = project.value.value;
  return (
    <aside class="panel left" aria-label={t('panel.left')}>
      <MissingFiles />
      {sources.length === 0 ? <EmptySource fills={target === undefined} /> : <Sources />}
      {(sources.length > 0 || target !== undefined) && <People />}
      <Refusals place="source" />
      {target !== undefined && <Refusals place="target" />}
      <Uploads />
    </aside>
  );
}
