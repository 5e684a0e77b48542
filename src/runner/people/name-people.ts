/** From tracklets to persons. */
import type { Region } from '../../core/image.ts';
import { similarity } from '../../engine/faces/recognise.ts';
import { clusterItems, UNCLEAR_PERSON_COSINE } from './cluster.ts';
import { spansOf } from './face-path.ts';
import { type Person, personId, rankPersons } from './people.ts';
import type { BestLook, Tracklet } from './tracklet.ts';

/** A person with what recognises her or him. Plain data. Never to be shown, logged or written to a report. */
export interface KnownPerson {
  readonly person: Person;
  /** Weighted mean of the looks at the person, not brought to unit length. */
  readonly meanEmbedding: Float32Array;
  readonly best: BestLook;
  /** Where and when tracks of the person begin. */
  readonly beginnings: readonly Beginning[];
}

export interface Beginning {
  readonly frame: number;
  readonly box: Region;
}

/** Somebody who was never seen well must stay for so long to count as a person. */
const FEWEST_UNCLEAR_FRAMES = 25;
/** Anybody must, unless the video is shorter: mistakes of the detector are gone by then. */
const FEWEST_FRAMES = 3;

/**
 * Clusters the tracklets that were seen well, then gives each of the others to the most alike person, if there is one
 * alike enough.
 * @param frames all frames of the video
 * @returns persons in the order of their ids, and how many tracks belong to none
 */
export function namePeople(
  tracklets: readonly Tracklet[],
  frames: number,
): { readonly persons: readonly KnownPerson[]; readonly unclearTracks: number } {
  const indexes = tracklets.flatMap((tracklet, index) => (tracklet.best && tracklet.weight > 0 ? [index] : []));
  const clear = indexes.filter((index) => tracklets[index]!.goodLooks > 0);
  const groups = groupsOf(tracklets, clear);
  const unclear = indexes.filter((index) => tracklets[index]!.goodLooks === 0);
  const left = unclear.filter((index) => !joinMostAlike(tracklets, groups, index));
  const persons = [...groups, ...groupsOf(tracklets, left)]
    .map((group) => group.map((index) => tracklets[index]!))
    .filter((group) => isPerson(group, frames));
  const counted = new Set(persons.flatMap((group) => group.map(({ trackId }) => trackId)));
  const all = new Set(tracklets.map(({ trackId }) => trackId));
  const ranked = rankPersons(persons.map((group) => summarise(group)));
  return {
    persons: ranked.map((facts, index) => toKnownPerson(facts, personId(index), frames)),
    unclearTracks: [...all].filter((trackId) => !counted.has(trackId)).length,
  };
}

/** Clusters some of the tracklets. @returns groups of indexes into `tracklets` */
function groupsOf(tracklets: readonly Tracklet[], indexes: readonly number[]): number[][] {
  const position = new Map(indexes.map((index, at) => [index, at]));
  const items = indexes.map((index) => {
    const { meanEmbedding, weight, conflicts } = tracklets[index]!;
    const within = [...conflicts].flatMap((other) => position.get(other) ?? []);
    return { meanEmbedding, weight, conflicts: new Set(within) };
  });
  return clusterItems(items).map((group) => group.map((at) => indexes[at]!));
}

function joinMostAlike(tracklets: readonly Tracklet[], groups: number[][], index: number): boolean {
  const { conflicts, meanEmbedding } = tracklets[index]!;
  let best: number[] | undefined;
  let bestCosine = UNCLEAR_PERSON_COSINE;
  for (const group of groups) {
    if (group.some((other) => conflicts.has(other))) continue;
    const cosine = similarity(meanEmbedding, meanOf(group.map((other) => tracklets[other]!)));
    if (cosine < bestCosine) continue;
    best = group;
    bestCosine = cosine;
  }
  best?.push(index);
  return best !== undefined;
}

function isPerson(group: readonly Tracklet[], allFrames: number): boolean {
  const frames = sum(group, (tracklet) => tracklet.frames);
  const isClear = group.some(({ goodLooks }) => goodLooks > 0);
  return frames >= Math.min(isClear ? FEWEST_FRAMES : FEWEST_UNCLEAR_FRAMES, allFrames);
}

const sum = (group: readonly Tracklet[], value: (tracklet: Tracklet) => number): number =>
  group.reduce((total, tracklet) => total + value(tracklet), 0);

function meanOf(group: readonly Tracklet[]): Float32Array {
  const weight = sum(group, (tracklet) => tracklet.weight);
  const parts = group.map((tracklet) => ({ mean: tracklet.meanEmbedding, share: tracklet.weight / weight }));
  return parts[0]!.mean.map((_, i) => parts.reduce((total, { mean, share }) => total + share * mean[i]!, 0));
}

/** A group of tracklets as one person who has no id yet. */
function summarise(group: readonly Tracklet[]) {
  const byTime = [...group].sort((a, b) => a.first.frame - b.first.frame);
  return {
    first: byTime[0]!.first,
    left: byTime[0]!.firstBox.x0,
    last: group.map(({ last }) => last).reduce((a, b) => (b.frame > a.frame ? b : a)),
    frames: sum(group, (tracklet) => tracklet.frames),
    tracks: new Set(group.map(({ trackId }) => trackId)).size,
    sizeSum: sum(group, (tracklet) => tracklet.sizeSum),
    weight: sum(group, (tracklet) => tracklet.weight),
    ageSum: sum(group, (tracklet) => tracklet.ageSum),
    femaleWeight: sum(group, (tracklet) => tracklet.femaleWeight),
    best: group.map(({ best }) => best!).reduce((a, b) => (b.worth > a.worth ? b : a)),
    meanEmbedding: meanOf(group),
    spans: spansOf(group.flatMap(({ paths }) => paths)),
    beginnings: byTime.map(({ first, firstBox }) => ({ frame: first.frame, box: firstBox })),
  };
}

function toKnownPerson(facts: ReturnType<typeof summarise>, id: string, allFrames: number): KnownPerson {
  const { first, last, frames, tracks, best, weight, meanEmbedding, beginnings } = facts;
  const person: Person = {
    id,
    first,
    last,
    frames,
    share: frames / allFrames,
    tracks,
    meanSize: facts.sizeSum / frames,
    ageYears: facts.ageSum / weight,
    gender: 2 * facts.femaleWeight >= weight ? 'female' : 'male',
    best: { frame: best.frame, seconds: best.seconds, box: best.box },
    spans: facts.spans,
  };
  return { person, meanEmbedding, best, beginnings };
}
