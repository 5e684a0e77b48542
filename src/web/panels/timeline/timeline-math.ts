/** Where things lie on a timeline. Pure. */

/** Seconds from one mark of the ruler to the next. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200] as const;
/** Marks are not nearer than this, in CSS pixels: `1:00:00` fits. */
const LEAST_TICK = 84;

/** Marks of the ruler, in seconds. */
export function ticksOf(seconds: number, width: number): number[] {
  const step = STEPS.find((one) => (one / seconds) * width >= LEAST_TICK) ?? STEPS[STEPS.length - 1] ?? 1;
  // The last one needs room for what is written at it.
  const last = seconds * (1 - (LEAST_TICK * 0.7) / Math.max(width, LEAST_TICK));
  return Array.from({ length: Math.floor(Math.max(0, last) / step) + 1 }, (_, index) => index * step);
}

/** `01:20`, from an hour on `1:00:00`. */
export function tickText(seconds: number, isLong: boolean): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  return isLong ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Joins what could not be told apart, so that a long film with a thousand entries draws a few hundred. */
export function joinNear(stretches: readonly Stretch[], gap: number): Stretch[] {
  const joined: Stretch[] = [];
  for (const { start, end } of stretches) {
    const before = joined.at(-1);
    if (before && start - before.end <= gap)
      joined[joined.length - 1] = { start: before.start, end: Math.max(end, before.end) };
    else joined.push({ start, end });
  }
  return joined;
}

/** Cuts stretches where ranges begin and end: what is done to a person may change there. */
export function cutAt(stretches: readonly Stretch[], borders: readonly number[]): Stretch[] {
  return stretches.flatMap(({ start, end }) => {
    const inside = [...new Set(borders)].filter((at) => at > start && at < end).sort((a, b) => a - b);
    return [start, ...inside].map((from, index) => ({ start: from, end: inside[index] ?? end }));
  });
}

/** Cells of the filmstrip: about as wide as a frame is; few different numbers, so that caches hold them. */
export function cellsOf(width: number, height: number, aspect: number): number {
  const cells = Math.round(width / (height * aspect));
  return Math.min(200, Math.max(4, Math.round(cells / 2) * 2));
}

/** The frame at a place. @param share 0..1 of the track */
export const frameAt = (share: number, frames: number): number =>
  Math.min(frames - 1, Math.max(0, Math.floor(share * frames)));
