/** Parts of a video with settings of their own: which one is being set, and what counts where. */
import { computed } from '@preact/signals';
import { type ProjectDocument, project, type RangeSettings } from './document.ts';
import { selectedRange } from './view.ts';

/** The range whose settings the panels show and change; undefined: those of the whole video. */
export const scope = computed<RangeSettings | undefined>(() =>
  project.value.value.ranges.find(({ id }) => id === selectedRange.value),
);

export const rangeAt = ({ ranges }: Pick<ProjectDocument, 'ranges'>, frame: number): RangeSettings | undefined =>
  ranges.find(({ start, end }) => frame >= start && frame < end);

/** The document as it is within a range: for one that has no ranges. */
export function documentIn(document: ProjectDocument, range: RangeSettings | undefined): ProjectDocument {
  if (!range) return document.ranges.length === 0 ? document : { ...document, ranges: [] };
  const own = Object.entries(range.mapping).map(
    ([person, to]) => [person, { to, pinned: document.mapping[person]?.pinned ?? false }] as const,
  );
  return {
    ...document,
    ranges: [],
    options: { ...document.options, ...range.options },
    mapping: { ...document.mapping, ...Object.fromEntries(own) },
  };
}

/** The document as it is at a frame. */
export const documentAt = (document: ProjectDocument, frame: number): ProjectDocument =>
  documentIn(document, rangeAt(document, frame));

/** Things that a range has of its own. */
export const changesIn = ({ off, options, mapping }: RangeSettings): number =>
  off ? 1 : Object.keys(options).length + Object.keys(mapping).length;

/** How far a new range goes: from a frame to the next marker, range or end. */
export function roomAt(
  { markers, ranges }: Pick<ProjectDocument, 'markers' | 'ranges'>,
  frame: number,
  within: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } | undefined {
  if (rangeAt({ ranges }, frame)) return undefined;
  const from = Math.max(within.start, ...ranges.filter(({ end }) => end <= frame).map(({ end }) => end));
  const to = Math.min(within.end, ...ranges.filter(({ start }) => start > frame).map(({ start }) => start));
  const next = markers.find((marker) => marker.frame > frame && marker.frame < to)?.frame ?? to;
  const start = Math.max(frame, from);
  return start < next ? { start, end: next } : undefined;
}

/** Where an edge of a range may be: not within another one, and a range has one frame at least. */
export function boundsOf(
  ranges: readonly RangeSettings[],
  { id, start, end }: RangeSettings,
  side: 'start' | 'end',
  frames: number,
): { readonly least: number; readonly most: number } {
  const others = ranges.filter((range) => range.id !== id);
  const before = Math.max(0, ...others.filter((other) => other.end <= start).map((other) => other.end));
  const behind = Math.min(frames, ...others.filter((other) => other.start >= end).map((other) => other.start));
  return side === 'start' ? { least: before, most: end - 1 } : { least: start + 1, most: behind };
}
