/** The service goes away under an open page, and comes back: nothing that was done is lost. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdRunner } from '../e2e/support/hold-runner.ts';
import { givePreset } from './support/give-preset.ts';
import { makeTalk, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-lost-'));
/** Frames of the clip, in chunks that are kept one by one. */
const FRAMES = 120;
const CHUNK = 10;
/** Of the work at which the service is killed, and what of it must not be done again. */
const KILLED_AT = 0.6;
const KEPT = 0.55;

const hold = holdRunner(join(folder, 'held'), FRAMES * KILLED_AT + CHUNK);
let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService({ env: hold.env }), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const rename = async (page: Page, name: string): Promise<void> => {
  await page.keyboard.press('F2');
  await page.locator('input:focus').fill(name);
  await page.keyboard.press('Enter');
};

describe('a service that is killed under an open page', () => {
  it('is told at the foot; what is changed meanwhile is kept once it is back (zh, dark, 1280 px, keyboard)', async () => {
    await using opened = await browser.open(service.url, { language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page, 'zh');
    await driver.addSource(await portrait(), 'keyboard');
    await driver.chooseTarget(await portrait('boss.jpg'), 'keyboard');
    await driver.people();
    await service.kill();
    const lost = page.getByText(driver.words('net.offline'));
    await lost.waitFor();
    await rename(page, '断线时改的名字');
    await page.keyboard.press('x');
    await page.getByRole('option', { name: driver.words('people.keep') }).waitFor();
    await service.restart();
    await lost.waitFor({ state: 'detached' });
    // Kept by itself: another page of the same browser finds it so.
    const [id] = await page.evaluate(() => [localStorage.getItem('facefusion.project')]);
    await expect
      .poll(async () => (await page.request.get(`${service.url}v1/projects/${id}`)).json(), { timeout: 60_000 })
      .toMatchObject({ name: '断线时改的名字', document: { sources: [{}] } });
    await page.reload();
    await page.getByRole('button', { name: '断线时改的名字' }).first().waitFor();
    await page.getByRole('option', { name: driver.words('people.keep') }).waitFor();
    expect(opened.faults).toEqual([]);
  });
});

/** Begins to hear how far the frames of jobs are. @returns ends it, and says what was heard */
function hearShares(): () => readonly number[] {
  const shares: number[] = [];
  const controller = new AbortController();
  const listen = async (): Promise<void> => {
    const { body } = await fetch(`${service.url}v1/events`, { signal: controller.signal });
    let rest = '';
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data:'))) {
        const { type, stage, done, total } = JSON.parse(line.slice(5));
        if (type === 'progress' && stage === 'process' && total) shares.push(done / total);
      }
    }
  };
  listen().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  return () => {
    controller.abort();
    return shares;
  };
}

describe('a job whose service is killed at 60 %', () => {
  it('goes on from what was done, with the page open all the time (en, light, 1440 px, mouse)', {
    timeout: 300_000,
  }, async () => {
    await using opened = await browser.open(service.url);
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait());
    await driver.chooseTarget(await makeTalk(folder, FRAMES));
    await driver.people();
    await givePreset(driver, 'In small parts', { videoChunkSize: CHUNK });
    await driver.start();
    await page.keyboard.press('q');
    const line = page.locator('.progress-line', { hasText: driver.words('job.stage.swap') });
    const share = async (): Promise<number> =>
      (await line.count()) === 0 ? 0 : Number(await line.getByRole('progressbar').getAttribute('aria-valuenow')) / 100;
    await expect.poll(share, { timeout: 100_000, interval: 30 }).toBeGreaterThanOrEqual(KILLED_AT);
    await expect.poll(hold.isHeld).toBe(true);
    await service.kill();
    hold.letGo();
    await page.getByText(driver.words('net.offline')).waitFor();
    await service.restart();
    const heard = hearShares();
    // The row says it also where the job ended before the page was back.
    await page
      .locator('li.job')
      .getByRole('button', { name: driver.words('job.open'), exact: false })
      .first()
      .waitFor();
    const shares = heard();
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(KEPT);
    expect(Math.max(...shares)).toBeGreaterThan(KILLED_AT);
    const jobs = await (await page.request.get(`${service.url}v1/jobs`)).json();
    expect(jobs.jobs).toMatchObject([{ state: 'completed' }]);
    expect(opened.faults).toEqual([]);
  });
});

/** Larger than what is sent in one piece, so that it goes in parts. */
const LARGE_BYTES = 20 * 1024 ** 2;

describe('an upload that is cut off', () => {
  it('goes on where it was when the service is back (en, dark, 1280 px, mouse)', async () => {
    await using opened = await browser.open(service.url, { scheme: 'dark', width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page);
    // A film with something behind it that players pass over: large without being long.
    const film = readFileSync(await makeTalk(folder, 10, 'film.mp4'));
    const rest = Buffer.alloc(LARGE_BYTES);
    rest.writeUInt32BE(LARGE_BYTES, 0);
    rest.write('free', 4, 'latin1');
    const sent: number[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset']));
    });
    const second = page.waitForRequest(
      (request) => request.method() === 'PATCH' && request.headers()['upload-offset'] !== '0',
    );
    await driver.chooseTarget({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([film, rest]) });
    const [asked] = await Promise.all([
      second,
      page.getByRole('region', { name: driver.words('upload.title') }).waitFor(),
    ]);
    await service.kill();
    await page.getByText(driver.words('net.offline')).waitFor();
    await service.restart();
    await page.getByText(driver.words('intake.target', { file: 'film.mp4' })).waitFor();
    // From where the service had it, not from the beginning.
    expect(sent.filter((offset) => offset === 0)).toHaveLength(1);
    expect(sent).toContain(Number(asked.headers()['upload-offset']));
    expect(opened.faults).toEqual([]);
  });
});
