/** What a page holds after many previews. */
import { readFileSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { OPEN_PROJECT } from '../screens/world.ts';
import type { PageBrowser } from '../support/page-browser.ts';
import { drivePage } from '../support/page-driver.ts';
import { type Figure, toFigure } from './figure.ts';

const PREVIEWS = 200;
const MEGABYTE = 1e6;

/** Of scripts, after everything that is not used was thrown away. */
async function heapBytes(session: CDPSession): Promise<number> {
  for (let pass = 0; pass < 2; pass++) await session.send('HeapProfiler.collectGarbage');
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

export async function measureMemory(browser: PageBrowser, url: string, project: string): Promise<readonly Figure[]> {
  await using opened = await browser.open(url, { stored: { [OPEN_PROJECT]: project } });
  const { page, context } = opened;
  const driver = drivePage(page);
  await driver.people();
  await page.getByRole('radio', { name: driver.words('preset.fast') }).click();
  await driver.fullPreview();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const whole = await browser.browser.newBrowserCDPSession();
  const before = { heap: await heapBytes(session), page: await pageBytes(whole) };
  for (let frame = 1; frame <= PREVIEWS; frame++) {
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-frame="${frame}"]`).waitFor();
    await driver.fullPreview();
  }
  const after = { heap: await heapBytes(session), page: await pageBytes(whole) };
  return [
    toFigure(`growth of the heap by ${PREVIEWS} previews`, 'MB', [(after.heap - before.heap) / MEGABYTE], {
      below: 20,
    }),
    toFigure('heap after them', 'MB', [after.heap / MEGABYTE]),
    toFigure('growth of the process, with pictures that are kept', 'MB', [(after.page - before.page) / MEGABYTE]),
  ];
}
