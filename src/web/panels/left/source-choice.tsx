/** The faces that a person of the target can get. */
import type { JSX } from 'preact';
import { Floating } from '../../components/floating.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project } from '../../state/document.ts';
import { mapPerson } from '../../state/edit.ts';
import { type ShownPerson, sourceOf } from '../../state/people.ts';
import { choosingFor, personName } from '../../state/person-acts.ts';
import { SourceThumb } from './source-look.tsx';

export function SourceChoice({
  shown,
  anchor,
}: {
  readonly shown: ShownPerson;
  readonly anchor: HTMLElement;
}): JSX.Element {
  const { id } = shown.person;
  const now = sourceOf(id);
  const close = (): void => {
    choosingFor.value = undefined;
  };
  const choose = (to: string): void => {
    mapPerson(id, to);
    close();
  };
  const option = (to: string, content: JSX.Element): JSX.Element => (
    <div
      key={to}
      role="option"
      tabIndex={-1}
      aria-selected={now === to}
      onClick={(event) => {
        event.stopPropagation();
        choose(to);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose(to);
      }}
    >
      {content}
      {now === to && (
        <span class="end">
          <Icon name="check" />
        </span>
      )}
    </div>
  );
  return (
    <Floating
      anchor={anchor}
      role="listbox"
      label={t('people.choose', { name: personName(shown) })}
      class="menu source-choice"
      matchWidth
      onClose={close}
    >
      {project.value.value.sources.map((source) =>
        option(
          source.id,
          <>
            <SourceThumb asset={source.assets[0]} />
            <span class="cut" dir="auto">
              {source.name}
            </span>
          </>,
        ),
      )}
      {option(
        'keep',
        <>
          <Icon name="block" />
          {t('people.keep')}
        </>,
      )}
    </Floating>
  );
}
