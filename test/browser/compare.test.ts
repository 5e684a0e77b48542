/** Before and after on the same frame: a line between them, side by side, held; zoomed and moved together. */
import type { CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from './support/eventually.ts';
import { portrait } from './support/given-files.ts';
import { changedShare, difference, type Look, lookAt } from './support/look-at.ts';
import { openBrowser, type PageBrowser, type View, type WatchedPage } from './support/page-browser.ts';
import { drivePage, type PageDriver } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

// Models are loaded and pictures are made: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

interface Compared {
  readonly opened: WatchedPage;
  readonly page: Page;
  readonly driver: PageDriver;
  readonly splitter: Locator;
  /** Where pictures are seen: one, or two beside each other. */
  readonly views: Locator;
}

/** Three women with another face, without boxes: only pictures are to be seen. */
async function openCompared(view: View): Promise<Compared> {
  const opened = await browser.open(`${service.url}#/swap`, view);
  const { page } = opened;
  const driver = drivePage(page, view.language);
  await driver.addSource(await portrait());
  await driver.chooseTarget();
  await page.getByRole('radio', { name: driver.words('preset.fast') }).click();
  await driver.people();
  await driver.fullPreview();
  await page.keyboard.press('b');
  const splitter = page.getByRole('slider', { name: driver.words('stage.splitter') });
  return { opened, page, driver, splitter, views: page.locator('.stage-view') };
}

const valueNow = async (slider: Locator): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));

/** Less than what a byte of greyscale jumps by between neighbours in a photo. */
const ALIKE = 2;

/** Share of the picture that three other faces change at least. */
const FACES = 0.001;

/** Far enough for a difference in the smoothest part of the photo. */
const MOVED = 8;

/** Two looks show the same place of the same picture: moved a little they would differ more. */
function expectAligned(before: Look, after: Look): void {
  expect(difference(before, after)).toBeLessThanOrEqual(ALIKE);
  expect(difference(before, after, MOVED)).toBeGreaterThan(difference(before, after));
}

/** Only the original, and only the result, of what is seen now. */
async function bothSides({ splitter, views }: Compared): Promise<readonly [Look, Look]> {
  await splitter.press('End');
  const before = await lookAt(views.first());
  await splitter.press('Home');
  return [before, await lookAt(views.first())];
}

const middleOf = async (part: Locator): Promise<{ readonly x: number; readonly y: number }> => {
  const box = await part.boundingBox();
  if (!box) throw new Error('It is not on the page.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

describe('a line between before and after, and zoom that keeps both aligned', () => {
  it('zh, light, 1280 px, mouse', async () => {
    const compared = await openCompared({ language: 'zh', scheme: 'light', width: 1280, height: 800 });
    await using opened = compared.opened;
    const { page, driver, splitter, views } = compared;
    await page.getByRole('radio', { name: driver.words('view.split') }).click();
    const box = await views.boundingBox();
    const handle = await middleOf(splitter.locator('b'));
    if (!box) throw new Error('There is no picture.');
    await page.mouse.move(handle.x, handle.y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, handle.y, { steps: 3 });
    await page.mouse.up();
    expect(await valueNow(splitter)).toBe(25);
    expectAligned(...(await bothSides(compared)));

    // At 1:1 there is more of the picture than can be seen: it is dragged, and both go along.
    await page.getByRole('button', { name: /^1:1/ }).click();
    await page.getByRole('button', { name: /^1:1/, pressed: true }).waitFor();
    const fitted = await lookAt(views);
    const middle = await middleOf(views);
    await page.mouse.move(middle.x + 80, middle.y - 60);
    await page.mouse.down();
    await page.mouse.move(middle.x - 80, middle.y + 60, { steps: 4 });
    await page.mouse.up();
    expect(difference(fitted, await lookAt(views))).toBeGreaterThan(ALIKE);
    expectAligned(...(await bothSides(compared)));

    // Side by side: the wheel over one of them zooms and moves both.
    await page.getByRole('radio', { name: driver.words('view.side') }).click();
    await eventually(() => views.count()).toBe(2);
    const [before, after] = [await lookAt(views.nth(0)), await lookAt(views.nth(1))];
    expectAligned(before, after);
    expect(changedShare(before, after)).toBeGreaterThan(FACES);
    const right = await middleOf(views.nth(1));
    await page.mouse.move(right.x + 40, right.y - 40);
    await page.mouse.wheel(0, -300);
    await page.getByRole('button', { name: /^1:1/, pressed: false }).waitFor();
    expectAligned(await lookAt(views.nth(0)), await lookAt(views.nth(1)));
    expect(opened.faults).toEqual([]);
  });

  it('en, dark, 2560 px, keyboard', async () => {
    const compared = await openCompared({ language: 'en', scheme: 'dark', width: 2560, height: 1440 });
    await using opened = compared.opened;
    const { page, driver, splitter } = compared;
    const result = page.getByRole('radio', { name: driver.words('view.result'), exact: true });
    await result.focus();
    for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await splitter.focus();
    expect(await valueNow(splitter)).toBe(50);
    for (const [key, value] of [
      ['ArrowRight', 51],
      ['ArrowLeft', 50],
      ['Shift+ArrowLeft', 40],
      ['PageUp', 50],
      ['End', 100],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key);
      expect(await valueNow(splitter)).toBe(value);
    }
    expect(await splitter.getAttribute('aria-valuetext')).toBe(driver.words('stage.splitter.value', { percent: 0 }));
    for (const key of ['1', '2']) {
      await page.keyboard.press(key);
      expectAligned(...(await bothSides(compared)));
    }
    expect(opened.faults).toEqual([]);
  });

  it('zh, dark, 360 px, touch', async () => {
    const compared = await openCompared({ language: 'zh', scheme: 'dark', width: 360, height: 740, touch: true });
    await using opened = compared.opened;
    const { page, driver, splitter, views } = compared;
    await page.getByRole('radio', { name: driver.words('view.split') }).tap();
    await views.scrollIntoViewIfNeeded();
    const finger = await page.context().newCDPSession(page);
    const box = await views.boundingBox();
    const handle = await middleOf(splitter.locator('b'));
    if (!box) throw new Error('There is no picture.');
    await drag(finger, [handle], [{ x: box.x + box.width * 0.75, y: handle.y }]);
    expect(await valueNow(splitter)).toBe(75);
    // Two fingers that go apart zoom into what lies between them.
    const { x, y } = await middleOf(views);
    const apart = (by: number) => [
      { x: x - by, y: y - 20 },
      { x: x + by, y: y - 20 },
    ];
    await drag(finger, apart(20), apart(110));
    await page.getByRole('button', { name: driver.words('view.fit'), pressed: false }).waitFor();
    expectAligned(...(await bothSides(compared)));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(opened.faults).toEqual([]);
  });
});

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fingers that are laid down, moved in a few steps, and lifted. */
async function drag(finger: CDPSession, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', [...from]);
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const points = from.map(({ x, y }, at) => ({
      x: x + ((to[at]?.x ?? x) - x) * share,
      y: y + ((to[at]?.y ?? y) - y) * share,
    }));
    await touch('touchMove', points);
  }
  await touch('touchEnd', []);
}

it('the original is seen as long as it is held, and a key goes there and back', async () => {
  const compared = await openCompared({ language: 'en', scheme: 'light', width: 1280, height: 800 });
  await using opened = compared.opened;
  const { page, driver, views } = compared;
  const shows = (what: string): Promise<void> => page.locator(`.stage-view[data-shows="${what}"]`).waitFor();
  await shows('result');
  const result = await lookAt(views);
  const hold = driver.button('view.hold');
  await hold.hover();
  await page.mouse.down();
  await shows('original');
  expectAligned(await lookAt(views), result);
  await page.mouse.up();
  await shows('result');
  await hold.focus();
  await page.keyboard.down('Space');
  await shows('original');
  await page.keyboard.up('Space');
  await shows('result');
  await page.keyboard.press('\\');
  await shows('original');
  await page.keyboard.press('\\');
  await shows('result');
  expect(opened.faults).toEqual([]);
});
