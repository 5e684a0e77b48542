/** The timeline: filmstrip, playhead, a lane a person with their face, in and out. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeScenesClip } from './support/clips.ts';
import { eventually } from './support/eventually.ts';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

/** Of each scene: the women, the man, the women. */
const SCENE = 10;
const FRAMES = 3 * SCENE;

let service: PageService;
let browser: PageBrowser;
let clip: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  clip = makeScenesClip(service.folder, SCENE);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

/** The clip with its people, at its first frame. */
async function openTimeline(view: View, hand: Hand) {
  const opened = await browser.open(`${service.url}#/swap`, view);
  const { page } = opened;
  const driver = drivePage(page, view.language);
  const { words } = driver;
  await driver.chooseTarget(clip, hand);
  expect(await driver.people()).toBe(4);
  const timeline = page.getByRole('group', { name: words('timeline.title') });
  const slider = (name: 'timeline.playhead' | 'timeline.in' | 'timeline.out'): Locator =>
    timeline.getByRole('slider', { name: words(name), exact: true });
  const time = (frame: number): string => `00:00:0${Math.floor(frame / 25)}:${String(frame % 25).padStart(2, '0')}`;
  /** The readout below the stage, the label on it and the playhead tell one frame. */
  const isAt = async (frame: number): Promise<void> => {
    const transport = page.getByRole('toolbar', { name: words('transport.title') });
    // Where there is no room for it, the picture itself tells the frame.
    await transport.getByText(words('transport.position', { frame, count: FRAMES })).waitFor({ state: 'attached' });
    await transport.getByText(time(frame), { exact: true }).waitFor();
    await page.locator(`[data-frame="${frame}"]`).waitFor();
    expect(await slider('timeline.playhead').getAttribute('aria-valuetext')).toBe(
      words('timeline.at', { frame, time: time(frame) }),
    );
  };
  const span = (number: number, from: number, to: number): Locator =>
    timeline.getByRole('button', {
      name: words('timeline.span', { person: words('stage.person', { number }), from: time(from), to: time(to) }),
    });
  /** First and last frame that are worked on. */
  const range = async (): Promise<readonly number[]> =>
    Promise.all(
      (['timeline.in', 'timeline.out'] as const).map(async (name) =>
        Number(await slider(name).getAttribute('aria-valuenow')),
      ),
    );
  return { opened, page, driver, words, timeline, slider, isAt, span, range };
}

it('thumbnails seek, handles are dragged, in and out are set: en, dark, 1280 px, mouse', async () => {
  const { opened, page, driver, timeline, slider, isAt, span, range } = await openTimeline(
    { language: 'en', scheme: 'dark', width: 1280, height: 900 },
    'mouse',
  );
  await using _ = opened;
  const strip = timeline.locator('img.strip');
  await strip.waitFor();
  expect(await strip.evaluate((image: HTMLImageElement) => image.naturalWidth / image.naturalHeight)).toBeGreaterThan(
    4,
  );
  const lanes = timeline.getByRole('listitem');
  expect(await lanes.count()).toBe(4);
  const faces = lanes.getByRole('button').locator('img');
  await eventually(() => faces.count()).toBe(7);

  // The man comes with the second scene, a woman comes back with the third.
  await span(4, SCENE, 2 * SCENE - 1).click();
  await isAt(SCENE);
  await span(1, 2 * SCENE, FRAMES - 1).click();
  await isAt(2 * SCENE);

  const track = await timeline.locator('[data-track]').boundingBox();
  if (!track) throw new Error('There is no track.');
  const place = (frame: number): readonly [number, number] => [
    track.x + ((frame + 0.5) / FRAMES) * track.width,
    track.y + track.height / 2,
  ];
  await page.mouse.click(...place(13));
  await isAt(13);
  await driver.press(driver.button('transport.setIn'));
  expect(await range()).toEqual([13, FRAMES - 1]);
  const out = await slider('timeline.out').boundingBox();
  if (!out) throw new Error('There is no handle.');
  await page.mouse.move(out.x + out.width / 2, out.y + out.height / 2);
  await page.mouse.down();
  await page.mouse.move(...place(25), { steps: 3 });
  await page.mouse.move(...place(22), { steps: 3 });
  await page.mouse.up();
  expect(await range()).toEqual([13, 22]);
  await isAt(22);
  // The whole drag is one step.
  await driver.press(driver.button('undo'));
  expect(await range()).toEqual([13, FRAMES - 1]);
  expect(opened.faults).toEqual([]);
});

it('frames, in and out, and lanes by keys: zh, light, 2560 px, keyboard', async () => {
  const { opened, page, words, slider, isAt, span, range } = await openTimeline(
    { language: 'zh', scheme: 'light', width: 2560, height: 1440 },
    'keyboard',
  );
  await using _ = opened;
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
  await isAt(11);
  await page.keyboard.press('i');
  await page.keyboard.press('End');
  await isAt(FRAMES - 1);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('o');
  expect(await range()).toEqual([11, 19]);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+I');
  await isAt(11);
  await page.keyboard.press('Shift+O');
  await isAt(19);
  await slider('timeline.in').press('ArrowRight');
  await slider('timeline.out').press('Shift+ArrowLeft');
  await isAt(12);
  expect(await range()).toEqual([12, 12]);
  await slider('timeline.out').press('End');
  expect(await range()).toEqual([12, FRAMES - 1]);
  // From one thumbnail of a lane to the next.
  await span(2, 0, SCENE - 1).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await isAt(2 * SCENE);
  await page
    .getByRole('option', {
      name: words('people.option', { name: words('people.name', { number: 2 }), source: words('people.noSource') }),
      selected: true,
    })
    .waitFor();
  expect(opened.faults).toEqual([]);
});

it('a clip fits on a phone, with its timeline: en, light, 360 px, touch', async () => {
  const { opened, page, isAt, span } = await openTimeline(
    { language: 'en', scheme: 'light', width: 360, height: 740, touch: true },
    'mouse',
  );
  await using _ = opened;
  await span(4, SCENE, 2 * SCENE - 1).tap();
  await isAt(SCENE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(opened.faults).toEqual([]);
});
