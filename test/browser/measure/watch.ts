/** What the browser itself notes: layout that shifts, tasks that block, events and how long they took to be seen. */
import type { Page } from 'playwright-core';

interface Shift {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
interface Noted {
  /** Shares of the window, by how far: what the browser adds up to CLS. */
  readonly shifts: Shift[];
  /** Milliseconds, each above 50. */
  readonly longTasks: number[];
  /** Milliseconds from the input to the picture after it; none where it took under 16. */
  readonly events: number[];
}

declare global {
  interface Window {
    noted: Noted;
  }
}

/** Begins to note, with what was before. */
export const watch = (page: Page): Promise<void> =>
  page.evaluate(() => {
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
      { durationThreshold: 16 },
    );
  });

/** @returns what was noted so far, without the pictures still to come */
export const readNoted = (page: Page): Promise<Noted> => page.evaluate(() => window.noted);

/** @returns milliseconds from the next event of this type to the picture after it, as the browser drew it */
export function untilDrawn(page: Page, type: 'pointerdown' | 'keydown'): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        addEventListener(
          name,
          ({ timeStamp }) => {
            port1.onmessage = () => resolve(performance.now() - timeStamp);
            // A message that is sent before a picture is drawn comes after it.
            requestAnimationFrame(() => port2.postMessage(undefined));
          },
          { once: true, capture: true },
        );
      }),
    type,
  );
}
