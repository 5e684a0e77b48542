/** The faces and pairs that every measurement uses. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** `clean` frontal faces; `hard` hair, coloured light, small, wide open mouth; `turned` one face at 24 to 32 degrees. */
export const PAIR_SETS = ['clean', 'hard', 'turned'] as const;
export type PairSet = (typeof PAIR_SETS)[number];

const place = z.object({
  /** Name in `media`. */
  media: z.string(),
  /** Frame of a video, from 0. */
  frame: z.number().int().min(0).optional(),
  /** A point between the eyes, pixels. */
  x: z.number(),
  y: z.number(),
});

const pairList = z.array(z.tuple([z.string(), z.string()]));

const schema = z.object({
  about: z.string(),
  /** Name to path inside node_modules. */
  media: z.record(z.string(), z.string()),
  faces: z.record(z.string(), place),
  pairs: z.object({ clean: pairList, hard: pairList, turned: pairList }),
});

export type FacePlace = z.output<typeof place>;
export type PairList = z.output<typeof schema>;

/** Reads `pairs.json` beside this file and checks that every name in it leads somewhere. */
export async function readPairs(): Promise<PairList> {
  const list = schema.parse(JSON.parse(await readFile(new URL('./pairs.json', import.meta.url), 'utf8')));
  for (const [name, { media }] of Object.entries(list.faces)) {
    if (!list.media[media]) throw new Error(`pairs.json: face ${name} is on unknown media ${media}.`);
  }
  for (const pair of PAIR_SETS.flatMap((set) => list.pairs[set])) {
    for (const name of pair) if (!list.faces[name]) throw new Error(`pairs.json: there is no face ${name}.`);
  }
  return list;
}
