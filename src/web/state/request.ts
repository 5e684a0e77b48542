/** From the project to what the API is asked: the one place where both are known. */
import type { Schemas } from './api.ts';
import { currentPreset, PROCESSOR_IDS, type ProcessorId, WHOLE_VIDEO } from './catalogue.ts';
import type { ProjectDocument } from './document.ts';
import { ownPresets } from './own-presets.ts';
import { people, shownPeople, sourceIn } from './people.ts';
import { documentIn } from './range-settings.ts';

type Run = Pick<Schemas['JobRequest'], 'target' | 'sources' | 'map' | 'processors' | 'options'>;

/** What keeps a run from being asked for. */
export type Lack = 'target' | 'source';

/** What is missing; undefined: nothing. */
export function lackOf({ target, sources, missing }: ProjectDocument): Lack | undefined {
  if (target === undefined || missing.some(({ asset }) => asset === target)) return 'target';
  return sources.length === 0 ? 'source' : undefined;
}

type PersonMap = NonNullable<Run['map']>;

/** Who becomes whom, everybody named: also those who are discarded or are somebody else, too. */
function mapOf(document: ProjectDocument): PersonMap {
  const { merged, discarded } = document.people;
  const sourcesOf = (personId: string): string[] => {
    const id = sourceIn(document, personId);
    return [...(document.sources.find((source) => source.id === id)?.assets ?? [])];
  };
  const hidden = people.value.state === 'there' ? discarded : [];
  return [
    ...shownPeople.value.map(({ person }) => ({ person: person.id, sources: sourcesOf(person.id) })),
    ...hidden.map((person) => ({ person, sources: [] })),
    ...Object.entries(merged).map(([person, into]) => ({ person, sources: sourcesOf(into) })),
  ];
}

/** Whether everybody gets the one source there is, so that nobody need be told from others. */
function isForEverybody(document: ProjectDocument): boolean {
  const { sources, ranges, people: corrected } = document;
  const hidden = people.value.state === 'there' ? corrected.discarded : [];
  if (hidden.length > 0 || Object.keys(corrected.merged).length > 0) return false;
  if (ranges.some(({ mapping }) => Object.keys(mapping).length > 0)) return false;
  const shown = shownPeople.value;
  if (shown.length === 0) return true;
  return sources.length === 1 && shown.every(({ person }) => sourceIn(document, person.id) === sources[0]?.id);
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
  const isEverybody = isForEverybody(document);
  return {
    target,
    ...(Array.isArray(processors) ? { processors: processors as NonNullable<Run['processors']> } : {}),
    ...(isEverybody ? { sources: [...(sources[0]?.assets ?? [])] } : { map: mapOf(document) }),
    options: {
      ...(own ? {} : { preset }),
      // Everybody whom the page shows with that source, not only who looks like the first one.
      ...(isEverybody ? { faceSelectorMode: 'many' } : {}),
      ...options,
      ...(range === undefined ? {} : { trimFrameStart: range.start, trimFrameEnd: range.end }),
    } as NonNullable<Run['options']>,
  };
}

type Ranges = NonNullable<Schemas['JobRequest']['ranges']>;

/** What differs in parts of the target; empty where nothing does. Of jobs only: a preview is asked for as its frame is. */
export function toRanges(document: ProjectDocument): Ranges {
  const whole = mapOf(documentIn(document, undefined));
  const isSame = ({ person, sources }: PersonMap[number]): boolean =>
    whole.some((rule) => rule.person === person && rule.sources.join() === sources.join());
  return document.ranges.flatMap((range): Ranges => {
    const { start, end, off } = range;
    if (off) return [{ start, end, off }];
    const { processors, ...options } = range.options;
    const map = mapOf(documentIn(document, range)).filter((rule) => !isSame(rule));
    const own = {
      ...(Array.isArray(processors) ? { processors: withWholeVideo(processors, document) } : {}),
      ...(Object.keys(options).length > 0 ? { options } : {}),
      ...(map.length > 0 ? { map } : {}),
    };
    return Object.keys(own).length === 0 ? [] : [{ start, end, ...own }];
  });
}

/** What changes the size of frames is the same in the whole video, whatever a range says. */
function withWholeVideo(list: readonly unknown[], document: ProjectDocument): ProcessorId[] {
  const chosen = document.options.processors ?? currentPreset.value.options.processors;
  const whole: readonly unknown[] = Array.isArray(chosen) ? chosen : [];
  return PROCESSOR_IDS.filter((id) => (WHOLE_VIDEO.includes(id) ? whole : list).includes(id));
}
