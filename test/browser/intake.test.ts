/** Files come in by dropping, pasting and picking; dropped again they replace what was there, and one undo brings it back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEDIA } from '../e2e/support/cli.ts';
import { makeManPhoto, makePlainClip } from './support/clips.ts';
import { dragFiles, dropFiles } from './support/drop-files.ts';
import { eventually } from './support/eventually.ts';
import { emptyRoom, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

let service: PageService;
let browser: PageBrowser;
/** Paths: what is dropped comes from a disk. */
let files: { readonly anna: string; readonly man: string; readonly clip: string; readonly folder: string };
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  const path = (name: string): string => join(service.folder, name);
  const [face, room] = await Promise.all([portrait(), emptyRoom()]);
  const folder = path('holiday');
  mkdirSync(join(folder, 'day 2'), { recursive: true });
  for (const name of ['day 1.jpg', 'day 2/beach.jpg']) writeFileSync(join(folder, name), face.buffer);
  writeFileSync(join(folder, 'room.png'), room.buffer);
  writeFileSync(join(folder, 'notes.txt'), 'Sun, then rain.');
  writeFileSync(path('anna.jpg'), face.buffer);
  files = {
    anna: path('anna.jpg'),
    man: makeManPhoto(service.folder),
    clip: makePlainClip(service.folder, 10),
    folder,
  };
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

it('dropped on a filled place a file replaces what is there, and one undo brings it back: en, light, 1280 px, mouse', async () => {
  await using opened = await browser.open(service.url, { language: 'en', scheme: 'light', width: 1280, height: 800 });
  const { page } = opened;
  const { words, button } = drivePage(page, 'en');
  const says = (text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();
  const savesAs = page.getByRole('textbox', { name: words('foot.name') });
  await dropFiles(page, [files.anna], page.getByRole('group', { name: words('source.step') }));
  await says(words('intake.source', { file: 'anna.jpg' }));
  await dropFiles(page, [files.clip], page.getByRole('group', { name: words('target.step') }));
  await says(words('intake.target', { file: 'plain-10.mp4' }));
  expect(await savesAs.inputValue()).toBe('plain-10-source-a');

  const held = await dragFiles(page, [MEDIA.threeWomen], page.getByRole('region', { name: words('stage.title') }));
  await page.getByText(words('target.over.replace')).waitFor();
  await held.letGo();
  await says(words('intake.target.replaced', { file: 'sample3.jpg' }));
  await eventually(() => savesAs.inputValue()).toBe('sample3-source-a');
  await button('undo').click();
  await eventually(() => savesAs.inputValue()).toBe('plain-10-source-a');

  // More of the same person onto their row; replacing them is one step, too.
  const row = page.getByRole('listitem').filter({ hasText: words('source.name', { letter: 'A' }) });
  await dropFiles(page, [files.man], row);
  await row.getByText(words('source.photos', { count: 2 })).waitFor();
  await row
    .getByRole('button', { name: words('source.more', { name: words('source.name', { letter: 'A' }) }) })
    .click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: words('source.photos.replace') }).click(),
  ]);
  await chooser.setFiles(await portrait('clara.jpg'));
  await row.getByText(words('source.photo')).waitFor();
  await page
    .getByRole('status')
    .getByRole('button', { name: words('undo') })
    .last()
    .click();
  await row.getByText(words('source.photos', { count: 2 })).waitFor();
  expect(opened.faults).toEqual([]);
});

it('pasted and picked, and taken back: zh, light, 2560 px, keyboard', async () => {
  await using opened = await browser.open(service.url, { language: 'zh', scheme: 'light', width: 2560, height: 1440 });
  const { page, context } = opened;
  const driver = drivePage(page, 'zh');
  const { words } = driver;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { buffer } = await emptyRoom();
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const blob = new Blob([bytes], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  }, buffer.toString('base64'));
  // The first photo is a source, the next one the target.
  await page.keyboard.press('Control+v');
  await page.getByText(words('source.noFace')).waitFor();
  await page.keyboard.press('Control+v');
  const stage = page.getByRole('region', { name: words('stage.title') });
  await stage.waitFor();
  await driver.chooseTarget(files.clip, 'keyboard');
  const timeline = page.getByRole('group', { name: words('timeline.title') });
  await timeline.waitFor();
  await page.keyboard.press('Control+z');
  await timeline.waitFor({ state: 'detached' });
  await stage.waitFor();
  await page.keyboard.press('Control+Shift+z');
  await timeline.waitFor();
  for (let step = 0; step < 3; step++) await page.keyboard.press('Control+z');
  await page.getByRole('group', { name: words('source.step') }).waitFor();
  await page.getByRole('group', { name: words('target.step') }).waitFor();
  expect(opened.faults).toEqual([]);
});

it('a folder is a batch, and what is no photo in it says why: en, dark, 360 px, mouse', async () => {
  await using opened = await browser.open(`${service.url}#/swap`, {
    ...{ language: 'en', scheme: 'dark', width: 360, height: 740 },
  });
  const { page } = opened;
  const { words } = drivePage(page, 'en');
  await dropFiles(page, [files.anna, files.man], page.getByRole('group', { name: words('source.step') }));
  await page.getByText(words('intake.sources', { count: 2 })).waitFor();
  // Two people after all.
  await page.getByRole('button', { name: words('intake.apart') }).click();
  await eventually(() => page.getByText(words('source.photo')).count()).toBe(2);
  await dropFiles(page, [files.folder], page.getByRole('group', { name: words('target.step') }));
  await page.getByText(words('intake.batch', { count: 3 })).waitFor();
  const refused = page.getByRole('alert').filter({ hasText: 'notes.txt' });
  await refused.waitFor();
  expect(await refused.textContent()).toContain('Use a JPEG, PNG or WebP photo, or an MP4, MOV or WebM video.');
  await page.getByText(words('foot.batch', { count: 3 })).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(opened.faults).toEqual([]);
});
