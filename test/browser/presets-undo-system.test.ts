/** Presets with what they take here, undo of everything that is set, and the machine as `facefusion doctor` sees it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../chaos/random.ts';
import { runCli } from '../e2e/support/cli.ts';
import { givePreset } from './support/give-preset.ts';
import { portrait, words as textFile } from './support/given-files.ts';
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

/** Everything that can be set in sight, as it is now. */
const settingsOf = (page: Page): Promise<string> =>
  page.evaluate(() =>
    JSON.stringify([
      document.querySelector('.project-menu')?.textContent,
      [...document.querySelectorAll('[role=switch], [role=radio]')].map((one) => one.getAttribute('aria-checked')),
      [...document.querySelectorAll('aside [role=combobox]')].map((one) => one.textContent),
      [...document.querySelectorAll('.map')].map((one) => one.textContent),
      document.querySelector<HTMLInputElement>('.saves input')?.value,
    ]),
  );

const EDITS = 20;

describe('undo', () => {
  it(`takes ${EDITS} edits of any kind back to the state before, and redo brings them again (zh, dark, 1280 px, keyboard)`, async () => {
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await page.keyboard.press('v');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    await driver.people();
    // The same edits in every run.
    const random = createRandom(21);
    const pick = (most: number): number => Math.floor(random.between(0, most));
    const edits: readonly (() => Promise<void>)[] = [
      () => page.getByRole('switch').nth(pick(3)).press('Space'),
      () => page.getByRole('radio').nth(pick(3)).press('Enter'),
      () => page.keyboard.press(pick(2) === 0 ? 'x' : 'p'),
      async () => {
        await page.keyboard.press('F2');
        await page.locator('input:focus').fill(`第 ${pick(1000)} 版`);
        await page.keyboard.press('Enter');
      },
      async () => {
        await page.locator('.saves input').fill(`out-${pick(1000)}`);
        await page.keyboard.press('Enter');
      },
    ];
    const before = await settingsOf(page);
    let now = before;
    let changes = 0;
    while (changes < EDITS) {
      await edits[pick(edits.length)]?.();
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const next = await settingsOf(page);
      // What is set to what it was is no edit.
      if (next !== now) changes++;
      now = next;
    }
    const press = async (keys: string): Promise<void> => {
      for (let left = EDITS; left > 0; left--) {
        await page.keyboard.press(keys);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
    };
    await press('Control+z');
    await expect.poll(() => settingsOf(page)).toBe(before);
    await press('Control+Shift+z');
    await expect.poll(() => settingsOf(page)).toBe(now);
    expect(opened.faults).toEqual([]);
  });
});

describe('presets', () => {
  it('tell what was measured here; one changed knob is told, saved, exported and imported (en, light, 1440 px, mouse)', async () => {
    await using opened = await browser.open(service.url);
    const { page } = opened;
    const driver = drivePage(page);
    const { words, button } = driver;
    await driver.addSource(await portrait());
    await driver.chooseTarget(await portrait('boss.jpg'));
    await driver.people();
    await driver.start();
    await driver.ready();
    // Now that one has run here, its time and memory are known.
    const balanced = page.getByRole('radio', { name: words('preset.balanced') });
    await page.reload();
    await driver.people();
    await balanced.filter({ hasText: /\d s.*\d GB|\d s.*\d MB/ }).waitFor();
    await page.getByText(words('preset.measured')).waitFor();

    await page.getByRole('switch', { name: words('option.faceEnhancer') }).click();
    const modified = page.getByText(words('preset.modified'), { exact: true });
    await modified.waitFor();
    await button('preset.reset').click();
    await modified.waitFor({ state: 'detached' });

    await page.getByRole('switch', { name: words('option.faceEnhancer') }).click();
    await button('preset.menu').click();
    await page.getByRole('menuitem', { name: words('preset.save') }).click();
    await page.locator('input:focus').fill('Portraits');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Portraits', checked: true }).waitFor();
    expect(await modified.count()).toBe(0);
    await button('preset.menu').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: words('preset.export') }).click(),
    ]);
    const options = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(options).toMatchObject({ processors: expect.arrayContaining(['face_swapper', 'face_enhancer']) });
    await balanced.click();
    await givePreset(driver, 'From a colleague', options);
    expect(await page.getByRole('switch', { name: words('option.faceEnhancer') }).getAttribute('aria-checked')).toBe(
      'true',
    );
    // What is none of presets is said, and what an option does not take.
    const chunks = { name: 'small.json', mimeType: 'application/json', buffer: Buffer.from('{"videoChunkSize":5}') };
    for (const [file, said] of [
      [textFile('notes.json', 'application/json'), words('preset.invalid', { file: 'notes.json' })],
      [chunks, 'small.json sets videoChunkSize to 5; it takes 10 – '],
    ] as const) {
      await button('preset.menu').click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('menuitem', { name: words('preset.import') }).click();
      await (await chooser).setFiles(file);
      await page.getByText(said).waitFor();
    }
    expect(opened.faults).toEqual([]);
  });
});

describe('the machine', () => {
  it('a device that was asked for and is not there is told before Start; System says what doctor says (en, dark, 2560 px)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 2560, height: 1440 });
    const { page } = opened;
    const driver = drivePage(page);
    await page.keyboard.press('v');
    await driver.addSource(await portrait());
    await givePreset(driver, 'On a GPU', { executionProviders: ['cuda'] });
    const told = page.getByRole('alert').filter({ hasText: /using CPU/ });
    await told.waitFor();
    expect(await told.textContent()).toMatch(/CUDA/i);
    await page.getByRole('link', { name: /CPU/ }).click();
    const rows = page.locator('.system-checks li');
    await rows.first().waitFor();
    const { stdout } = await runCli(['doctor', '--json'], {
      env: { ...process.env, FACEFUSION_DATA_FOLDER: `${service.folder}/data` },
    });
    const doctor = JSON.parse(stdout) as {
      readonly checks: readonly { readonly name: string; readonly message: string }[];
    };
    for (const name of ['node', 'ffmpeg', 'encoders', 'models']) {
      const said = doctor.checks.find((check) => check.name === name)?.message ?? name;
      await rows.filter({ hasText: said }).first().waitFor();
    }
    // Every model with its licence, in rows.
    await page.getByRole('table').getByRole('row').nth(5).waitFor();
    expect(opened.faults).toEqual([]);
  });
});
