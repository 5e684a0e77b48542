/** The preview never lies: it names the frame that its pixels are of, whatever is asked for meanwhile. */
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePair } from './screens/media.ts';
import { makeNumberedClip } from './support/clips.ts';
import { openBrowser, type PageBrowser, type View, type WatchedPage } from './support/page-browser.ts';
import { drivePage, type Hand, nameOf, type PageDriver } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';
import { lies, takeLooks, watchStage } from './support/stage-watch.ts';

const FRAMES = 60;
/** Frames that are gone through in one go. */
const SCRUBBED = 20;

// Models are loaded and pictures are made: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

let service: PageService;
let browser: PageBrowser;
let clip: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  clip = makeNumberedClip(service.folder, FRAMES);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

/** A page with a source and the numbered clip, at its first frame in full quality. */
async function openClip(way: View & { readonly hand: Hand }): Promise<{ opened: WatchedPage; driver: PageDriver }> {
  const opened = await browser.open(service.url, way);
  const driver = drivePage(opened.page, way.language);
  await driver.addSource(undefined, way.hand);
  await driver.chooseTarget(clip, way.hand);
  await driver.people();
  await driver.fullPreview();
  return { opened, driver };
}

const isPreview = (request: Request): boolean => new URL(request.url()).pathname === '/v1/preview';

/** Goes through frames as quickly as the browser takes it: along the timeline, or with an arrow key. */
async function scrub({ page, words }: PageDriver, hand: Hand): Promise<void> {
  if (hand === 'keyboard') {
    for (let step = 0; step < SCRUBBED; step++) await page.keyboard.press('ArrowRight');
    return;
  }
  const track = await page
    .getByRole('group', { name: words('timeline.title') })
    .locator('[data-track]')
    .boundingBox();
  if (!track) throw new Error('There is no timeline.');
  const place = (frame: number): number => track.x + ((frame + 0.5) / FRAMES) * track.width;
  const y = track.y + track.height / 2;
  await page.mouse.move(place(1), y);
  await page.mouse.down();
  for (let frame = 2; frame <= SCRUBBED; frame++) await page.mouse.move(place(frame), y);
  await page.mouse.up();
}

const WAYS: readonly (View & { readonly hand: Hand })[] = [
  { language: 'zh', scheme: 'dark', width: 1280, height: 800, hand: 'mouse' },
  { language: 'en', scheme: 'light', width: 2560, height: 1440, hand: 'keyboard' },
];

describe('after fast scrubbing the last frame wins, and no picture is ever shown under another number', () => {
  it.each(WAYS.map((way) => [nameOf(way, way.hand), way] as const))('%s', async (_name, way) => {
    const { opened, driver } = await openClip(way);
    await using _ = opened;
    const { page } = opened;
    await watchStage(page);
    await scrub(driver, way.hand);
    await page.locator(`[data-frame="${SCRUBBED}"]`).waitFor();
    await driver.fullPreview();
    const looks = await takeLooks(page);
    expect(lies(looks)).toEqual([]);
    expect(looks.at(-1)).toMatchObject({ label: SCRUBBED, pixels: [SCRUBBED], shows: 'result', quality: 'full' });
    // A draft comes first, and what is better follows.
    const qualities = looks.filter(({ label }) => label === SCRUBBED).map(({ quality }) => quality);
    expect(qualities.indexOf('draft')).toBeGreaterThanOrEqual(0);
    expect(qualities.indexOf('draft')).toBeLessThan(qualities.indexOf('full'));
    // Back and forth over what is there already: at once, and still true.
    for (const key of ['Home', ...Array.from({ length: SCRUBBED }, () => 'ArrowRight')]) await page.keyboard.press(key);
    await page.locator(`[data-frame="${SCRUBBED}"]`).waitFor();
    await driver.fullPreview();
    expect(lies(await takeLooks(page))).toEqual([]);
    expect(opened.faults).toEqual([]);
  });
});

it('an answer that comes late is dropped: its request was cancelled when a newer frame was asked for', async () => {
  const { opened, driver } = await openClip({
    language: 'en',
    scheme: 'dark',
    width: 1280,
    height: 800,
    hand: 'keyboard',
  });
  await using _ = opened;
  const { page } = opened;
  await watchStage(page);
  let letGo = (): void => undefined;
  const isHeld = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // Every answer for frame 1 waits until frame 2 is there in full.
  await page.route('**/v1/preview', async (route) => {
    const { frameNumber } = route.request().postDataJSON() as { readonly frameNumber: number };
    if (frameNumber === 1) await isHeld;
    await route.continue().catch(() => undefined);
  });
  const [late] = await Promise.all([page.waitForRequest(isPreview), page.keyboard.press('ArrowRight')]);
  const cancelled = page.waitForEvent('requestfailed', (request) => request === late);
  await page.keyboard.press('ArrowRight');
  await cancelled;
  await page.locator('[data-frame="2"]').waitFor();
  await driver.fullPreview();
  letGo();
  const looks = await takeLooks(page);
  expect(lies(looks)).toEqual([]);
  expect(looks.filter(({ label, shows }) => label === 1 && shows === 'result')).toEqual([]);
  expect(looks.at(-1)).toMatchObject({ label: 2, pixels: [2], quality: 'full' });
  expect(opened.faults).toEqual([]);
});

it('switched off nothing is made until it is asked for, and an old picture says that it is old', async () => {
  const { opened, driver } = await openClip({
    language: 'zh',
    scheme: 'light',
    width: 1280,
    height: 800,
    hand: 'mouse',
  });
  await using _ = opened;
  const { page, faults } = opened;
  await watchStage(page);
  const asked: Request[] = [];
  page.on('request', (request) => isPreview(request) && asked.push(request));
  await driver.press(driver.button('view.previews'));
  // Another setting: the picture stays, and is told as what it is.
  await page.getByRole('switch', { name: driver.words('option.faceEnhancer') }).click();
  await page.locator('[data-quality="outdated"]').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-frame="1"]').waitFor();
  await page.locator('[data-quality="off"]').waitFor();
  await page.keyboard.press('Control+z');
  expect(asked).toEqual([]);
  await driver.press(driver.button('view.previewNow'));
  await driver.fullPreview();
  expect(asked.length).toBeGreaterThan(0);
  const looks = await takeLooks(page);
  expect(lies(looks)).toEqual([]);
  expect(looks.at(-1)).toMatchObject({ label: 1, pixels: [1], quality: 'full' });
  expect(faults).toEqual([]);
});

/** Frames that are shown between two counts. */
const SHOWN = 4;

it('frame after frame leaves nothing behind but its pictures (en, light, 1280 px, keyboard)', async () => {
  await using opened = await browser.open(service.url, { width: 1280, height: 800 });
  const { page, context } = opened;
  const driver = drivePage(page);
  await driver.addSource();
  await driver.chooseTarget(await makePair(service.folder, 1));
  await driver.people();
  await page.getByRole('radio', { name: driver.words('preset.fast') }).click();
  await driver.fullPreview();
  await page.getByRole('slider', { name: driver.words('timeline.playhead') }).focus();
  const session = await context.newCDPSession(page);
  let frame = 0;
  const showMore = async (): Promise<number> => {
    for (const last = frame + SHOWN; frame < last; ) {
      await page.keyboard.press('ArrowRight');
      await page.locator(`[data-frame="${++frame}"]`).waitFor();
      await driver.fullPreview();
    }
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Memory.getDOMCounters')).nodes;
  };
  const before = await showMore();
  const after = await showMore();
  // Two pictures a frame are kept; what they are shown with are twenty elements and texts.
  expect(after - before).toBeLessThan(SHOWN * 3);
  expect(opened.faults).toEqual([]);
});
