/** Going to a frame whose preview was made before, and moving a picture about. */
import type { Page } from 'playwright-core';
import { OPEN_PROJECT } from '../screens/world.ts';
import type { PageBrowser } from '../support/page-browser.ts';
import { drivePage } from '../support/page-driver.ts';
import { type Figure, medianOf, toFigure } from './figure.ts';

const SCRUBS = 12;
const PANS = 5;
/** Of a pan. */
const MOVES = 150;

/** @returns milliseconds from the next key to the picture of this frame, in full quality */
const untilFrame = (page: Page, frame: number): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        const isThere = (): boolean =>
          document.querySelector<HTMLElement>('[data-frame]')?.dataset.frame === wanted &&
          document.querySelector<HTMLElement>('[data-quality]')?.dataset.quality === 'full';
        addEventListener(
          'keydown',
          ({ timeStamp }) => {
            port1.onmessage = () => resolve(performance.now() - timeStamp);
            const look = (): void => {
              if (isThere()) port2.postMessage(undefined);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          },
          { once: true, capture: true },
        );
      }),
    String(frame),
  );

export async function measureScrubbing(browser: PageBrowser, url: string, project: string): Promise<readonly Figure[]> {
  await using opened = await browser.open(url, { stored: { [OPEN_PROJECT]: project } });
  const { page } = opened;
  const driver = drivePage(page);
  await driver.people();
  await driver.fullPreview();
  const made = untilFrame(page, 10);
  await page.keyboard.press('Shift+ArrowRight');
  await made;
  const times: number[] = [];
  for (let scrub = 0; scrub < SCRUBS; scrub++) {
    const isBack = scrub % 2 === 0;
    const shown = untilFrame(page, isBack ? 0 : 10);
    await page.keyboard.press(isBack ? 'Shift+ArrowLeft' : 'Shift+ArrowRight');
    times.push(await shown);
  }
  return [toFigure('scrub to a frame that is cached', 'ms', times, { below: 50 })];
}

export async function measurePanning(browser: PageBrowser, url: string, project: string): Promise<readonly Figure[]> {
  await using opened = await browser.open(url, {
    ...{ width: 1920, height: 1080, stored: { [OPEN_PROJECT]: project } },
  });
  const { page } = opened;
  const driver = drivePage(page);
  await driver.fullPreview();
  await page.getByRole('radio', { name: driver.words('view.split'), exact: true }).click();
  await page.keyboard.press('2');
  const box = await page.getByRole('region', { name: driver.words('stage.title') }).boundingBox();
  if (!box) throw new Error('There is no stage.');
  const [x, y] = [box.x + box.width * 0.3, box.y + box.height / 2];
  const medians: number[] = [];
  const slowest: number[] = [];
  for (let pan = 0; pan < PANS; pan++) {
    await page.evaluate(() => {
      const times: number[] = [];
      Object.assign(window, { pictureTimes: times });
      requestAnimationFrame(function note(now) {
        times.push(now);
        requestAnimationFrame(note);
      });
    });
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move++) {
      const angle = (move / MOVES) * 2 * Math.PI;
      await page.mouse.move(x + 120 * Math.sin(angle), y + 90 * (1 - Math.cos(angle)));
    }
    await page.mouse.up();
    const times = await page.evaluate(() => (window as unknown as { pictureTimes: number[] }).pictureTimes.splice(0));
    const between = times.slice(1).map((time, at) => time - (times[at] ?? time));
    medians.push(1000 / medianOf(between));
    slowest.push(between.toSorted((a, b) => a - b)[Math.floor(between.length * 0.95)] ?? 0);
  }
  return [
    // A screen of 60 Hz has 16.7 ms a picture, and its clock is not exact.
    toFigure('pictures a second while panning at 1920x1080', 'fps', medians, { atLeast: 59 }),
    toFigure('95 of 100 pictures while panning came within', 'ms', slowest),
  ];
}
