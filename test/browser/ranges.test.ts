/** Parts of a video with settings of their own: set, seen on the timeline, and worked on so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTalk, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-ranges-'));
let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('two ranges', () => {
  it('with other settings are on the timeline, are kept, and are in the run (zh, dark, 1280 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const { words, ...driver } = drivePage(page, 'zh');
    const press = (keys: string): Promise<void> => page.keyboard.press(keys);
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await makeTalk(folder, 40), 'keyboard');
    await driver.people();
    // From frame 10 on with a face enhancer.
    await press('Shift+ArrowRight');
    await press('r');
    const scope = page.getByTestId('range-settings');
    await scope.waitFor();
    await page.getByRole('switch', { name: words('option.faceEnhancer') }).press('Enter');
    await scope.getByText(words('ranges.one')).waitFor();
    // From frame 30 on nothing is done.
    await press('w');
    await scope.waitFor({ state: 'detached' });
    await press('Shift+ArrowRight');
    await press('Shift+ArrowRight');
    await press('r');
    await scope.waitFor();
    await page.getByRole('switch', { name: words('ranges.on') }).press('Enter');
    const segments = page.locator('.rangeseg');
    expect(await segments.count()).toBe(2);
    await segments.filter({ hasText: words('ranges.off') }).waitFor();
    await page.getByText(words('stage.rangeOff')).first().waitFor();
    // The rest is as it was: outside of ranges there is no enhancer.
    await press('w');
    const enhancer = page.getByRole('switch', { name: words('option.faceEnhancer') });
    await expect.poll(() => enhancer.getAttribute('aria-checked')).toBe('false');
    await driver.start('keyboard');
    await driver.ready();
    const { jobs } = await (await fetch(`${service.url}v1/jobs`)).json();
    expect(jobs).toMatchObject([
      {
        state: 'completed',
        ranges: [
          { start: 10, end: 30 },
          { start: 30, end: 40, off: true },
        ],
      },
    ]);
    await page.reload();
    await driver.people();
    expect(await segments.count()).toBe(2);
    expect(opened.faults).toEqual([]);
  });
});
