/** From an input to the picture that shows what it did. */
import type { Locator, Page } from 'playwright-core';

/** What did not come by then does not come. */
const PATIENCE_MS = 30_000;

/** Event whose own time is the beginning: a click is when the button comes up. */
export type InputEvent = 'pointerup' | 'keydown';

/**
 * @param done selector of what the body is once the answer is there: not before
 * @param act makes the event, once
 * @returns milliseconds from the event's own time to the end of the picture in which `done` holds first
 */
export async function timeInput(
  page: Page,
  event: InputEvent,
  done: string,
  act: () => Promise<unknown>,
): Promise<number> {
  // It listens before anything is pressed: a handle is there at once, what it holds later.
  const listening = await page.evaluateHandle(
    ({ name, selector, patience }) => {
      const isDone = (): boolean => document.body.matches(selector);
      if (isDone()) throw new Error(`It is there before the input: ${selector}`);
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error(`Nothing on the page became ${selector} after ${name}.`)), patience);
        const listen = (input: Event): void => {
          // Held, not pressed: the key comes after it.
          if (input instanceof KeyboardEvent && ['Control', 'Shift'].includes(input.key)) return;
          removeEventListener(name, listen, { capture: true });
          port1.onmessage = () => resolve(performance.now() - input.timeStamp);
          const look = (): void => {
            // A message that is sent before a picture is drawn comes after it.
            if (isDone()) port2.postMessage(undefined);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        };
        addEventListener(name, listen, { capture: true });
      });
      return { answered };
    },
    { name: event, selector: done, patience: PATIENCE_MS },
  );
  await act();
  return listening.evaluate(({ answered }) => answered);
}

export const timeClick = (page: Page, target: Locator, done: string): Promise<number> =>
  timeInput(page, 'pointerup', done, () => target.click());

export const timeKey = (page: Page, key: string, done: string): Promise<number> =>
  timeInput(page, 'keydown', done, () => page.keyboard.press(key));
