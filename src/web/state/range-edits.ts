/** Changes of ranges. Each can be undone. */
import { type TextKey, t } from '../i18n/i18n.ts';
import { type ProjectDocument, project, type RangeSettings } from './document.ts';
import { frame } from './preview.ts';
import { boundsOf, rangeAt, roomAt, scope } from './range-settings.ts';
import { frameCount, seek, range as worked } from './target.ts';
import { showUndoToast } from './undo-toast.ts';
import { selectedRange } from './view.ts';

const change = (
  label: TextKey,
  next: (ranges: readonly RangeSettings[], document: ProjectDocument) => readonly RangeSettings[],
  merge?: string,
): void =>
  project.change(
    label,
    (document) => {
      const ranges = next(document.ranges, document);
      return ranges === document.ranges ? document : { ...document, ranges };
    },
    merge,
  );

export const changeRange = (
  id: string,
  label: TextKey,
  next: (range: RangeSettings, document: ProjectDocument) => RangeSettings,
  merge?: string,
): void =>
  change(label, (ranges, document) => ranges.map((range) => (range.id === id ? next(range, document) : range)), merge);

/** Not used in this project yet. */
function freeId(ranges: readonly RangeSettings[]): string {
  let number = ranges.length + 1;
  while (ranges.some(({ id }) => id === `range${number}`)) number++;
  return `range${number}`;
}

/**
 * Settings of their own from the playhead on: up to the next marker, range or end. Within a range, that one is cut in two.
 */
export function addRange(): void {
  const at = frame.value;
  const document = project.value.value;
  const { ranges } = document;
  const id = freeId(ranges);
  const here = rangeAt(document, at);
  if (here && here.start === at) {
    selectedRange.value = here.id;
    return;
  }
  const added: RangeSettings | undefined = here
    ? { ...here, id, start: at }
    : toRange(id, roomAt(document, at, worked.value));
  if (!added) return;
  const kept = ranges.map((range) => (range.id === here?.id ? { ...range, end: at } : range));
  change('change.ranges.add', () => [...kept, added].sort((a, b) => a.start - b.start));
  selectedRange.value = id;
}

const toRange = (id: string, room: ReturnType<typeof roomAt>): RangeSettings | undefined =>
  room && { id, ...room, off: false, options: {}, mapping: {} };

/** Shows its settings; the playhead goes into it where it is elsewhere. */
export function selectRange({ id, start, end }: RangeSettings): void {
  selectedRange.value = id;
  if (frame.value < start || frame.value >= end) seek(start);
}

/** Behind the last one comes the first. */
export function goToNextRange(): void {
  const { ranges } = project.value.value;
  const next = ranges.find(({ start }) => start > frame.value) ?? ranges[0];
  if (next) selectRange(next);
}

export const leaveRange = (): void => {
  selectedRange.value = undefined;
};

/** With a way back, instead of a question. */
export function removeRange(id: string): void {
  change('change.ranges.remove', (ranges) => ranges.filter((range) => range.id !== id));
  if (selectedRange.value === id) leaveRange();
  showUndoToast({ kind: 'info', text: t('ranges.removed') });
}

export const setRangeOff = (id: string, off: boolean): void =>
  changeRange(id, 'change.ranges.off', (range) => ({ ...range, off }));

export const resetRange = (id: string): void =>
  changeRange(id, 'change.option.reset', (range) => ({ ...range, off: false, options: {}, mapping: {} }));

/** @param to first frame, or the one before which it ends; kept out of its neighbours. @returns where it is now */
export function moveRangeEdge(id: string, side: 'start' | 'end', to: number, merge?: string): number {
  const { ranges } = project.value.value;
  const range = ranges.find((one) => one.id === id);
  if (!range) return to;
  const { least, most } = boundsOf(ranges, range, side, frameCount.value);
  const next = Math.min(most, Math.max(least, Math.round(to)));
  if (next !== range[side]) changeRange(id, 'change.ranges.move', (one) => ({ ...one, [side]: next }), merge);
  return next;
}

/** Whom a person becomes: in the range that is being set, where one is. @returns whether it was for a range */
export function mapInRange(person: string, to: string): boolean {
  const range = scope.value;
  if (!range) return false;
  changeRange(range.id, 'change.ranges.person', (one) => ({ ...one, mapping: { ...one.mapping, [person]: to } }));
  return true;
}
