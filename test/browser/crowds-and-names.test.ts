/** Much of everything: forty faces in one picture, names that are long or run from right to left, two tabs on one project. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GivenFile, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

const COLUMNS = 8;
const ROWS = 5;
const FACES = COLUMNS * ROWS;
const TILE = 200;

async function crowd(): Promise<GivenFile> {
  const input = await sharp((await portrait()).buffer)
    .resize(TILE, TILE, { fit: 'cover' })
    .toBuffer();
  const tiles = Array.from({ length: FACES }, (_, at) => ({
    ...{ input, left: (at % COLUMNS) * TILE, top: Math.floor(at / COLUMNS) * TILE },
  }));
  const create = { width: COLUMNS * TILE, height: ROWS * TILE, channels: 3, background: 'black' } as const;
  const buffer = await sharp({ create }).composite(tiles).jpeg().toBuffer();
  return { name: 'crowd.jpg', mimeType: 'image/jpeg', buffer };
}

describe('forty faces in one picture', () => {
  it('are boxes and cards, eight at first; whoever is clicked comes into view (zh, light, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.addSource(await portrait());
    await driver.chooseTarget(await crowd());
    expect(await driver.people()).toBe(8);
    const cards = page.getByRole('listbox', { name: driver.words('people.title') }).getByRole('option');
    const boxes = page.locator('button.facebox, .facebox');
    await boxes.nth(FACES - 1).waitFor();
    expect(await boxes.count()).toBe(FACES);
    // A face far down is picked on the stage: all cards are shown, and hers is in sight.
    await boxes.nth(FACES - 3).click();
    await cards.nth(FACES - 1).waitFor({ state: 'attached' });
    const picked = page.locator('[role=option][aria-selected=true]');
    expect(await picked.isVisible()).toBe(true);
    const [card, panel] = [await picked.boundingBox(), await page.locator('aside.left').boundingBox()];
    expect((card?.y ?? 0) + (card?.height ?? 0)).toBeLessThanOrEqual((panel?.y ?? 0) + (panel?.height ?? 0) + 1);
    // The stage says in words how many there are.
    await page
      .getByText(driver.words('stage.twin.several', { count: FACES }))
      .first()
      .waitFor({ state: 'attached' });
    expect(opened.faults).toEqual([]);
  });
});

const ARABIC = 'صورة عائلية من عطلة الصيف على شاطئ البحر مع الأصدقاء والجيران';
const HEBREW = 'אנה בת שבע מהעיר הגדולה ליד הים';
const LONG = 'Annamaria_von_und_zu_Hohenlohe-Langenburg-Weikersheim_zu_Schillingsfuerst_1234';
/** What a field of a name takes. */
const LONGEST = 80;

/** What reaches beyond the bar, panel or card that it lies in. */
const beyond = (): readonly string[] =>
  [...document.querySelectorAll('aside.panel, .map, .src, header.top, footer.queuebar')].flatMap((panel) => {
    const { left, right } = panel.getBoundingClientRect();
    return [...panel.querySelectorAll('*')]
      .filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && (box.left < left - 1 || box.right > right + 1);
      })
      .map((one) => `${one.className}: ${one.textContent.slice(0, 40)}`);
  });

describe('names that are very long or run from right to left', () => {
  it.each([
    { scheme: 'light', width: 1280, height: 800 },
    { scheme: 'dark', width: 2560, height: 1440 },
  ] as const)('stay in their places and are kept ($scheme, $width px)', async (view) => {
    await using opened = await browser.open(service.url, view);
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait(`${ARABIC}.jpg`));
    await driver.chooseTarget(await portrait(`${LONG.repeat(2)}.jpg`));
    await driver.people();
    const rename = async (menu: string, item: string, name: string): Promise<void> => {
      await page.getByRole('button', { name: menu }).first().click();
      await page.getByRole('menuitem', { name: item, exact: true }).click();
      await page.locator('input:focus').fill(name);
      await page.keyboard.press('Enter');
    };
    await rename(driver.words('source.more', { name: 'Source A' }), driver.words('source.rename'), HEBREW);
    await rename(
      driver.words('people.correct'),
      driver.words('people.rename'),
      `${ARABIC} ${ARABIC}`.slice(0, LONGEST),
    );
    await rename(driver.words('project.menu', { name: '' }).trim(), driver.words('action.project.rename'), LONG);
    await page.getByRole('button', { name: LONG }).first().waitFor();
    expect(await page.evaluate(beyond)).toEqual([]);
    // What is written from right to left begins on the right of its own box.
    const source = page.locator('.sources .cut').first();
    expect(await source.evaluate((one) => getComputedStyle(one).direction)).toBe('rtl');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(view.width);
    // It is kept as soon as nobody types any more, at the latest when the page is left.
    await page.reload();
    await source.waitFor();
    await driver.people();
    expect(await source.textContent()).toBe(HEBREW);
    await page.getByRole('option', { name: ARABIC }).waitFor();
    await page.getByRole('button', { name: LONG }).first().waitFor();
    expect(opened.faults).toEqual([]);
  });
});

describe('two tabs on one project', () => {
  it('see each other’s changes, and ask whose count where both changed it (en, light, 1440 px)', async () => {
    await using opened = await browser.open(service.url);
    const { page: first, context } = opened;
    const saved = (page: typeof first) =>
      page.waitForResponse((answer) => answer.url().includes('/v1/projects') && answer.request().method() !== 'GET');
    const nameIt = async (page: typeof first, name: string) => {
      const answer = saved(page);
      await page.keyboard.press('F2');
      await page.locator('input:focus').fill(name);
      await page.keyboard.press('Enter');
      return (await answer).status();
    };
    const driver = drivePage(first);
    await driver.addSource(await portrait());
    expect(await nameIt(first, 'Campaign')).toBeLessThan(300);
    const second = await context.newPage();
    await second.goto(service.url);
    const other = drivePage(second);
    await second.getByRole('button', { name: 'Campaign' }).first().waitFor();
    expect(await nameIt(second, 'Campaign, second tab')).toBe(200);
    // The first tab still has the older one: nothing is overwritten, and it is asked.
    expect(await nameIt(first, 'Campaign, first tab')).toBe(412);
    const question = first.getByText(driver.words('project.conflict'));
    await question.waitFor();
    await driver.button('project.reload').click();
    await first.getByRole('button', { name: 'Campaign, second tab' }).first().waitFor();
    // The other way round: mine counts.
    expect(await nameIt(first, 'Campaign, agreed')).toBe(200);
    expect(await nameIt(second, 'Campaign, mine')).toBe(412);
    const forced = saved(second);
    await other.button('project.keep').click();
    expect((await forced).status()).toBe(200);
    await first.reload();
    await first.getByRole('button', { name: 'Campaign, mine' }).first().waitFor();
    expect(await first.locator('.sources > li').count()).toBe(1);
    expect(opened.faults).toEqual([]);
  });
});
