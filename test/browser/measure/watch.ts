/** What the browser itself notes: layout that shifts, tasks that block, events and how long they took to be seen. */
import type { Page } from 'playwright-core';

/** What took less is not told by the browser. */
export const LEAST_NOTED_MS = 16;

interface Shift {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
interface Noted {
  /** Shares of the window, by how far: what the browser adds up to CLS. */
  readonly shifts: Shift[];
  /** Milliseconds, each above 50. */
  readonly longTasks: number[];
  /** Milliseconds from the input to the picture after it; none where it took less than the browser tells. */
  readonly events: number[];
}

declare global {
  interface Window {
    noted: Noted;
  }
}

/** Begins to note, with what was before. */
export const watch = (page: Page): Promise<void> =>
  page.evaluate((durationThreshold) => {
    const noted: Noted = { shifts: [], longTasks: [], events: [] };
    window.noted = noted;
    const observe = (type: string, note: (entry: PerformanceEntry) => void, more: object = {}): void =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
    observe('layout-shift', (entry) => {
      const { value, hadRecentInput } = entry as PerformanceEntry & Shift;
      noted.shifts.push({ value, hadRecentInput });
    });
    observe('longtask', ({ duration }) => noted.longTasks.push(duration));
    // Each is an input and not one of the events that go with it.
    observe(
      'event',
      (entry) => {
        if ((entry as PerformanceEntry & { interactionId: number }).interactionId > 0)
          noted.events.push(entry.duration);
      },
      { durationThreshold },
    );
  }, LEAST_NOTED_MS);

/** @returns what was noted since the last call, or since the beginning; pictures still to come are not in it */
export const takeNoted = (page: Page): Promise<Noted> =>
  page.evaluate(() => {
    const { shifts, longTasks, events } = window.noted;
    return { shifts: shifts.splice(0), longTasks: longTasks.splice(0), events: events.splice(0) };
  });
