/** Why nothing happened: each outcome has words of its own, says what to do next, and ends in no endless spinner. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../e2e/support/cli.ts';
import { ffmpeg } from '../helpers/make-media.ts';
import { sampleVideoPath } from '../helpers/sample-media.ts';
import { givePreset } from './support/give-preset.ts';
import { emptyRoom, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

let service: PageService;
let browser: PageBrowser;
/** A photo of somebody whom this installation has listed. */
let listed: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  listed = join(service.folder, 'man.png');
  await ffmpeg('-ss', '4', '-i', sampleVideoPath('cap12_edit'), '-frames:v', '1', listed);
  const env = { ...process.env, FACEFUSION_DATA_FOLDER: join(service.folder, 'data') };
  const added = await runCli(['blocklist', 'add', 'Person 17', listed], { env });
  expect(added.code, added.stderr).toBe(0);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

describe('the stage', () => {
  it('says that a person is blocked, keeps Start back, and goes on with another face (zh, light, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.chooseTarget(await portrait());
    await driver.addSource(listed);
    const card = page.locator('.stage .msgcard, main .msgcard');
    await card.getByText(driver.words('fact.category.listed-face')).waitFor();
    expect(await card.textContent()).toContain(driver.words('outcome.appeal'));
    // Nothing of the list is told: not who it is.
    expect(await card.textContent()).not.toContain('Person 17');
    const start = page.getByRole('button', { name: driver.words('start'), exact: true });
    expect(await start.getAttribute('aria-disabled')).toBe('true');
    await page.getByText(driver.words('start.blocked')).first().waitFor();
    await driver.button('source.more', { name: driver.words('source.name', { letter: 'A' }) }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: driver.words('source.photos.replace') }).click();
    await (await chooser).setFiles(await portrait('anna.jpg'));
    await driver.fullPreview();
    expect(await card.count()).toBe(0);
    expect(await start.getAttribute('aria-disabled')).toBe(null);
    expect(opened.faults).toEqual([]);
  });

  it('says that nobody is in the target, and takes another one (en, dark, 2560 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 2560, height: 1440 });
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await emptyRoom(), 'keyboard');
    const card = page.getByRole('alert').filter({ hasText: driver.words('outcome.noFace.photo') });
    await card.waitFor();
    await page.getByText(driver.words('start.nothing')).first().waitFor();
    const another = card.getByRole('button', { name: driver.words('outcome.chooseTarget') });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), driver.press(another, 'keyboard')]);
    await chooser.setFiles(await portrait('boss.jpg'));
    await driver.fullPreview();
    expect(await card.count()).toBe(0);
    expect(opened.faults).toEqual([]);
  });

  it('says which model is missing and where it goes, and is right again with one click (en, light, 1440 px)', async () => {
    await using opened = await browser.open(service.url);
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait());
    await driver.chooseTarget(await portrait('boss.jpg'));
    await driver.people();
    await givePreset(driver, 'With my own model', { faceSwapperModel: 'inswapper_128' });
    const card = page.locator('main .msgcard');
    await card.getByText('MODEL_NOT_FOUND').waitFor();
    expect(await card.textContent()).toContain('inswapper_128');
    expect(await card.textContent()).toContain('add its file on the System page');
    await page.getByRole('radio', { name: driver.words('preset.fast') }).click();
    await driver.fullPreview();
    expect(await card.count()).toBe(0);
    expect(opened.faults).toEqual([]);
  });
});

describe('a job that failed', () => {
  it('says so in its row and on its page, and leads back to its settings (zh, dark, 1280 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    // Without previews nobody has said yet that there is no face in the source.
    await page.keyboard.press('v');
    await driver.addSource(await emptyRoom(), 'keyboard');
    await driver.chooseTarget(await portrait(), 'keyboard');
    await driver.people();
    await driver.start('keyboard');
    await page.keyboard.press('q');
    await driver.press(driver.button('job.why'), 'keyboard');
    const card = page.getByRole('alert').filter({ hasText: 'SOURCE_NO_FACE' });
    await card.waitFor();
    await driver.press(card.getByRole('button', { name: driver.words('outcome.anotherSource') }), 'keyboard');
    // The project as the job had it: the target is there.
    expect(await driver.people()).toBe(1);
    await page.getByText(driver.words('source.noFace')).first().waitFor();
    expect(opened.faults).toEqual([]);
  });
});
