/** Changes of the project that panels, menus and keys ask for. Each can be undone, and says what it was. */
import { type TextKey, t } from '../i18n/i18n.ts';
import { type Mapping, type ProjectDocument, project, type Source } from './document.ts';
import { shownPeople, sourceIn } from './people.ts';
import { mapInRange } from './range-edits.ts';
import { selectedPerson } from './view.ts';

const change = (label: TextKey, next: (document: ProjectDocument) => ProjectDocument, merge?: string): void =>
  project.change(label, next, merge);

const LETTERS = 26;

/** A, B … Z, AA …: the first that no source has. */
export function freeLetter(sources: readonly Source[]): string {
  for (let at = 0; ; at++) {
    const last = String.fromCharCode(65 + (at % LETTERS));
    const letter = at < LETTERS ? last : `${String.fromCharCode(64 + Math.floor(at / LETTERS))}${last}`;
    if (!sources.some(({ id }) => id === letter)) return letter;
  }
}

/** Adds people whose faces are put in. @param photos ids of assets: one list a person */
export function addSources(photos: readonly (readonly string[])[]): void {
  change('change.source.add', (document) => {
    const sources = [...document.sources];
    for (const assets of photos) {
      const id = freeLetter(sources);
      sources.push({ id, name: t('source.name', { letter: id }), assets });
    }
    return { ...document, sources };
  });
}

const changeSource = (label: TextKey, id: string, next: (source: Source) => Source): void =>
  change(label, (document) => ({
    ...document,
    sources: document.sources.map((source) => (source.id === id ? next(source) : source)),
  }));

/** More photos of the same person. Those that are there already are not added again. */
export const addPhotos = (id: string, assets: readonly string[]): void =>
  changeSource('change.source.photos', id, (source) => ({
    ...source,
    assets: [...new Set([...source.assets, ...assets])],
  }));

export const replacePhotos = (id: string, assets: readonly string[]): void =>
  changeSource('change.source.replace', id, (source) => ({ ...source, assets }));

export const renameSource = (id: string, name: string): void =>
  changeSource('change.source.rename', id, (source) => ({ ...source, name }));

/** People who had this face get what is left. */
export function removeSource(id: string): void {
  change('change.source.remove', (document) => ({
    ...document,
    sources: document.sources.filter((source) => source.id !== id),
    mapping: Object.fromEntries(Object.entries(document.mapping).filter(([, { to }]) => to !== id)),
    ranges: document.ranges.map((range) => ({
      ...range,
      mapping: Object.fromEntries(Object.entries(range.mapping).filter(([, to]) => to !== id)),
    })),
  }));
}

/**
 * Another target; what was said about the people and the time of the one before goes with it.
 * @param more further targets that are worked on the same way
 */
export function setTarget(target: string | undefined, more: readonly string[] = []): void {
  selectedPerson.value = undefined;
  change(target === undefined ? 'change.target.remove' : 'change.target', (document) => ({
    ...document,
    ...{ target, moreTargets: more, mapping: {}, range: undefined, markers: [], ranges: [] },
    people: { discarded: [], merged: {}, names: {} },
  }));
}

const setMapping = (label: TextKey, person: string, next: (before: Mapping | undefined) => Mapping): void =>
  change(label, (document) => ({
    ...document,
    mapping: { ...document.mapping, [person]: next(document.mapping[person]) },
  }));

/** @param to id of a source, or `keep` */
export function mapPerson(person: string, to: string): void {
  if (mapInRange(person, to)) return;
  setMapping(to === 'keep' ? 'change.person.keep' : 'change.person.map', person, (before) => ({
    to,
    pinned: before?.pinned ?? false,
  }));
}

export const togglePin = (person: string): void =>
  setMapping('change.person.pin', person, (before) => ({
    to: before?.to ?? sourceIn(project.value.value, person) ?? 'keep',
    pinned: !(before?.pinned ?? false),
  }));

const changePeople = (label: TextKey, next: (people: ProjectDocument['people']) => ProjectDocument['people']): void =>
  change(label, (document) => ({ ...document, people: next(document.people) }));

/** A false face: it stays away. */
export function discardPerson(id: string): void {
  changePeople('change.person.discard', (people) => ({ ...people, discarded: [...people.discarded, id] }));
  if (selectedPerson.value === id) selectedPerson.value = shownPeople.value[0]?.person.id;
}

/** Two that are one; whoever was merged into the first goes along. */
export function mergePeople(id: string, into: string): void {
  changePeople('change.person.merge', (people) => ({
    ...people,
    merged: {
      ...Object.fromEntries(Object.entries(people.merged).map(([one, to]) => [one, to === id ? into : to])),
      [id]: into,
    },
  }));
  selectedPerson.value = into;
}

/** Takes merging into this person back. */
export const splitPerson = (id: string): void =>
  changePeople('change.person.split', (people) => ({
    ...people,
    merged: Object.fromEntries(Object.entries(people.merged).filter(([, into]) => into !== id)),
  }));

export const restorePeople = (): void =>
  changePeople('change.person.restore', (people) => ({ ...people, discarded: [] }));

export const renamePerson = (id: string, name: string): void =>
  changePeople('change.person.rename', (people) => ({ ...people, names: { ...people.names, [id]: name } }));

export const renameProject = (name: string): void =>
  change('change.project.rename', (document) => ({ ...document, name }));

export const setOutput = (output: Partial<ProjectDocument['output']>): void =>
  change('change.output', (document) => ({ ...document, output: { ...document.output, ...output } }));
