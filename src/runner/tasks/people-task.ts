import { z } from 'zod';
import type { People, Person } from '../people/people.ts';
import { regionSchema } from './faces-task.ts';
import { defineTask } from './runner-task.ts';

export interface PeopleParameters {
  /** A photo or a video. */
  readonly path: string;
  /** Where the face of each person goes as a PNG, upright, named by the person's id; made if it does not exist. */
  readonly cropsFolder?: string | undefined;
}

/** A person, with the path of the crop instead of its pixels. */
export interface SeenPerson extends Omit<Person, 'crop'> {
  readonly crop?: string;
}

export interface SeenPeople extends Omit<People, 'persons'> {
  readonly persons: readonly SeenPerson[];
}

const spanSchema = z.object({
  ...{ start: z.number(), end: z.number() },
  boxes: z.array(z.object({ frame: z.number(), box: regionSchema })),
});
const momentSchema = z.object({ frame: z.number(), seconds: z.number() });

/** Who is seen in a photo or the whole of a video: `findPeople`. */
export const peopleTask = defineTask<'people', PeopleParameters, SeenPeople>({
  name: 'people',
  parameters: z.object({ path: z.string(), cropsFolder: z.string().optional() }),
  result: z.object({
    kind: z.enum(['image', 'video']),
    width: z.number(),
    height: z.number(),
    frames: z.number(),
    persons: z.array(
      z.object({
        id: z.string(),
        first: momentSchema,
        last: momentSchema,
        frames: z.number(),
        share: z.number(),
        tracks: z.number(),
        meanSize: z.number(),
        ageYears: z.number(),
        gender: z.enum(['female', 'male']),
        best: momentSchema.extend({ box: regionSchema }),
        spans: z.array(spanSchema),
        crop: z.string().exactOptional(),
      }),
    ),
    unclearTracks: z.number(),
    notes: z.array(z.looseObject({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })),
  }),
  async run({ path, cropsFolder }, { signal, onProgress, sessions, modelDirectory }) {
    const { findPeople } = await import('../people/find-people.ts');
    const { writeCrops } = await import('../../media/write-crops.ts');
    const crops = cropsFolder !== undefined;
    const people = await findPeople(path, { crops, signal, onProgress, sessions, modelDirectory });
    const images = people.persons.flatMap(({ id, crop }) => (crop ? [{ name: id, image: crop }] : []));
    const paths = crops ? await writeCrops(cropsFolder, images) : [];
    const pathOf = new Map(images.map(({ name }, at) => [name, paths[at]!]));
    const persons = people.persons.map(({ crop: _, ...person }) => {
      const written = pathOf.get(person.id);
      return { ...person, ...(written === undefined ? {} : { crop: written }) };
    });
    return { ...people, persons };
  },
});
