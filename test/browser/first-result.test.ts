/** The first result in three moves: a face, a target, Start. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand, nameOf } from './support/page-driver.ts';
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

const WAYS: readonly (View & { readonly hand: Hand })[] = [
  { language: 'en', scheme: 'light', width: 1280, height: 800, hand: 'mouse' },
  { language: 'zh', scheme: 'dark', width: 2560, height: 1440, hand: 'keyboard' },
  { language: 'en', scheme: 'dark', width: 360, height: 740, hand: 'mouse' },
];

describe('a face, a target and Start make a result that can be downloaded', () => {
  it.each(WAYS.map((way) => [nameOf(way, way.hand), way] as const))('%s', async (_name, way) => {
    // Nothing is kept in this browser, and nothing is set: only what the page does by itself.
    await using opened = await browser.open(`${service.url}#/swap`, way);
    const { page } = opened;
    const driver = drivePage(page, way.language);
    const { words } = driver;
    await driver.addSource(undefined, way.hand);
    await driver.chooseTarget(undefined, way.hand);
    expect(await driver.people()).toBe(3);
    await driver.fullPreview();
    await driver.start(way.hand);
    await driver.ready();
    const open = page.locator('.toast').getByRole('button', { name: words('job.open') });
    await driver.press(open.first(), way.hand);
    const button = page.getByRole('button', { name: new RegExp(`^${words('result.download')}`) });
    const [download] = await Promise.all([page.waitForEvent('download'), driver.press(button, way.hand)]);
    // Named after what it was made of.
    expect(download.suggestedFilename()).toBe('sample3-source-a.jpg');
    const { width, height } = await sharp(await download.path()).metadata();
    expect([width, height]).toEqual([1920, 1350]);
    expect(opened.faults).toEqual([]);
  });
});
