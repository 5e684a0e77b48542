/** What keys, menus and the palette do with the people of the target. */
import { project } from '../state/document.ts';
import { mapPerson, togglePin } from '../state/edit.ts';
import { shownPeople } from '../state/people.ts';
import { choosingFor, currentPerson, discardWithToast, stepPerson } from '../state/person-acts.ts';
import { selectedPerson } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

const needsPerson: Action['disabled'] = () => (shownPeople.value.length === 0 ? 'reason.noPerson' : undefined);
const needsSource: Action['disabled'] = () =>
  needsPerson() ?? (project.value.value.sources.length === 0 ? 'reason.noSource' : undefined);

/** Does something with the person that is selected, and selects the first where nobody is. */
const withPerson = (act: (id: string) => void) => (): void => {
  const current = currentPerson();
  if (!current) return;
  selectedPerson.value = current.person.id;
  act(current.person.id);
};

export const peopleActions: readonly Action[] = [
  defineAction({
    ...{ id: 'people.previous', label: 'action.people.previous', group: 'people', keys: ['['] },
    disabled: needsPerson,
    run: () => stepPerson(-1),
  }),
  defineAction({
    ...{ id: 'people.next', label: 'action.people.next', group: 'people', keys: [']'] },
    disabled: needsPerson,
    run: () => stepPerson(1),
  }),
  defineAction({
    ...{ id: 'people.choose', label: 'action.people.choose', group: 'people', icon: 'user', keys: ['s'] },
    disabled: needsSource,
    run: withPerson((id) => {
      choosingFor.value = id;
    }),
  }),
  defineAction({
    ...{ id: 'people.keep', label: 'action.people.keep', group: 'people', icon: 'block', keys: ['x'] },
    disabled: needsPerson,
    run: withPerson((id) => mapPerson(id, 'keep')),
  }),
  defineAction({
    ...{ id: 'people.pin', label: 'action.people.pin', group: 'people', icon: 'pin', keys: ['p'] },
    disabled: needsSource,
    run: withPerson(togglePin),
  }),
  defineAction({
    ...{ id: 'people.discard', label: 'action.people.discard', group: 'people', icon: 'x' },
    disabled: needsPerson,
    run: () => {
      const current = currentPerson();
      if (current) discardWithToast(current);
    },
  }),
];
