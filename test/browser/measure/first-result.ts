/** From an empty browser to the first result: paint, scripts, what jumps, what blocks. */
import { gzipSync } from 'node:zlib';
import type { PageBrowser } from '../support/page-browser.ts';
import { drivePage } from '../support/page-driver.ts';
import { type Figure, toFigure } from './figure.ts';
import type { SwapFiles } from './swap-page.ts';
import { takeNoted, watch } from './watch.ts';

const RUNS = 5;

interface Run {
  /** Milliseconds. */
  readonly paint: number;
  readonly loaded: number;
  readonly kilobytes: number;
  /** Of layout shifts: all, and those that no input can have caused. */
  readonly all: number;
  readonly unasked: number;
  readonly longTasks: readonly number[];
}

/** Compressed by us where the service sends them as they are. */
async function gzippedKilobytes(urls: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    urls.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

export async function measureFirstResult(
  browser: PageBrowser,
  url: string,
  { source, target }: SwapFiles,
): Promise<readonly Figure[]> {
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run++) {
    await using opened = await browser.open(url);
    const { page } = opened;
    await watch(page);
    const driver = drivePage(page);
    await driver.addSource(source);
    await driver.chooseTarget(target);
    await driver.people();
    await driver.fullPreview();
    const seen = await page.evaluate(() => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      const [navigation] = performance.getEntriesByType('navigation');
      const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
      return {
        paint: paint?.startTime ?? Number.NaN,
        loaded: navigation?.duration ?? Number.NaN,
        scripts: scripts.map(({ name }) => name),
      };
    });
    const { shifts, longTasks } = await takeNoted(page);
    const all = shifts.reduce((sum, { value }) => sum + value, 0);
    const unasked = shifts.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0);
    const { scripts, ...times } = seen;
    runs.push({ ...times, kilobytes: await gzippedKilobytes(scripts), all, unasked, longTasks });
  }
  const of = (pick: (run: Run) => number): number[] => runs.map(pick);
  return [
    toFigure(
      'first paint with content',
      'ms',
      of(({ paint }) => paint),
      { below: 1000 },
    ),
    toFigure(
      'page loaded',
      'ms',
      of(({ loaded }) => loaded),
    ),
    toFigure(
      'scripts before the first result, gzipped',
      'kB',
      of(({ kilobytes }) => kilobytes),
      { below: 120 },
    ),
    toFigure(
      'layout shift to the first result (CLS)',
      'share',
      of(({ unasked }) => unasked),
      { below: 0.01 },
    ),
    toFigure(
      'layout shift, right after inputs too',
      'share',
      of(({ all }) => all),
    ),
    toFigure(
      'tasks above 50 ms to the first result',
      'times',
      of(({ longTasks }) => longTasks.length),
    ),
    toFigure(
      'longest task to the first result',
      'ms',
      of(({ longTasks }) => Math.max(0, ...longTasks)),
    ),
  ];
}
