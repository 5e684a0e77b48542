/** People of the target: picked on the picture, pinned, and each given a face of their own or left as they are. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { frameOf, makeManPhoto, makeScenesClip } from './support/clips.ts';
import { eventually } from './support/eventually.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';
import { driveQueue } from './support/queue-driver.ts';

/** Of each scene: the women, the man, the women. */
const SCENE = 6;

/** Models are loaded and videos are worked on: a busy machine takes its time. */
const LONG_TEST_MS = 300_000;

let service: PageService;
let browser: PageBrowser;
let clip: string;
let man: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  clip = makeScenesClip(service.folder, SCENE);
  man = makeManPhoto(service.folder);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

/** Two sources, a woman and a man; the clip, with its people found. */
async function openPeople(view: View, hand: Hand) {
  const opened = await browser.open(service.url, view);
  const { page } = opened;
  const driver = drivePage(page, view.language);
  const { words } = driver;
  await driver.addSource(await portrait('anna.jpg'), hand);
  await driver.chooseTarget(clip, hand);
  await page.getByRole('radio', { name: words('preset.fast') }).click();
  if (hand === 'keyboard') await driver.addSource(man, hand);
  else {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: words('source.add') }).click(),
    ]);
    await chooser.setFiles(man);
  }
  const source = (letter: string): string => words('source.name', { letter });
  await page
    .getByRole('listitem')
    .filter({ hasText: source('B') })
    .waitFor();
  expect(await driver.people()).toBe(4);
  const person = (number: number): string => words('people.name', { number });
  const cards = page.getByRole('listbox', { name: words('people.title'), exact: true });
  const card = (number: number): Locator => cards.getByRole('option').filter({ hasText: person(number) });
  /** The box around somebody, on the frame that is seen. */
  const box = (number: number): Locator =>
    page
      .getByRole('region', { name: words('stage.title') })
      .getByRole('button', { name: new RegExp(`^${person(number)}\\b`) });
  return { opened, page, driver, words, source, person, card, box };
}

const placeOf = async (part: Locator): Promise<{ readonly x: number; readonly y: number }> => {
  const box = await part.boundingBox();
  if (!box) throw new Error('It cannot be seen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

it(
  'who is picked on the picture and pinned stays so wherever the playhead goes: zh, dark, 1280 px, mouse',
  async () => {
    const { opened, page, driver, words, source, person, card, box } = await openPeople(
      { language: 'zh', scheme: 'dark', width: 1280, height: 900 },
      'mouse',
    );
    await using _ = opened;
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-frame="1"]').waitFor();
    await box(3).click();
    await card(3).and(page.locator('[aria-selected=true]')).waitFor();
    const before = await placeOf(box(3));
    // One of the two sources is chosen for her, and pinned.
    await card(3).getByText(words('people.keep'), { exact: true }).click();
    const choice = page.getByRole('listbox', { name: words('people.choose', { name: person(3) }) });
    await choice.getByRole('option', { name: source('B') }).click();
    await driver.press(driver.button('people.correct'));
    await page.getByRole('menuitem', { name: words('people.pin') }).click();
    await card(3).getByText(words('people.pinned'), { exact: true }).waitFor();
    const isSame = async (): Promise<void> => {
      const name = words('people.option.pinned', { name: person(3), source: source('B') });
      await page.getByRole('option', { name, selected: true }).waitFor();
    };
    await isSame();
    // In the second scene she is not seen; in the third she is back, in the same place, and still the one.
    const track = await page.locator('[data-track]').boundingBox();
    if (!track) throw new Error('There is no timeline.');
    const go = (frame: number) => page.mouse.click(track.x + ((frame + 0.5) / (3 * SCENE)) * track.width, track.y + 20);
    await go(SCENE + 2);
    await box(4).waitFor();
    expect(await box(3).count()).toBe(0);
    await isSame();
    await go(2 * SCENE + 3);
    await box(3).and(page.locator('[aria-pressed=true]')).waitFor();
    const after = await placeOf(box(3));
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(12);
    expect(await box(3).getAttribute('aria-label')).toBe(
      words('stage.person.to', { person: person(3), source: source('B') }),
    );
    await isSame();
    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);

it(
  'each person becomes somebody else, or stays as they are, in one run: en, light, 1280 px, mouse',
  async () => {
    const { opened, page, driver, words, source, person, card } = await openPeople(
      { language: 'en', scheme: 'light', width: 1280, height: 900 },
      'mouse',
    );
    await using _ = opened;
    const sources = page.locator('.sources').getByRole('listitem');
    const becomes = (number: number, to: string) =>
      page
        .getByRole('option', { name: words('people.option', { name: person(number), source: to }), exact: true })
        .waitFor();
    // The other way round than it was matched by itself.
    await sources.filter({ hasText: source('B') }).dragTo(card(1));
    await becomes(1, source('B'));
    await sources.filter({ hasText: source('A') }).dragTo(card(2));
    await becomes(2, source('A'));
    await becomes(3, words('people.keep'));
    await driver.fullPreview();

    const boxes = page.locator('.facebox');
    await eventually(() => boxes.count()).toBe(3);
    const places = await boxes.evaluateAll((all) =>
      all.map((box) => {
        const { left, top, width, height } = (box as HTMLElement).style;
        const share = (value: string): number => Number.parseFloat(value) / 100;
        return {
          name: box.getAttribute('aria-label') ?? '',
          left: share(left),
          top: share(top),
          width: share(width),
          height: share(height),
        };
      }),
    );
    const queue = driveQueue(driver);
    await queue.startAs('three');
    await driver.ready();

    const client = createClient({ baseUrl: service.url });
    const { data } = await client.GET('/v1/jobs');
    const [job] = data?.jobs ?? [];
    const output = job?.outputs[0];
    if (!job || !output) throw new Error('There is no output.');
    const made = join(service.folder, 'three.mp4');
    await writeFile(made, (await client.downloadOutput(job.id, output.name)).stream);
    const [before, after] = [frameOf(clip, 1), frameOf(made, 1)];
    const changes = new Map<string, number>();
    for (const { name, left, top, width, height } of places) {
      const part = async (path: string): Promise<Buffer> => {
        const picture = sharp(path);
        const { width: w = 0, height: h = 0 } = await picture.metadata();
        const area = {
          left: Math.round(left * w),
          top: Math.round(top * h),
          width: Math.round(width * w),
          height: Math.round(height * h),
        };
        return picture.extract(area).greyscale().raw().toBuffer();
      };
      const [a, b] = [await part(before), await part(after)];
      changes.set(name, a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length);
    }
    const kept = words('stage.person.keep', { person: person(3) });
    expect([...changes.keys()].sort()).toEqual(
      [
        words('stage.person.to', { person: person(1), source: source('B') }),
        words('stage.person.to', { person: person(2), source: source('A') }),
        kept,
      ].sort(),
    );
    for (const [name, change] of changes) {
      if (name === kept) expect(change).toBeLessThan(3);
      else expect(change).toBeGreaterThan(6);
    }
    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);

it(
  'people are gone through, given faces, kept and pinned by keys: en, dark, 2560 px, keyboard',
  async () => {
    const { opened, page, words, source, person, card } = await openPeople(
      { language: 'en', scheme: 'dark', width: 2560, height: 1440 },
      'keyboard',
    );
    await using _ = opened;
    const option = (key: 'people.option' | 'people.option.pinned', number: number, to: string) =>
      page
        .getByRole('option', { name: words(key, { name: person(number), source: to }), exact: true, selected: true })
        .waitFor();
    for (const key of [']', ']', ']']) await page.keyboard.press(key);
    await option('people.option', 3, words('people.keep'));
    await page.keyboard.press('s');
    await page.getByRole('listbox', { name: words('people.choose', { name: person(3) }) }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await option('people.option', 3, source('B'));
    await page.keyboard.press('p');
    await option('people.option.pinned', 3, source('B'));
    await page.keyboard.press('[');
    await option('people.option', 2, source('B'));
    // The focus went along.
    expect(await card(2).evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('x');
    await option('people.option', 2, words('people.keep'));
    // Another scene changes nothing: the focus is on a card, and the playhead goes on all the same.
    for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowRight');
    await page.locator(`[data-frame="${3 * SCENE - 1}"]`).waitFor();
    await option('people.option', 2, words('people.keep'));
    for (let step = 0; step < 2; step++) await page.keyboard.press('Control+z');
    await option('people.option', 2, source('B'));
    await card(3).focus();
    await option('people.option', 3, source('B'));
    // Several photos of one person; the playhead stays where it is.
    const row = page
      .locator('.sources')
      .getByRole('listitem')
      .filter({ hasText: source('A') });
    await row.getByRole('button').press('Enter');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await chooser.setFiles([frameOf(clip, 1), frameOf(clip, 2)]);
    await row.getByText(words('source.photos', { count: 3 })).waitFor();
    await page.locator(`[data-frame="${3 * SCENE - 1}"]`).waitFor();
    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);
