/** Parts of a video in which nobody is seen: where to look when a face was missed. Pure. */

export interface Part {
  readonly start: number;
  /** The frame behind the last one. */
  readonly end: number;
}

/** @returns the parts of `[0, frames)` that no span covers, in order */
export function gapsOf(spans: readonly Part[], frames: number): readonly Part[] {
  const gaps: Part[] = [];
  let covered = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start > covered) gaps.push({ start: covered, end: Math.min(start, frames) });
    covered = Math.max(covered, end);
  }
  if (covered < frames) gaps.push({ start: covered, end: frames });
  return gaps;
}

/** The beginning of the next one behind a frame; behind the last one it begins again. */
export const nextGap = (gaps: readonly Part[], frame: number): number | undefined =>
  (gaps.find(({ start }) => start > frame) ?? gaps[0])?.start;
