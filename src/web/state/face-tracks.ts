/** Whose face is where: by the ways that persons were followed on. Pure. */

export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly boxes: readonly { readonly frame: number; readonly box: Box }[];
}
export interface Track<T> {
  readonly owner: T;
  readonly spans: readonly Span[];
}

const EDGES = ['x0', 'y0', 'x1', 'y1'] as const;

/** Last item whose value is not above what is looked for. */
function lastUpTo<T>(items: readonly T[], wanted: number, value: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && value(item) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** About where a person is in a frame, on the way from one known place to the next; undefined where not seen. */
export function boxOn(spans: readonly Span[], frame: number): Box | undefined {
  const span = spans[lastUpTo(spans, frame, ({ start }) => start)];
  if (!span || frame >= span.end) return undefined;
  const index = lastUpTo(span.boxes, frame, (place) => place.frame);
  const [from, to] = [span.boxes[index], span.boxes[index + 1]];
  if (!from) return undefined;
  if (!to) return from.box;
  const share = (frame - from.frame) / (to.frame - from.frame);
  const between = EDGES.map((edge) => [edge, from.box[edge] + share * (to.box[edge] - from.box[edge])] as const);
  return { ...from.box, ...Object.fromEntries(between) };
}

const areaOf = ({ x0, y0, x1, y1 }: Box): number => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);

/** Intersection over union, 0..1. */
export function overlap(a: Box, b: Box): number {
  const both = areaOf({
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  });
  const all = areaOf(a) + areaOf(b) - both;
  return all === 0 ? 0 : both / all;
}

/** Boxes of the detector are somewhat larger or smaller than those of the tracker; a neighbour's overlaps less. */
const LEAST_OVERLAP = 0.25;

/**
 * Gives boxes of a frame to the persons who were followed there: the best pairs first, each once.
 * @returns for each box its owner; undefined where nobody was followed there
 */
export function matchBoxes<T>(boxes: readonly Box[], tracks: readonly Track<T>[], frame: number): (T | undefined)[] {
  const pairs = tracks.flatMap((track) => {
    const place = boxOn(track.spans, frame);
    return place ? boxes.map((box, index) => ({ track, index, score: overlap(box, place) })) : [];
  });
  const owners: (T | undefined)[] = boxes.map(() => undefined);
  const taken = new Set<Track<T>>();
  const given = new Set<number>();
  for (const { track, index, score } of pairs.sort((a, b) => b.score - a.score)) {
    if (score < LEAST_OVERLAP) break;
    if (taken.has(track) || given.has(index)) continue;
    taken.add(track);
    given.add(index);
    owners[index] = track.owner;
  }
  return owners;
}
