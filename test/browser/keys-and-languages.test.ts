/** Everything by keys alone, as somebody does who sees no screen; and every word in both languages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/web/i18n/en.ts';
import { zh } from '../../src/web/i18n/zh.ts';
import { makeTalk, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-keys-'));
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

const FRAMES = 40;

describe('by keys alone', () => {
  it('from an empty page to a result, told in words on the way (en, dark, 1280 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const { words, ...driver } = drivePage(page);
    const press = (keys: string): Promise<void> => page.keyboard.press(keys);
    const playhead = page.getByRole('slider', { name: words('timeline.playhead') });
    const isAt = (frame: number): Promise<void> =>
      expect.poll(() => playhead.getAttribute('aria-valuenow')).toBe(String(frame));
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await makeTalk(folder, FRAMES), 'keyboard');
    await driver.people();

    await press('ArrowRight');
    await isAt(1);
    await press('Shift+ArrowRight');
    await isAt(11);
    await press('i');
    await press('Shift+ArrowRight');
    await press('ArrowLeft');
    await isAt(20);
    await press('o');
    const placeOf = (key: 'timeline.in' | 'timeline.out'): Promise<string | null> =>
      page.getByRole('slider', { name: words(key), exact: true }).getAttribute('aria-valuenow');
    expect([await placeOf('timeline.in'), await placeOf('timeline.out')]).toEqual(['11', '20']);
    // The stage in words, and one word when the picture is final.
    await page.getByText(/^Frame 20, 1 person: Person 1 to Source A\.?$/).waitFor({ state: 'attached' });
    await page
      .getByRole('status')
      .getByText(words('stage.ready', { frame: 20 }))
      .waitFor({ state: 'attached' });

    await press('l');
    await page.getByRole('button', { name: words('transport.pause') }).waitFor();
    await press('k');
    await page.getByRole('button', { name: words('transport.play') }).waitFor();
    await press('Home');
    await isAt(0);
    await press('End');
    await isAt(FRAMES - 1);
    await press('\\');
    await page
      .locator('[role=radio][aria-checked=true], [aria-pressed=true]', { hasText: words('view.original') })
      .waitFor();
    await press('\\');
    await press(']');
    await press('x');
    await page
      .getByRole('option', { name: words('people.option', { name: 'Person 1', source: words('people.keep') }) })
      .waitFor();
    await page.getByText(words('start.kept')).first().waitFor();
    await press('Control+z');

    // Everything that has a key is in the sheet, and everything in the palette.
    await press('?');
    const sheet = page.getByRole('dialog', { name: words('shortcuts.title') });
    await sheet.waitFor();
    const rows = await sheet
      .getByRole('listitem')
      .evaluateAll((all) =>
        all.map((row) => [row.firstElementChild?.textContent, row.querySelectorAll('kbd').length] as const),
      );
    expect(rows.filter(([, keys]) => keys === 0)).toEqual([]);
    const labels = rows.map(([label]) => label);
    for (const key of [
      ...(['transport.play', 'transport.previous', 'transport.next10', 'transport.setIn', 'transport.setOut'] as const),
      ...(['action.people.next', 'view.toggleOriginal', 'action.start', 'palette.open', 'transport.forwards'] as const),
    ]) {
      expect(labels.filter((label) => label === words(key))).toEqual([words(key)]);
    }
    await press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await press('Control+k');
    await page.getByRole('combobox', { name: words('palette.title') }).fill('theme light');
    await press('Enter');
    await page.locator('html[data-theme=light]').waitFor();

    await driver.start('keyboard');
    await driver.ready();
    await press('q');
    const row = page.locator('li.job').first();
    await row.focus();
    await press('Enter');
    await page.getByText(words('result.mark')).waitFor();
    expect(opened.faults).toEqual([]);
  });

  it('F6 goes round the regions, and nothing is typed into fields by shortcuts (zh, light, 2560 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', width: 2560, height: 1440 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    await driver.people();
    const regionOf = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.closest('header, aside, main, footer')?.className ?? '');
    const seen: string[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('F6');
      seen.push(await regionOf());
    }
    expect(new Set(seen).size).toBe(5);
    // Letters in a field are letters.
    await page.locator('.saves input').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('xqv-output');
    await page.keyboard.press('Enter');
    expect(await page.locator('.saves input').inputValue()).toBe('xqv-output');
    expect(await page.locator('.drawer').count()).toBe(0);
    expect(opened.faults).toEqual([]);
  });
});

/** All that is read on a page: words in sight, and names of what has none. */
const readable = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement?.closest('[lang=en], .mono, code, script')) continue;
      texts.push(node.textContent?.trim() ?? '');
    }
    const named = [...document.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]')];
    for (const one of named) {
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext'])
        texts.push(one.getAttribute(name) ?? '');
    }
    return texts.filter((text) => text !== '');
  });

/** Words that only English has. */
const ENGLISH = new Set<string>(
  Object.values(en).filter((text) => /[a-z]{3}/.test(text) && !(Object.values(zh) as string[]).includes(text)),
);

/** Text that does not fit into what it lies in, and is not cut there on purpose. */
const clipped = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, h1, h2, h3, p, label, .chip, .btn, .hint, a, th, td')]
      .filter((one) => {
        const style = getComputedStyle(one);
        const hides = style.overflowX !== 'visible' && style.textOverflow !== 'ellipsis';
        return hides && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && !one.closest('.sr');
      })
      .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 30)}`),
  );

describe('languages', () => {
  it('Chinese has no English word on any page, and is not clipped at 200 % zoom (zh, dark, 1440 px at 200 %)', async () => {
    // A window of 1440x900 that is zoomed to 200 % has half as many CSS pixels.
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 720, height: 450 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    const check = async (where: string): Promise<void> => {
      const texts = await readable(page);
      expect(texts.length, where).toBeGreaterThan(10);
      expect(
        texts.filter((text) => ENGLISH.has(text)),
        where,
      ).toEqual([]);
      expect(await clipped(page), where).toEqual([]);
    };
    await check('empty');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await makeTalk(folder, 10), 'keyboard');
    await page.getByRole('group', { name: driver.words('timeline.title') }).waitFor();
    await check('timeline');
    // Side panels lie over the stage here.
    await driver.button('panel.left').press('Enter');
    await driver.people();
    await check('people');
    await driver.button('panel.left').press('Enter');
    await page.keyboard.press('q');
    await page.locator('.drawer').waitFor();
    await check('queue');
    await page.keyboard.press('q');
    await page.keyboard.press('e');
    await page
      .getByRole('heading', { name: driver.words('option.all') })
      .first()
      .waitFor();
    await check('all options');
    await page.keyboard.press('e');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check('shortcuts');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await check('palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: driver.words('consent.title') }).waitFor();
    await check('consent');
    await page.keyboard.press('Escape');
    for (const place of ['system', 'verify', 'results'] as const) {
      await page.goto(`${service.url}#/${place}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await check(place);
    }
    expect(opened.faults).toEqual([]);
  });

  it('is chosen once and remembered, with its numbers (en to zh, light, 1440 px, mouse)', async () => {
    await using opened = await browser.open(service.url);
    const { page } = opened;
    await page.getByRole('button', { name: en.settings, exact: true }).click();
    await page
      .getByRole('radio', { name: en['language.zh'] })
      .or(page.getByRole('menuitem', { name: en['language.zh'] }))
      .first()
      .click();
    await page.locator('html[lang=zh-CN]').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: zh['source.step'] }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    expect(opened.faults).toEqual([]);
  });
});
