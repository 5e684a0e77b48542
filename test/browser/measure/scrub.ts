/** Going to a frame whose preview was made before. */
import type { PageBrowser } from '../support/page-browser.ts';
import { type Figure, toFigure } from './figure.ts';
import { openSwapPage, type SwapFiles } from './swap-page.ts';
import { timeKey } from './time-input.ts';

const SCRUBS = 12;
/** What Shift and an arrow go by. */
const STEP = 10;

const shows = (frame: number): string => `:has([data-frame="${frame}"]):has([data-quality=full])`;

/** @param files with a video of more than ten frames */
export async function measureScrubbing(
  browser: PageBrowser,
  url: string,
  files: SwapFiles,
): Promise<readonly Figure[]> {
  await using opened = await openSwapPage(browser, url, files);
  const { page, driver } = opened;
  await page.keyboard.press('Shift+ArrowRight');
  await page.locator(`[data-frame="${STEP}"]`).waitFor();
  await driver.fullPreview();
  const times: number[] = [];
  for (let scrub = 0; scrub < SCRUBS; scrub++) {
    const isBack = scrub % 2 === 0;
    times.push(await timeKey(page, isBack ? 'Shift+ArrowLeft' : 'Shift+ArrowRight', shows(isBack ? 0 : STEP)));
  }
  return [toFigure('scrub to a frame that is cached', 'ms', times, { below: 50 })];
}
