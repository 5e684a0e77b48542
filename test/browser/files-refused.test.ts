/** Files that cannot be taken: each is named with its reason and what to do, and nothing else is lost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyRoom, makeTalk, nothing, portrait, words } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

/** Bytes that the service takes: below it is a small photo, above it the long one. */
const MOST_BYTES = 200_000;
const MOST_SECONDS = 5;
const folder = mkdtempSync(join(tmpdir(), 'facefusion-files-'));
let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  const config = join(folder, 'service.yaml');
  writeFileSync(config, `uploads:\n  maxBytes: ${MOST_BYTES}\n  maxSeconds: ${MOST_SECONDS}\n`);
  [service, browser] = await Promise.all([startPageService({ words: ['--config', config] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('a file that cannot be taken', () => {
  it('is named with why and what to do, and the good one beside it is taken (en, light, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource([
      words('holiday.jpg', 'image/jpeg'),
      await portrait('anna.jpg'),
      nothing('from-the-cloud.jpg'),
      { ...words('huge.jpg', 'image/jpeg'), buffer: Buffer.alloc(MOST_BYTES + 1, 7) },
    ]);
    const told = page.getByRole('alert').filter({ has: page.getByText('holiday.jpg') });
    for (const file of ['holiday.jpg', 'from-the-cloud.jpg', 'huge.jpg'])
      await told.getByText(file, { exact: true }).waitFor();
    await page.getByText(driver.words('intake.source', { file: 'anna.jpg' })).waitFor();
    const said = await told.textContent();
    expect(said).toContain('Use a JPEG, PNG or WebP photo, or an MP4, MOV or WebM video.');
    expect(said).toContain(driver.words('intake.empty.hint'));
    expect(said).toContain('Make it smaller, or cut it into parts.');
    // Told until it is dismissed; the source stays.
    for (let left = 3; left > 0; left--) await driver.button('dismiss').click();
    await told.waitFor({ state: 'detached' });
    expect(await page.locator('.sources > li').count()).toBe(1);
    expect(opened.faults).toEqual([]);
  });

  it('leaves the target that is there, and Start as it was (zh, dark, 2560 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, {
      ...({ language: 'zh', scheme: 'dark', width: 2560, height: 1440 } as const),
    });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.addSource(await portrait('anna.jpg'), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    // The same bytes as before under another name: it is called as it was given.
    await page.getByText(driver.words('intake.target', { file: 'boss.jpg' })).waitFor();
    const long = await makeTalk(folder, 25 * (MOST_SECONDS + 1), 'long.mp4');
    await driver.chooseTarget(long, 'keyboard');
    const told = page.getByRole('alert').filter({ has: page.getByText('long.mp4', { exact: true }) });
    await told.waitFor();
    // In the page's own language, with what the service said behind it.
    expect((await told.locator('span.breaks').allTextContents()).join(' ')).not.toMatch(
      /[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}/,
    );
    await told.getByText(driver.words('error.original')).click();
    expect(await told.textContent()).toContain(`the limit is ${MOST_SECONDS} s`);
    expect(await driver.people()).toBe(1);
    await page
      .locator('button:not([aria-disabled="true"])', { hasText: driver.words('start') })
      .first()
      .waitFor();
    await page.keyboard.press('Tab');
    await driver.press(driver.button('dismiss'), 'keyboard');
    await told.waitFor({ state: 'detached' });
    expect(opened.faults).toEqual([]);
  });
});

describe('a renamed file', () => {
  it('counts by its content: a video called .jpg is a target, a photo called .mp4 a source (en, dark, 1280 px)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait('photo.mp4', 'video/mp4'));
    await page.getByText(driver.words('intake.source', { file: 'photo.mp4' })).waitFor();
    const talk = await makeTalk(folder, 10);
    await driver.addSource({ name: 'talk.jpg', mimeType: 'image/jpeg', buffer: readFileSync(talk) }, 'keyboard');
    await page.getByText(driver.words('intake.isVideo', { file: 'talk.jpg' })).waitFor();
    await page.getByRole('group', { name: driver.words('timeline.title') }).waitFor();
    expect(await driver.people()).toBe(1);
    expect(opened.faults).toEqual([]);
  });

  it('is told on a phone, too (zh, light, 360 px, touch)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', width: 360, height: 740, touch: true });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await page
      .getByRole('link', { name: driver.words('phone.verify') })
      .or(driver.button('phone.verify'))
      .first()
      .tap();
    const chooser = page.waitForEvent('filechooser');
    await driver.button('verify.chooseFile').or(driver.button('verify.choose')).first().tap();
    await (await chooser).setFiles(words('letter.png', 'image/png'));
    const told = page.getByRole('alert').first();
    await told.waitFor();
    expect(await told.textContent()).toContain(driver.words('verify.failed'));
    // The page stays as wide as the screen, and the next file can be chosen.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const again = page.waitForEvent('filechooser');
    await driver.button('verify.chooseFile').or(driver.button('verify.choose')).first().tap();
    await (await again).setFiles(await emptyRoom());
    await page.getByText(driver.words('verify.nothing')).waitFor();
    expect(opened.faults).toEqual([]);
  });
});
