/** Who agreed is asked once a project, nothing goes round it, and what comes out can be traced on the page. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portrait } from './support/given-files.ts';
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

const jobsOf = async (): Promise<readonly { readonly state: string }[]> =>
  (await (await fetch(`${service.url}v1/jobs`)).json()).jobs;

describe('who agreed', () => {
  it('has no answer beforehand, no way past it, and is asked once; the file is known again by “verify” (en, light, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { width: 1280, height: 800 });
    const { page } = opened;
    const { words, button, ...driver } = drivePage(page);
    await driver.addSource(await portrait());
    await driver.chooseTarget(await portrait('boss.jpg'));
    await driver.people();
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: words('consent.title') });
    await dialog.waitFor();
    const choices = dialog.getByRole('radio');
    expect(await choices.evaluateAll((all) => all.map((one) => one.getAttribute('aria-checked')))).not.toContain(
      'true',
    );
    // Neither the button, nor Enter, nor closing it starts anything.
    expect(await button('consent.confirm').getAttribute('aria-disabled')).toBe('true');
    await button('consent.confirm').click({ force: true });
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await jobsOf()).toEqual([]);
    await driver.start();
    await driver.ready();
    // The same again is not done again: it is there. What is not the same is, and it is not asked a second time.
    await page
      .locator('.toast')
      .getByRole('button', { name: words('close') })
      .first()
      .click();
    await page.keyboard.press('Control+Enter');
    await driver.ready();
    expect(await jobsOf()).toHaveLength(1);
    await page.getByRole('radio', { name: words('preset.fast') }).click();
    await page.keyboard.press('Control+Enter');
    await expect.poll(async () => (await jobsOf()).length, { timeout: 60_000 }).toBe(2);
    expect(await dialog.count()).toBe(0);

    await page.keyboard.press('q');
    await page.locator('li.job').getByRole('button', { name: 'Open the result' }).first().click();
    await page.getByText(words('result.mark')).waitFor();
    await page.getByText(/Entered in the audit log, entry \d+/).waitFor();
    expect(await page.getByText(words('result.auditId')).first().isVisible()).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /^Download/ })
        .first()
        .click(),
    ]);
    const file = join(service.folder, 'result.jpg');
    await download.saveAs(file);
    await page.goto(`${service.url}#/verify`);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('verify.chooseFile').click()]);
    await chooser.setFiles(file);
    await page.getByText(words('verify.made'), { exact: true }).first().waitFor();
    expect(opened.faults).toEqual([]);
  });

  it('is asked anew in a copy of the project, and answered by keys alone (zh, dark, 2560 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 2560, height: 1440 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    await driver.people();
    await driver.start('keyboard');
    await page.keyboard.press('Control+k');
    await page
      .getByRole('combobox', { name: driver.words('palette.title') })
      .fill(driver.words('action.project.duplicate'));
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: driver.words('project.copyOf', { name: driver.words('project.untitled') }) })
      .first()
      .waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: driver.words('consent.title') }).waitFor();
    expect(opened.faults).toEqual([]);
  });
});

describe('a part of the page that cannot be fetched', () => {
  it('is told, and the page is as it was when it is loaded again (en, dark, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const { words, button, ...driver } = drivePage(page);
    await driver.addSource(await portrait());
    await driver.chooseTarget(await portrait('boss.jpg'));
    await driver.people();
    // As after an update of the service: what is asked for late has another name now.
    await page.route(/\/assets\/[^/]+\.js$/, (route) => route.abort());
    await page.keyboard.press('Control+Enter');
    await page.getByText(words('late.failed')).waitFor();
    await page.unroute(/\/assets\/[^/]+\.js$/);
    await button('project.reload').click();
    await page.getByText(words('late.failed')).waitFor({ state: 'detached' });
    expect(await driver.people()).toBe(1);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: words('consent.title') }).waitFor();
    expect(opened.faults).toEqual([]);
  });
});
