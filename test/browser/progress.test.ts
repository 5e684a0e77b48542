/** Progress is told as it is: stage, frame, speed, elapsed, left; it survives reload and restart, and cancelling is seen at once. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { TextKey } from '../../src/web/i18n/en.ts';
import { makePlainClip } from './support/clips.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';
import { driveQueue } from './support/queue-driver.ts';
import type { Words } from './support/words.ts';

/** Work that does not end while it is looked at. */
const LONG_CLIP = 250;

/** Models are loaded and videos are worked on: a busy machine takes its time. */
const LONG_TEST_MS = 300_000;

let service: PageService;
let browser: PageBrowser;
let clip: string;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
  clip = makePlainClip(service.folder, LONG_CLIP);
});
afterEach(async () => {
  const client = createClient({ baseUrl: service.url });
  const { data } = await client.GET('/v1/jobs');
  for (const { id, state } of data?.jobs ?? []) {
    if (state === 'queued' || state === 'running') {
      await client.POST('/v1/jobs/{id}/cancel', { params: { path: { id } } });
      await client.waitForJob(id);
    }
  }
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

/** The long clip, being worked on; another job waits behind it. The queue is open. */
async function openWork(view: View, hand: Hand, names: readonly [string, string]) {
  const opened = await browser.open(service.url, view);
  const { page } = opened;
  const driver = drivePage(page, view.language);
  const queue = driveQueue(driver);
  const { words } = driver;
  await driver.addSource(await portrait(), hand);
  await driver.chooseTarget(clip, hand);
  await page.getByRole('radio', { name: words('preset.fast') }).click();
  for (const name of names) await queue.startAs(name, hand);
  await queue.open(hand);
  const row = queue.row(`${names[0]}.mp4`);
  return { opened, page, driver, queue, words, row, next: queue.row(`${names[1]}.mp4`) };
}

/** `frame 12 of 400`, in any language. */
const wordsOf = (key: TextKey, words: Words): RegExp =>
  new RegExp(`^${words(key).replace(/\{\w+\}/g, '[1-9][0-9,]*')}$`);

/** What the row says. */
interface Told {
  readonly frame: number;
  readonly elapsed: string;
  readonly left: string;
  readonly fps: string;
}

it(
  'reload and restart keep progress and time left: en, dark, 1280 px, mouse',
  async () => {
    const { opened, page, queue, words, row, next } = await openWork(
      { language: 'en', scheme: 'dark', width: 1280, height: 900 },
      'mouse',
      ['interview', 'later'],
    );
    await using _ = opened;
    const counted = row.getByText(wordsOf('job.frames', words));
    const told = async (): Promise<Told> => {
      await counted.waitFor();
      const figures = await row.locator('.nums b').allTextContents();
      const [fps = '', elapsed = '', left = ''] = figures;
      return { frame: Number(/\d+/.exec((await counted.textContent()) ?? '')), fps, elapsed, left };
    };
    const hasLeft = row.locator('.nums b').nth(2).filter({ hasText: /\d/ });
    await hasLeft.waitFor();
    await row.getByText(words('job.stage.swap')).waitFor();
    const before = await told();
    expect(before.fps).toMatch(/^\d+(\.\d)?$/);
    expect(before.elapsed).toMatch(/\d s$/);

    await page.reload();
    await queue.open();
    // The service keeps twice a second how far it is: what was known just now may come with the next event.
    await hasLeft.waitFor();
    const reloaded = await told();
    expect(reloaded.frame).toBeGreaterThanOrEqual(before.frame - Math.ceil(Number(before.fps)));
    expect(reloaded.left).toMatch(/\d s$/);
    expect(reloaded.fps).toMatch(/^\d/);
    await next.getByText(words('job.startsNext')).waitFor();

    await service.kill();
    await page.getByText(words('net.offline')).waitFor();
    await service.restart();
    await page.getByText(words('net.online')).waitFor();
    await page.reload();
    await queue.open();
    await hasLeft.waitFor();
    const restarted = await told();
    expect(restarted.left).toMatch(/\d s$/);

    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);

it(
  'cancelling is seen before the service has answered, and ends only the one: zh, light, 1280 px, keyboard',
  async () => {
    const { opened, page, words, row, next } = await openWork(
      { language: 'zh', scheme: 'light', width: 1280, height: 900 },
      'keyboard',
      ['cancelled', 'another'],
    );
    await using _ = opened;
    const counted = (among: Locator): Locator => among.getByText(wordsOf('job.frames', words));
    await counted(row).waitFor();
    let letGo = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route('**/cancel', async (route) => {
      await isHeld;
      await route.continue();
    });
    await row.focus();
    await page.keyboard.press('Delete');
    await row.getByText(words('job.stopping')).waitFor();
    letGo();
    await row.getByRole('button', { name: words('job.resume') }).waitFor();
    expect((await row.locator('.how').textContent())?.trim()).toMatch(wordsOf('job.cancelledAt', words));
    // What it had done is kept: it can go on from there. The other one is begun.
    await counted(next).waitFor();
    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);

it(
  'what a cancelled job had done can be kept as a clip: zh, dark, 2560 px, mouse',
  async () => {
    const client = createClient({ baseUrl: service.url });
    const given = async (part: BlobPart, fileName: string): Promise<string> =>
      (await client.uploadFile(new Blob([part]), { fileName })).id;
    const { buffer } = await portrait();
    const source = await given(new Uint8Array(buffer), 'anna.jpg');
    const target = await given(new Uint8Array(await readFile(clip)), 'talk.mp4');
    // Small parts, so that some of them are done soon.
    const { data: job } = await client.POST('/v1/jobs', {
      body: { sources: [source], target, options: { preset: 'fast', videoChunkSize: 10 }, output: { name: 'talk' } },
    });
    if (!job) throw new Error('The service did not take the job.');
    await using opened = await browser.open(`${service.url}#/queue`, {
      ...{ language: 'zh', scheme: 'dark', width: 2560, height: 1440 },
    });
    const { page } = opened;
    const { words } = drivePage(page, 'zh');
    const row = page.locator(`[data-job="${job.id}"]`);
    await row.getByText(/^第 ([3-9]\d|\d{3}) 帧，/).waitFor();
    await row.getByRole('button', { name: words('job.cancelOf', { name: 'talk.mp4' }) }).click();
    await row.getByRole('button', { name: words('job.keepOf', { name: 'talk.mp4' }) }).click();
    await row.getByRole('button', { name: words('job.openOf', { name: 'talk.mp4' }) }).click();
    await page.getByText(words('result.download')).first().waitFor();
    const { frames } = await client.waitForJob(job.id);
    expect(frames?.total).toBeGreaterThanOrEqual(10);
    expect(frames?.total).toBeLessThan(LONG_CLIP);
    expect(opened.faults).toEqual([]);
  },
  LONG_TEST_MS,
);

it('an upload tells its bytes and is cancelled at once: en, light, 1280 px, mouse', async () => {
  await using opened = await browser.open(service.url, { language: 'en', scheme: 'light', width: 1280, height: 900 });
  const { page, context, faults } = opened;
  const driver = drivePage(page, 'en');
  const { words } = driver;
  // A line that takes long for what goes in parts of 8 MB.
  const line = await context.newCDPSession(page);
  const megabytes = 1_000_000;
  await line.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 6 * megabytes },
  });
  const path = join(service.folder, 'film.mp4');
  await writeFile(path, Buffer.alloc(40 * megabytes));
  await driver.chooseTarget(path);
  const upload = page.getByRole('region', { name: words('upload.title') });
  await upload.getByText(/^0 B of 40(\.0)? MB$/).waitFor();
  await upload.getByText(/^[1-9][\d.]* MB of 40(\.0)? MB$/).waitFor();
  await upload.getByRole('button', { name: words('upload.cancel', { file: 'film.mp4' }) }).click();
  await upload.waitFor({ state: 'detached' });
  await page.getByRole('group', { name: words('target.step') }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(faults).toEqual([]);
});
