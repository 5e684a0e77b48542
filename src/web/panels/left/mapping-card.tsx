/** A person of the target, and the face that they get. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ServicePicture } from '../../components/service-picture.tsx';
import { formatNumber, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project } from '../../state/document.ts';
import { mapPerson } from '../../state/edit.ts';
import { people, type ShownPerson, sourceOf } from '../../state/people.ts';
import { choosingFor, personName, sourceFor } from '../../state/person-acts.ts';
import { selectedPerson } from '../../state/view.ts';
import { SourceThumb } from './source-look.tsx';
import { SOURCE_DRAG } from './source-row.tsx';

/** Colours of people, before they begin again. */
const COLOURS = 6;
export const colourOf = (number: number): string => `p${((number - 1) % COLOURS) + 1}`;

export interface MappingCardProps {
  readonly shown: ShownPerson;
  readonly isSelected: boolean;
}

export function MappingCard({ shown, isSelected }: MappingCardProps): JSX.Element {
  const { person, number } = shown;
  const [isOver, setOver] = useState(false);
  const source = sourceFor(person.id);
  const isPinned = project.value.value.mapping[person.id]?.pinned ?? false;
  const name = personName(shown);
  const becomes = source?.name ?? (sourceOf(person.id) === 'keep' ? t('people.keep') : t('people.noSource'));
  const select = (): void => {
    selectedPerson.value = person.id;
  };
  const choose = (): void => {
    select();
    if (project.value.value.sources.length > 0) choosingFor.value = person.id;
  };
  return (
    <div
      role="option"
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      data-person={person.id}
      class={['map', colourOf(number), isSelected ? 'is-selected' : '', isOver ? 'is-over' : ''].join(' ')}
      onClick={select}
      onFocus={select}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        choose();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(SOURCE_DRAG)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const id = event.dataTransfer?.getData(SOURCE_DRAG);
        if (!id) return;
        event.preventDefault();
        select();
        mapPerson(person.id, id);
      }}
    >
      {/* What is seen says the same in pictures. */}
      <span class="sr">{t(isPinned ? 'people.option.pinned' : 'people.option', { name, source: becomes })}</span>
      <div class="who" aria-hidden="true">
        <span class={`pnum ${colourOf(number)}`}>{number}</span>
        <span class="med cut" dir="auto">
          {name}
        </span>
        <Share person={person} />
        <span class="grow" />
        {isPinned && (
          <span class="chip accent low">
            <Icon name="pin" />
            {t('people.pinned')}
          </span>
        )}
      </div>
      <span class="thumb" aria-hidden="true">
        <ServicePicture path={person.pictureUrl} icon="user" />
      </span>
      <Icon name="arrow" />
      <span class={source ? 'pick' : 'pick none'} aria-hidden="true" onClick={choose}>
        {source ? <SourceThumb asset={source.assets[0]} /> : <Icon name="block" />}
        <span class={source ? 'cut' : 'cut t2'} dir="auto">
          {becomes}
        </span>
        <Icon name="chevronDown" />
      </span>
    </div>
  );
}

/** How much of a video somebody is in; a photo shows everybody all the time. */
function Share({ person }: Pick<ShownPerson, 'person'>): JSX.Element | null {
  const found = people.value;
  if (found.state !== 'there' || found.value.kind === 'image') return null;
  return <span class="t3 xs cut">{t('people.score', { percent: formatNumber(person.share * 100) })}</span>;
}
