/** How a person is shown, wherever that is: colour, name, and what becomes of them. */
import { t } from '../../i18n/i18n.ts';
import { project } from '../../state/document.ts';
import { type ShownPerson, sourceIn } from '../../state/people.ts';
import { frame } from '../../state/preview.ts';
import { documentAt, rangeAt } from '../../state/range-settings.ts';

/** Person colours; then they begin again. */
const COLOURS = 6;
export const personClass = ({ number }: ShownPerson): string => `p${((number - 1) % COLOURS) + 1}`;

export const personName = ({ name, number }: ShownPerson): string => name ?? t('stage.person', { number });

/** @param at frame of the target */
export const isKept = ({ person }: ShownPerson, at = frame.value): boolean => {
  const document = project.value.value;
  return rangeAt(document, at)?.off === true || sourceIn(documentAt(document, at), person.id) === 'keep';
};
export const isPinned = ({ person }: ShownPerson): boolean => project.value.value.mapping[person.id]?.pinned === true;

/** Name of the source that a person becomes; undefined where there is none yet, or they stay as they are. */
const sourceName = ({ person }: ShownPerson): string | undefined => {
  const id = sourceIn(documentAt(project.value.value, frame.value), person.id);
  return project.value.value.sources.find((source) => source.id === id)?.name;
};

/** For the label of a box: `Source A`, `As is`. */
export const becomes = (shown: ShownPerson): string =>
  isKept(shown) ? t('stage.asIs') : (sourceName(shown) ?? personName(shown));

/** As a sentence has it: `Person 1 to Source A`. */
export function inWords(shown: ShownPerson): string {
  const person = personName(shown);
  const source = sourceName(shown);
  if (isKept(shown)) return t('stage.person.keep', { person });
  return source === undefined ? t('stage.person.open', { person }) : t('stage.person.to', { person, source });
}
