import { basename, parse } from 'node:path';
import { writeCrops } from '../media/write-crops.ts';
import { findPeople } from '../runner/people/find-people.ts';
import type { Moment, Person } from '../runner/people/people.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ShowPeopleOptions {
  readonly signal: AbortSignal;
  /** Where a crop of each person goes; made if it does not exist. */
  readonly cropsFolder?: string;
}

/** Prints the persons of a photo or a whole video, and writes a crop of each. */
export async function showPeople(terminal: Terminal, file: string, options: ShowPeopleOptions): Promise<void> {
  const { signal, cropsFolder } = options;
  const people = await findPeople(file, {
    crops: cropsFolder !== undefined,
    onProgress: terminal.progress,
    signal,
  });
  const stem = parse(file).name;
  const images = people.persons.flatMap(({ id, crop }) => (crop ? [{ name: `${stem}-${id}`, image: crop }] : []));
  const crops = cropsFolder === undefined ? [] : await writeCrops(cropsFolder, images);
  for (const note of people.notes) terminal.note(note);
  const persons = people.persons.map((person, index) => toJson(person, crops[index]));
  terminal.result('faces', { file, ...people, persons }, () => {
    if (persons.length === 0) terminal.say(`Nobody was found in ${JSON.stringify(basename(file))}.`);
    else for (const line of formatTable([HEAD, ...people.persons.map(toRow)])) terminal.data(line);
    if (people.unclearTracks > 0) {
      terminal.say(`Too short or too unclear to tell who it is: ${people.unclearTracks} more.`);
    }
    if (cropsFolder !== undefined) terminal.say(`${crops.length} crops are in ${cropsFolder}.`);
  });
}

const HEAD = ['PERSON', 'FIRST', 'LAST', 'SHARE', 'TRACKS', 'SIZE', 'AGE', 'GENDER', 'BEST FRAME'];

function toRow(person: Person): string[] {
  const { id, first, last, share, tracks, meanSize, ageYears, gender, best } = person;
  return [
    id,
    `${first.frame} (${toTimecode(first.seconds)})`,
    `${last.frame} (${toTimecode(last.seconds)})`,
    `${(100 * share).toFixed(1)} %`,
    String(tracks),
    String(Math.round(meanSize)),
    String(Math.round(ageYears)),
    gender,
    String(best.frame),
  ];
}

/** `3725.5` as `01:02:05.500`. */
export function toTimecode(seconds: number): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const part = (unit: number, limit: number, digits = 2): string =>
    String(Math.floor(milliseconds / unit) % limit).padStart(digits, '0');
  return `${part(3_600_000, Number.POSITIVE_INFINITY)}:${part(60_000, 60)}:${part(1000, 60)}.${part(1, 1000, 3)}`;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const momentOf = ({ frame, seconds }: Moment): Readonly<Record<string, unknown>> => ({
  frame,
  seconds: rounded(seconds, 3),
  timecode: toTimecode(seconds),
});

/** What may be shown of a person: nothing that recognises anybody. */
function toJson(person: Person, crop: string | undefined): Readonly<Record<string, unknown>> {
  const { id, first, last, frames, share, tracks, meanSize, ageYears, gender, best } = person;
  const { x0, y0, x1, y1 } = best.box;
  return {
    id,
    first: momentOf(first),
    last: momentOf(last),
    frames,
    share: rounded(share, 4),
    tracks,
    meanSize: rounded(meanSize, 1),
    ageYears: rounded(ageYears, 1),
    gender,
    best: { ...momentOf(best), box: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } },
    ...(crop === undefined ? {} : { crop }),
  };
}
