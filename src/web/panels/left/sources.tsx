/** The people whose faces are put in. */
import type { JSX } from 'preact';
import { addSourceAction } from '../../actions/sources.ts';
import { IconButton } from '../../components/button.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project } from '../../state/document.ts';
import { dropPlace } from '../../state/page-drops.ts';
import { SourceRow } from './source-row.tsx';

export function Sources(): JSX.Element {
  const { sources } = project.value.value;
  const add = (): void => void addSourceAction.run();
  return (
    <section data-drop="source">
      <div class="h">
        <h2>{t('sources.title')}</h2>
        <span class="count">{sources.length}</span>
        <span class="grow" />
        <IconButton icon="plus" label={t('source.add')} onClick={add} />
      </div>
      <ul class="sources">
        {sources.map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </ul>
      <button
        type="button"
        class={dropPlace.value?.kind === 'source' ? 'drop line is-over' : 'drop line'}
        onClick={add}
      >
        <Icon name="plus" />
        <span>{t('source.another')}</span>
      </button>
    </section>
  );
}
