/** The first result in three moves: a face, a target, Start. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand, nameOf } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';
import { driveQueue } from './support/queue-driver.ts';

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

/** Named after what it is made of. */
const OUTPUT = 'sample3-source-a.jpg';
/** CSS pixels from which on the queue lies over the workspace. */
const PHONE = 600;

const WAYS: readonly (View & { readonly width: number; readonly hand: Hand })[] = [
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
    const [taken] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/v1/jobs') && response.request().method() === 'POST'),
      driver.start(way.hand),
    ]);
    const { id } = (await taken.json()) as { readonly id: string };
    // Short messages go by themselves: the queue has the result as long as it is there.
    if (way.width < PHONE) {
      await page.getByRole('link', { name: words('phone.queue') }).click();
      await page.locator(`a[href="#/result/${id}"]`).click();
    } else {
      const queue = driveQueue(driver);
      await queue.open(way.hand);
      const row = page.locator(`[data-job="${id}"]`);
      const open = row.getByRole('button', { name: words('job.openOf', { name: OUTPUT }) });
      await open.waitFor();
      await driver.press(open, way.hand);
    }
    const button = page.getByRole('button', { name: new RegExp(`^${words('result.download')}`) });
    const [download] = await Promise.all([page.waitForEvent('download'), driver.press(button, way.hand)]);
    expect(download.suggestedFilename()).toBe(OUTPUT);
    const { width, height } = await sharp(await download.path()).metadata();
    expect([width, height]).toEqual([1920, 1350]);
    expect(opened.faults).toEqual([]);
  });
});
