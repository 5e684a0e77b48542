/** What the detector got wrong is put right once, and stays so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTalk, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-people-'));
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

describe('a face that is none', () => {
  it('is discarded, and does not return when the playhead moves or the page is opened again (en, dark, 1280 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const { words, ...driver } = drivePage(page);
    const boxes = page.locator('.facebox');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await makeTalk(folder, 20), 'keyboard');
    expect(await driver.people()).toBe(1);
    await boxes.first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: words('palette.title') }).fill(words('action.people.discard'));
    await page.keyboard.press('Enter');
    await page.getByText(words('people.none')).waitFor();
    const looked = (): Promise<unknown> => page.waitForResponse((answer) => answer.url().endsWith('/v1/faces'));
    for (const key of ['ArrowRight', 'End']) {
      // The detector is asked at the new place, and sees the face again; the page does not show it.
      const answer = looked();
      await page.keyboard.press(key);
      await answer;
      expect(await boxes.count()).toBe(0);
    }
    await page.reload();
    await page.getByText(words('people.none')).waitFor();
    expect(await boxes.count()).toBe(0);
    await driver.button('people.correct').press('Enter');
    await page.getByRole('menuitem', { name: words('people.restore', { count: 1 }) }).press('Enter');
    expect(await driver.people()).toBe(1);
    await boxes.first().waitFor();
    expect(opened.faults).toEqual([]);
  });
});

describe('two people who are one', () => {
  it('are merged, named and taken apart again (zh, light, 1440 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh' });
    const { page } = opened;
    const { words, button, ...driver } = drivePage(page, 'zh');
    await driver.addSource(await portrait());
    await driver.chooseTarget();
    expect(await driver.people()).toBe(3);
    const cards = page.getByRole('listbox', { name: words('people.title') }).getByRole('option');
    const correct = async (item: string): Promise<void> => {
      await button('people.correct').click();
      await page.getByRole('menuitem', { name: item, exact: true }).click();
    };
    const nameOf = (number: number): string => words('people.name', { number });
    await cards.nth(2).click();
    await correct(words('people.merge', { name: nameOf(1) }));
    expect(await cards.count()).toBe(2);
    await cards.nth(0).click();
    await correct(words('people.rename'));
    await page.locator('input:focus').fill('安娜');
    await page.keyboard.press('Enter');
    await cards.filter({ hasText: '安娜' }).waitFor();
    await page.reload();
    await cards.filter({ hasText: '安娜' }).waitFor();
    expect(await cards.count()).toBe(2);
    await cards.nth(0).click();
    await correct(words('people.split'));
    expect(await cards.count()).toBe(3);
    expect(opened.faults).toEqual([]);
  });
});
