/** From the project to what the API is asked: the one place where both are known. */
import type { Schemas } from './api.ts';
import type { ProjectDocument } from './document.ts';
import { ownPresets } from './own-presets.ts';
import { people, shownPeople, sourceOf } from './people.ts';

type Run = Pick<Schemas['JobRequest'], 'target' | 'sources' | 'map' | 'processors' | 'options'>;

/** What keeps a run from being asked for. */
export type Lack = 'target' | 'source';

/** What is missing; undefined: nothing. */
export function lackOf({ target, sources }: ProjectDocument): Lack | undefined {
  if (target === undefined) return 'target';
  return sources.length === 0 ? 'source' : undefined;
}

/**
 * What jobs and previews have in common.
 * @param document one without a lack
 */
export function toRun(document: ProjectDocument): Run {
  const { target = '', sources, range, preset } = document;
  // The service does not know presets of this browser: what they hold is sent.
  const own = ownPresets.value.find(({ name }) => name === preset);
  const { processors, ...options } = { ...own?.options, ...document.options };
  const assetsOf = (id: string | undefined): string[] => [
    ...(sources.find((source) => source.id === id)?.assets ?? []),
  ];
  const shown = shownPeople.value;
  const choices = shown.map(({ person }) => ({ person, to: sourceOf(person.id) }));
  const isSimple = choices.length === 0 || (sources.length === 1 && choices.every(({ to }) => to === sources[0]?.id));
  const hidden = people.value.state === 'there' ? document.people.discarded : [];
  const { merged } = document.people;
  const map = [
    ...choices.map(({ person, to }) => ({ person: person.id, sources: to === 'keep' ? [] : assetsOf(to) })),
    ...hidden.map((person) => ({ person, sources: [] })),
    ...Object.entries(merged).map(([person, into]) => ({ person, sources: assetsOf(sourceOf(into)) })),
  ];
  return {
    target,
    ...(Array.isArray(processors) ? { processors: processors as NonNullable<Run['processors']> } : {}),
    ...(isSimple && hidden.length === 0 && Object.keys(merged).length === 0
      ? { sources: assetsOf(sources[0]?.id) }
      : { map }),
    options: {
      ...(own ? {} : { preset }),
      ...options,
      ...(range === undefined ? {} : { trimFrameStart: range.start, trimFrameEnd: range.end }),
    } as NonNullable<Run['options']>,
  };
}
