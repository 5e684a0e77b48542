/** People of the target as cards, menus and keys name them. */
import { signal } from '@preact/signals';
import { t } from '../i18n/i18n.ts';
import { project, type Source } from './document.ts';
import { discardPerson } from './edit.ts';
import { type ShownPerson, shownPeople, sourceOf } from './people.ts';
import { showUndoToast } from './undo-toast.ts';
import { selectedPerson } from './view.ts';

/** Whose source is being chosen. */
export const choosingFor = signal<string | undefined>(undefined);

export const personName = ({ name, number }: Pick<ShownPerson, 'name' | 'number'>): string =>
  name ?? t('people.name', { number });

/** The one that is selected; of several without a choice the first. */
export const currentPerson = (): ShownPerson | undefined =>
  shownPeople.value.find(({ person }) => person.id === selectedPerson.value) ?? shownPeople.value[0];

/** Undefined: left as is, or there is none yet. */
export const sourceFor = (personId: string): Source | undefined =>
  project.value.value.sources.find(({ id }) => id === sourceOf(personId));

/** Selects the next, or the one before. */
export function stepPerson(by: 1 | -1): void {
  const all = shownPeople.value;
  const at = all.findIndex(({ person }) => person.id === selectedPerson.value);
  const next = all.at(at === -1 ? (by === 1 ? 0 : -1) : (at + by) % all.length);
  if (next) selectedPerson.value = next.person.id;
}

/** With a way back, instead of a question. */
export function discardWithToast(shown: ShownPerson): void {
  const text = t('people.discarded', { name: personName(shown) });
  discardPerson(shown.person.id);
  showUndoToast({ kind: 'info', text });
}
