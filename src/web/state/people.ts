/** Who is seen in the target, as the service finds it: asked once a target. */
import { computed, signal } from '@preact/signals';
import { type ApiError, api, learnFrom, type Schemas } from './api.ts';
import { type ProjectDocument, project } from './document.ts';
import { documentIn, scope } from './range-settings.ts';

export type People = Schemas['People'];
export type Person = People['persons'][number];

export type Found<T> =
  | { readonly state: 'none' }
  | { readonly state: 'loading'; readonly progress?: Schemas['JobProgress'] }
  | { readonly state: 'failed'; readonly error: ApiError }
  | { readonly state: 'there'; readonly value: T };

/** Of the target that is open. */
export const people = signal<Found<People>>({ state: 'none' });

let asked: string | undefined;
let controller = new AbortController();

/** Asks for the people of a target; a newer call takes the place of an older one. */
export async function findPeople(target: string | undefined): Promise<void> {
  if (target === asked) return;
  controller.abort();
  controller = new AbortController();
  const { signal: aborted } = controller;
  asked = target;
  if (target === undefined) {
    people.value = { state: 'none' };
    return;
  }
  people.value = { state: 'loading' };
  try {
    const onProgress = (progress: Schemas['JobProgress']): void => {
      if (!aborted.aborted) people.value = { state: 'loading', progress };
    };
    const value = await learnFrom(api().findPeople(target, { signal: aborted, onProgress }));
    if (!aborted.aborted) people.value = { state: 'there', value };
  } catch (error) {
    if (aborted.aborted) return;
    asked = undefined;
    people.value = { state: 'failed', error: error as ApiError };
  }
}

/** A person of the target as the project sees them: merged ones are one, discarded ones are gone. */
export interface ShownPerson {
  readonly person: Person;
  /** From 1: the colour, and what is spoken. */
  readonly number: number;
  readonly name: string | undefined;
}

export const shownPeople = computed<readonly ShownPerson[]>(() => {
  const found = people.value;
  if (found.state !== 'there') return [];
  const { discarded, merged, names } = project.value.value.people;
  // Counted before any is taken away: nobody else is called otherwise then.
  return found.value.persons
    .map((person, index) => ({ person, number: index + 1, name: names[person.id] }))
    .filter(({ person: { id } }) => !discarded.includes(id) && merged[id] === undefined);
});

/** What a person becomes where the panels look: in the range that is being set, or in the whole of the target. */
export const sourceOf = (personId: string): string | undefined =>
  sourceIn(documentIn(project.value.value, scope.value), personId);

/** What a person of the target becomes: a source, `keep`, or undefined where there is nothing to choose from yet. */
export function sourceIn(
  { mapping, sources }: Pick<ProjectDocument, 'mapping' | 'sources'>,
  personId: string,
): string | undefined {
  const chosen = mapping[personId]?.to;
  if (chosen === 'keep' || sources.some(({ id }) => id === chosen)) return chosen;
  // One source goes to everybody; of several, the first to the first person and so on.
  if (sources.length <= 1) return sources[0]?.id;
  const at = shownPeople.value.findIndex(({ person }) => person.id === personId);
  return sources[at]?.id ?? 'keep';
}
