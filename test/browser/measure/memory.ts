/** What a page holds after many previews. */
import { readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import type { PageBrowser } from '../support/page-browser.ts';
import { type Figure, toFigure } from './figure.ts';
import { openSwapPage, type SwapFiles } from './swap-page.ts';

const PREVIEWS = 200;
/** Progress is told every so many of them. */
const TOLD = 50;
/** At the beginning and at the end: the garbage of a moment is not always found at once. */
const READINGS = 5;
const MEGABYTE = 1e6;

/** Of scripts, after everything that is not used was thrown away. */
async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
}

/** Of all processes that show pages: memory that is theirs alone. */
async function pageBytes(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /^Private_Dirty:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? '0')
    .reduce((sum, kilobytes) => sum + Number(kilobytes) * 1024, 0);
}

interface Reading {
  readonly heap: number;
  readonly page: number;
}

/**
 * @param files with a video of more than 200 frames
 * @param say of how far it is
 */
export async function measureMemory(
  browser: PageBrowser,
  url: string,
  files: SwapFiles,
  say: (text: string) => void,
): Promise<readonly Figure[]> {
  await using opened = await openSwapPage(browser, url, files);
  const { page, context, driver } = opened;
  await page.getByRole('radio', { name: driver.words('preset.fast') }).click();
  await driver.fullPreview();
  // On a preset the arrows would choose another one.
  await page.getByRole('slider', { name: driver.words('timeline.playhead') }).focus();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const whole = await browser.browser.newBrowserCDPSession();
  const read = async (): Promise<readonly Reading[]> => {
    const readings: Reading[] = [];
    while (readings.length < READINGS) {
      readings.push({ heap: (await heapBytes(session)) / MEGABYTE, page: (await pageBytes(whole)) / MEGABYTE });
    }
    return readings;
  };
  const before = await read();
  for (let frame = 1; frame <= PREVIEWS; frame++) {
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-frame="${frame}"]`).waitFor();
    await driver.fullPreview();
    if (frame % TOLD === 0) say(`  ${frame} previews of ${PREVIEWS}`);
  }
  const after = await read();
  const growth = (of: keyof Reading): number[] => after.map((reading, at) => reading[of] - (before[at]?.[of] ?? 0));
  return [
    toFigure(`growth of the heap by ${PREVIEWS} previews`, 'MB', growth('heap'), { below: 20 }),
    toFigure(
      'heap after them',
      'MB',
      after.map(({ heap }) => heap),
    ),
    // Pictures are held decoded, so that going back to them needs nothing.
    toFigure('growth of the process, with the pictures that are held', 'MB', growth('page')),
  ];
}
