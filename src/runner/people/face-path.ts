/** Where a face was while it was followed, roughly: little memory, however long that is. Pure. */
import type { Region } from '../../core/image.ts';
import { overlapOf } from '../../engine/faces/boxes.ts';

/** Where a face is in one frame. */
export interface PlacedBox {
  readonly frame: number;
  readonly box: Region;
}

/** A face that has moved so far that less than this of the last place is left is noted again. */
const MOVED_OVERLAP = 0.8;
/** More places of one piece are thinned out: some 6 kB. */
const MOST_PLACES = 128;

/** Notes where a face is whenever it has moved. */
export class FacePath {
  #places: PlacedBox[] = [];
  #last: PlacedBox | undefined;
  /** Frames that lie between two places at least; grows as places are thinned out. */
  #gap = 1;

  add(frame: number, box: Region): void {
    const place = { frame, box };
    const before = this.#places.at(-1);
    const isDue = !before || frame - before.frame >= this.#gap;
    if (isDue && (!before || overlapOf(before.box, box) < MOVED_OVERLAP)) this.#places.push(place);
    this.#last = place;
    if (this.#places.length <= MOST_PLACES) return;
    this.#places = this.#places.filter((_, index) => index % 2 === 0);
    this.#gap *= 2;
  }

  /** The first place, those after moves, and the last one; rising by frame. */
  get places(): readonly PlacedBox[] {
    const last = this.#last;
    if (!last || this.#places.at(-1)?.frame === last.frame) return [...this.#places];
    return [...this.#places, last];
  }
}

/** A stretch of frames that shows a person. */
export interface PersonSpan {
  /** First frame. */
  readonly start: number;
  /** The frame behind the last one. */
  readonly end: number;
  /** Where the face is, in whole pixels: at the start, after moves and at the end; between them about on the way. */
  readonly boxes: readonly PlacedBox[];
}

/** Stretches that are so many frames apart are shown as one: a blink of the detector. */
export const SMALL_GAP = 2;

const rounded = ({ x0, y0, x1, y1 }: Region): Region => ({
  x0: Math.round(x0),
  y0: Math.round(y0),
  x1: Math.round(x1),
  y1: Math.round(y1),
});

/** @param paths of the pieces of one person, in any order. @returns spans in the order of time that do not overlap */
export function spansOf(paths: readonly FacePath[]): PersonSpan[] {
  const pieces = paths
    .map(({ places }) => places.map(({ frame, box }) => ({ frame, box: rounded(box) })))
    .flatMap((boxes) => (boxes[0] ? [{ start: boxes[0].frame, end: (boxes.at(-1) ?? boxes[0]).frame + 1, boxes }] : []))
    .sort((a, b) => a.start - b.start);
  const spans: PersonSpan[] = [];
  for (const piece of pieces) {
    const before = spans.at(-1);
    if (!before || piece.start - before.end > SMALL_GAP) {
      spans.push(piece);
      continue;
    }
    const boxes = [...before.boxes, ...piece.boxes].sort((a, b) => a.frame - b.frame);
    spans[spans.length - 1] = { start: before.start, end: Math.max(before.end, piece.end), boxes };
  }
  return spans;
}
