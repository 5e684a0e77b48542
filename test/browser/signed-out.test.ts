/** A service that wants a key: what happens when it ends under an open page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../e2e/support/cli.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage, type PageDriver } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-keys-'));
let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  const config = join(folder, 'service.yaml');
  writeFileSync(config, 'auth:\n  required: true\n');
  [service, browser] = await Promise.all([startPageService({ words: ['--config', config] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...words: string[]) =>
  runCli(words, { env: { ...process.env, FACEFUSION_DATA_FOLDER: join(service.folder, 'data') } });

async function newKey(): Promise<{ readonly id: string; readonly key: string }> {
  const scopes = ['assets:read', 'assets:write', 'jobs:read', 'jobs:write', 'looks', 'models:read', 'audit:read'];
  const { stdout, stderr } = await cli('keys', 'api', 'create', '--name', 'page', '--json', '--scopes', ...scopes);
  const made = JSON.parse(stdout) as { readonly key: { readonly id: string }; readonly text: string };
  expect(made.text, stderr).toMatch(/^ff_/);
  return { id: made.key.id, key: made.text };
}

const signIn = async (page: Page, { words, button }: PageDriver, key: string): Promise<void> => {
  await page.getByLabel(words('signIn.key')).fill(key);
  await button('signIn.enter').click();
  await page.locator('.app').waitFor();
};

describe('a key that ends under an open page', () => {
  it('is asked for anew, and everything is as it was, also what was changed last (zh, dark, 1280 px)', async () => {
    const first = await newKey();
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    // One that is not known is refused in words, and the page waits.
    await page.getByLabel(driver.words('signIn.key')).fill('wrong');
    await driver.button('signIn.enter').click();
    await page.getByRole('alert').getByText(driver.words('signIn.wrong')).waitFor();
    await signIn(page, driver, first.key);
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    await driver.people();
    expect((await cli('keys', 'api', 'revoke', first.id)).code).toBe(0);
    // Within seconds the service knows; the next thing that is done is not lost.
    await expect
      .poll(
        async () =>
          (
            await page.request.get(`${service.url}v1/me`, { headers: { authorization: `Bearer ${first.key}` } })
          ).status(),
        { timeout: 60_000 },
      )
      .toBe(401);
    await page.keyboard.press('F2');
    await page.locator('input:focus').fill('夏季活动');
    await page.keyboard.press('Enter');
    await page.getByLabel(driver.words('signIn.key')).waitFor();
    await signIn(page, driver, (await newKey()).key);
    await page.getByRole('button', { name: '夏季活动' }).first().waitFor();
    expect(await driver.people()).toBe(1);
    await driver.fullPreview();
    expect(opened.faults).toEqual([]);
  });
});
