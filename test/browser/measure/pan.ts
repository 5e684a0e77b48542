/** Moving a picture about. */
import type { Page } from 'playwright-core';
import type { PageBrowser } from '../support/page-browser.ts';
import { type Figure, medianOf, toFigure } from './figure.ts';
import { openSwapPage, type SwapFiles } from './swap-page.ts';

const PANS = 5;
/** Of a pan: two and a half seconds at sixty pictures a second. */
const MOVES = 150;

declare global {
  interface Window {
    /** @returns times of all pictures since it was put there, in milliseconds */
    endPictures: () => readonly number[];
  }
}

/** Begins to note when pictures are drawn. */
const notePictures = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const times: number[] = [];
    let next = requestAnimationFrame(function note(now) {
      times.push(now);
      next = requestAnimationFrame(note);
    });
    window.endPictures = () => {
      cancelAnimationFrame(next);
      return times;
    };
  });

/** Where the picture is, as the stage places it. */
const placeOf = (page: Page): Promise<string> =>
  page.locator('.stage').evaluate(({ style }: HTMLElement) => style.getPropertyValue('--tx'));

export async function measurePanning(browser: PageBrowser, url: string, files: SwapFiles): Promise<readonly Figure[]> {
  await using opened = await openSwapPage(browser, url, files, { width: 1920, height: 1080 });
  const { page, driver } = opened;
  await page.getByRole('radio', { name: driver.words('view.split'), exact: true }).click();
  await page.keyboard.press('2');
  const box = await page.getByRole('region', { name: driver.words('stage.title') }).boundingBox();
  if (!box) throw new Error('There is no stage.');
  const [x, y] = [box.x + box.width * 0.3, box.y + box.height / 2];
  const medians: number[] = [];
  const slowest: number[] = [];
  for (let pan = 0; pan < PANS; pan++) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    const before = await placeOf(page);
    await notePictures(page);
    // In a circle: the picture never comes to an edge and stays there.
    for (let move = 1; move <= MOVES; move++) {
      const angle = (move / MOVES) * 2 * Math.PI;
      await page.mouse.move(x + 120 * Math.sin(angle), y + 90 * (1 - Math.cos(angle)));
      if (move === MOVES / 4 && (await placeOf(page)) === before) throw new Error('The picture is not moved.');
    }
    const times = await page.evaluate(() => window.endPictures());
    await page.mouse.up();
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
