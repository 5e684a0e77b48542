/** Who is seen in the target, and what becomes of each. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { NamePopover } from '../../components/name-popover.tsx';
import { Progress, Skeleton } from '../../components/progress.tsx';
import { MenuButton, type MenuItem } from '../../components/select.tsx';
import { formatDuration, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import type { Schemas } from '../../state/api.ts';
import { assets } from '../../state/assets.ts';
import { project } from '../../state/document.ts';
import { mergePeople, renamePerson, restorePeople, splitPerson, togglePin } from '../../state/edit.ts';
import { findPeople, people, shownPeople } from '../../state/people.ts';
import { choosingFor, currentPerson, discardWithToast, personName, stepPerson } from '../../state/person-acts.ts';
import { scope } from '../../state/range-settings.ts';
import { selectedPerson } from '../../state/view.ts';
import { MappingCard } from './mapping-card.tsx';
import { SourceChoice } from './source-choice.tsx';

/** Cards that are shown at first: forty faces of one frame would hide everything else. */
const SHOWN_AT_FIRST = 8;

function menuOf(rename: () => void): readonly MenuItem[] {
  const current = currentPerson();
  const { discarded, merged } = project.value.value.people;
  const items: MenuItem[] = [];
  if (current) {
    const { id } = current.person;
    items.push({ label: t('people.rename'), icon: 'pencil', run: rename });
    if (project.value.value.sources.length > 0) {
      const isPinned = project.value.value.mapping[id]?.pinned === true;
      items.push({ label: t(isPinned ? 'people.unpin' : 'people.pin'), icon: 'pin', run: () => togglePin(id) });
    }
    items.push({ label: t('people.discard'), icon: 'x', run: () => discardWithToast(current) });
    for (const other of shownPeople.value) {
      if (other.person.id === id) continue;
      const name = personName(other);
      items.push({ label: t('people.merge', { name }), icon: 'users', run: () => mergePeople(id, other.person.id) });
    }
    if (Object.values(merged).includes(id)) {
      items.push({ label: t('people.split'), icon: 'split', run: () => splitPerson(id) });
    }
  }
  if (discarded.length > 0) {
    items.push({ label: t('people.restore', { count: discarded.length }), icon: 'undo', run: restorePeople });
  }
  return items;
}

export function People(): JSX.Element {
  const found = people.value;
  const title = useRef<HTMLDivElement | null>(null);
  const [isNaming, setNaming] = useState(false);
  const items = menuOf(() => setNaming(true));
  const current = currentPerson();
  return (
    <section class="people" aria-busy={found.state === 'loading'}>
      <div class="h" ref={title} tabIndex={-1}>
        <h2>{t('people.title')}</h2>
        {found.state === 'there' && !scope.value && <span class="count">{shownPeople.value.length}</span>}
        {scope.value && <span class="chip accent low">{t('ranges.people')}</span>}
        <span class="grow" />
        {items.length > 0 && <MenuButton label={t('people.correct')} items={items} />}
      </div>
      <Found />
      {isNaming && current && title.current && (
        <NamePopover
          anchor={title.current}
          label={t('people.rename')}
          value={personName(current)}
          onName={(name) => renamePerson(current.person.id, name)}
          onClose={() => setNaming(false)}
        />
      )}
    </section>
  );
}

function Found(): JSX.Element {
  const found = people.value;
  const { target } = project.value.value;
  if (found.state === 'none') return <p class="hint">{t('people.noTarget')}</p>;
  if (found.state === 'loading') return <Looking target={target} progress={found.progress} />;
  if (found.state === 'failed') {
    return (
      <div class="msg danger" role="alert">
        <span class="c-danger">
          <Icon name="warning" />
        </span>
        <span class="grow col">
          <span class="med">{t('people.failed')}</span>
          <ErrorText error={found.error} />
          <span>
            <Button size="sm" icon="retry" onClick={() => void findPeople(target)}>
              {t('people.again')}
            </Button>
          </span>
        </span>
      </div>
    );
  }
  if (shownPeople.value.length === 0) {
    return (
      <div class="msg quiet">
        <span class="t3">
          <Icon name="users" />
        </span>
        <span class="t2">{t('people.none')}</span>
      </div>
    );
  }
  return <Cards />;
}

interface LookingProps {
  readonly target: string | undefined;
  readonly progress: Schemas['JobProgress'] | undefined;
}

function Looking({ target, progress }: LookingProps): JSX.Element {
  const media = target === undefined ? undefined : assets.value.get(target)?.media;
  const frames = media?.kind === 'video' ? media.frames : undefined;
  return (
    <>
      <div class="map" aria-hidden="true">
        <div class="who">
          <Skeleton width="88px" height={18} />
        </div>
        <Skeleton width="40px" height={40} />
        <span />
        <Skeleton height={40} />
      </div>
      <p class="hint after-cards" role="status">
        {frames === undefined ? t('people.looking') : t('people.looking.video', { frames })}
      </p>
      {frames !== undefined && <Passed {...(progress ?? { done: 0, total: frames })} />}
    </>
  );
}

/** Of a video: how many frames were looked through, and how long the rest takes. The line is there from the start. */
const Passed = ({ done, total = 0, etaSeconds }: Partial<Schemas['JobProgress']> & { readonly done: number }) => (
  <div class="looking">
    <Progress share={total > 0 ? Math.min(1, done / total) : undefined} label={t('people.title')} />
    <div class="row xs t3">
      <span class="grow">{t('people.looking.frames', { done, total: Math.max(total, done) })}</span>
      {etaSeconds !== undefined && <span>{t('people.looking.left', { time: formatDuration(etaSeconds) })}</span>}
    </div>
  </div>
);

function Cards(): JSX.Element {
  const [showsAll, setAll] = useState(false);
  const list = useRef<HTMLDivElement | null>(null);
  const all = shownPeople.value;
  const shown = showsAll ? all : all.slice(0, SHOWN_AT_FIRST);
  const current = currentPerson()?.person.id;
  const choosing = shown.find(({ person }) => person.id === choosingFor.value);
  const anchor = list.current?.querySelector<HTMLElement>(`[data-person="${choosing?.person.id}"]`);
  const { mapping, sources } = project.value.value;
  useEffect(() => {
    // Whoever is picked on the stage comes into view here.
    const id = selectedPerson.value;
    if (id === undefined) return;
    if (!shown.some(({ person }) => person.id === id)) setAll(true);
    const card = list.current?.querySelector<HTMLElement>(`[data-person="${id}"]`);
    card?.scrollIntoView({ block: 'nearest' });
    // Keys that select from anywhere take the focus along where it is on a card.
    if (list.current?.contains(document.activeElement)) card?.focus({ preventScroll: true });
  }, [selectedPerson.value, showsAll]);
  return (
    <>
      <div
        ref={list}
        role="listbox"
        aria-label={t('people.title')}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by !== 1 && by !== -1) return;
          event.preventDefault();
          stepPerson(by);
          const id = selectedPerson.value;
          requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-person="${id}"]`)?.focus());
        }}
      >
        {shown.map((one) => (
          <MappingCard key={one.person.id} shown={one} isSelected={one.person.id === current} />
        ))}
      </div>
      {choosing && anchor && <SourceChoice key={choosing.person.id} shown={choosing} anchor={anchor} />}
      {shown.length < all.length && (
        <Button kind="ghost" size="sm" block onClick={() => setAll(true)}>
          {t('people.all', { count: all.length })}
        </Button>
      )}
      {sources.length > 0 && Object.keys(mapping).length === 0 && <p class="hint after-cards">{t('people.auto')}</p>}
    </>
  );
}
