/** Reads `--map`: which person of the target gets which face. */
import { AppError } from '../../core/errors.ts';

/** What becomes of one person. */
export interface PersonRule {
  /** `person1`, `person2` … as `facefusion faces --people` names them. */
  readonly person: string;
  /** Photos of the face that is put in; none where the person keeps the own one. */
  readonly sourcePaths: readonly string[];
}

const KEEP = 'keep';
const FORM = 'person1=alice.jpg, person2=bob1.jpg,bob2.jpg or person3=keep';

/**
 * The id ends at the first `=`, files are separated by commas, and `\,` is a comma inside a file name. A backslash
 * before anything else is itself, so that paths of Windows need no care. A file called `keep` is written `./keep`.
 * @throws OPTION_INVALID for another form, and for a person who is named twice
 */
export function parsePersonMap(map: readonly string[]): readonly PersonRule[] {
  const rules = map.map(parseRule);
  const persons = new Set<string>();
  for (const { person } of rules) {
    if (persons.has(person)) {
      throw invalid(`Expected each person once in --map, received ${person} twice.`, {
        hint: `Name all photos of a person at once: ${person}=front.jpg,left.jpg`,
      });
    }
    persons.add(person);
  }
  return rules;
}

function parseRule(text: string): PersonRule {
  const equals = text.indexOf('=');
  const person = text.slice(0, Math.max(0, equals));
  if (!/^person[1-9]\d*$/.test(person)) throw invalid(`Expected ${FORM} for --map, received ${text}.`);
  const files = text.slice(equals + 1);
  if (files === KEEP) return { person, sourcePaths: [] };
  const sourcePaths = files.split(/(?<!\\),/).map((path) => path.replaceAll('\\,', ','));
  if (sourcePaths.some((path) => path === '')) {
    throw invalid(`Expected a file after every = and comma of --map, received ${text}.`, {
      hint: 'Write \\, for a comma that belongs to a file name.',
    });
  }
  return { person, sourcePaths };
}

const invalid = (message: string, more: { readonly hint?: string } = {}): AppError =>
  new AppError('OPTION_INVALID', message, { ...more, details: { option: 'map' } });
