/** The queue: added to while it runs, sorted, paused, one of it cancelled; the same after a reload and after a restart. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { eventually } from './support/eventually.ts';
import { emptyRoom, type GivenFile, portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser, type View, type WatchedPage } from './support/page-browser.ts';
import { drivePage, type Hand, type PageDriver } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';
import { driveQueue, type QueueDriver } from './support/queue-driver.ts';

// Models are loaded and pictures are made: a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

/** A face on a small photo: a job of a moment. The queue is open, and empty. */
async function openQueue(view: View, hand: Hand) {
  const opened: WatchedPage = await browser.open(service.url, view);
  const driver: PageDriver = drivePage(opened.page, view.language);
  const queue: QueueDriver = driveQueue(driver);
  await driver.addSource(await portrait('anna.jpg'), hand);
  await driver.chooseTarget(await portrait('berta.jpg'), hand);
  await opened.page.getByRole('radio', { name: driver.words('preset.fast') }).click();
  await driver.people();
  return { opened, page: opened.page, driver, queue, words: driver.words };
}

const file = (name: string): string => `${name}.jpg`;

it('five jobs, the third cancelled, and a restart: order and results are as they were: en, light, 1280 px, mouse', async () => {
  const { opened, page, driver, queue, words } = await openQueue(
    { language: 'en', scheme: 'light', width: 1280, height: 900 },
    'mouse',
  );
  await using _ = opened;
  await queue.startAs('first');
  await queue.open();
  await queue
    .row(file('first'))
    .getByRole('button', { name: words('job.openOf', { name: file('first') }) })
    .waitFor();
  await driver.press(driver.button('queue.pause'));
  await page.getByText(words('queue.paused')).waitFor();
  await driver.press(driver.button('queue.close'));
  for (const name of ['second', 'third', 'fourth', 'fifth']) await queue.startAs(name);
  await queue.open();
  expect(await queue.names()).toEqual(['second', 'third', 'fourth', 'fifth', 'first'].map(file));

  await queue
    .row(file('third'))
    .getByRole('button', { name: words('job.cancelOf', { name: file('third') }) })
    .click();
  const third = queue.row(file('third')).getByText(words('job.cancelled'), { exact: true });
  await third.waitFor();
  // The last one is dragged to the front.
  const grip = await queue.row(file('fifth')).getByTitle(words('job.drag')).boundingBox();
  const front = await queue.row(file('second')).boundingBox();
  if (!grip || !front) throw new Error('There are no rows to sort.');
  const moved = page.waitForResponse((response) => response.url().endsWith('/move'));
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(grip.x + 10, front.y + front.height / 2, { steps: 6 });
  await page.mouse.up();
  await moved;
  const order = ['fifth', 'second', 'fourth', 'third', 'first'].map(file);
  await eventually(() => queue.names()).toEqual(order);

  await service.kill();
  await page.getByText(words('net.offline')).waitFor();
  await service.restart();
  await page.getByText(words('net.online')).waitFor();
  const isSame = async (): Promise<void> => {
    await eventually(() => queue.names()).toEqual(order);
    await third.waitFor();
    await page.getByText(words('queue.paused')).waitFor();
  };
  await isSame();
  await page.reload();
  await queue.open();
  await isSame();

  // One more comes while they run; they are done in their order.
  await driver.press(driver.button('queue.resume'));
  await driver.press(driver.button('queue.close'));
  await queue.startAs('sixth');
  await queue.open();
  for (const name of ['first', 'second', 'fourth', 'fifth', 'sixth'].map(file)) {
    await queue
      .row(name)
      .getByRole('button', { name: words('job.openOf', { name }) })
      .waitFor();
  }
  const { jobs } = (await (await fetch(`${service.url}v1/jobs`)).json()) as { readonly jobs: readonly EndedJob[] };
  const byEnd = [...jobs].filter(({ state }) => state === 'completed').sort((a, b) => (a.endedAt < b.endedAt ? -1 : 1));
  expect(byEnd.map(({ outputName }) => outputName)).toEqual(['first', 'fifth', 'second', 'fourth', 'sixth'].map(file));
  // The result of before the restart can still be had.
  await queue
    .row(file('first'))
    .getByRole('button', { name: words('job.openOf', { name: file('first') }) })
    .click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('link', { name: words('result.download') })
      .or(page.getByRole('button', { name: words('result.download') }))
      .first()
      .click(),
  ]);
  expect(download.suggestedFilename()).toBe(file('first'));
  await download.saveAs(join(service.folder, 'saved.jpg'));
  expect(opened.faults).toEqual([]);
});

interface EndedJob {
  readonly state: string;
  readonly endedAt: string;
  readonly outputName: string;
}

it('sorted, cancelled, put back, opened and cleared: zh, dark, 1280 px, keyboard', async () => {
  const { opened, page, driver, queue, words } = await openQueue(
    { language: 'zh', scheme: 'dark', width: 1280, height: 900 },
    'keyboard',
  );
  await using _ = opened;
  await queue.open('keyboard');
  await driver.press(driver.button('queue.clear'), 'keyboard');
  await driver.press(driver.button('queue.pause'), 'keyboard');
  await page.getByText(words('queue.paused')).waitFor();
  await page.keyboard.press('q');
  for (const name of ['a', 'b', 'c']) await queue.startAs(name, 'keyboard');
  await queue.open('keyboard');
  await queue.row(file('c')).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await eventually(async () => (await queue.names()).slice(0, 3)).toEqual(['a', 'c', 'b'].map(file));
  await page.getByText(words('queue.moved', { place: 2 })).waitFor();
  await queue.row(file('a')).focus();
  await page.keyboard.press('Delete');
  await queue.row(file('a')).getByText(words('job.cancelled'), { exact: true }).waitFor();
  expect((await queue.names()).slice(0, 2)).toEqual(['c', 'b'].map(file));
  await driver.press(page.getByRole('button', { name: words('job.putBack') }), 'keyboard');
  await eventually(async () => (await queue.names()).slice(0, 3)).toEqual(['c', 'b', 'a'].map(file));
  await driver.press(driver.button('queue.resume'), 'keyboard');
  for (const name of ['a', 'b', 'c'].map(file)) {
    await queue
      .row(name)
      .getByRole('button', { name: words('job.openOf', { name }) })
      .waitFor();
  }
  await driver.press(driver.button('queue.clear'), 'keyboard');
  await eventually(() => queue.names()).toEqual([]);
  await driver.press(page.getByRole('status').getByRole('button', { name: words('undo') }), 'keyboard');
  await queue.row(file('b')).focus();
  await page.keyboard.press('Enter');
  await page.getByText(words('result.download')).first().waitFor();
  expect(opened.faults).toEqual([]);
});

it('a job that failed says why and is tried again: zh, light, 1280 and 360 px, mouse', async () => {
  // As another program gives it: the page itself would not begin what must fail.
  const client = createClient({ baseUrl: service.url });
  const given = async ({ buffer, name, mimeType }: GivenFile): Promise<string> =>
    (await client.uploadFile(new Blob([new Uint8Array(buffer)], { type: mimeType }), { fileName: name })).id;
  const [source, target] = [await given(await portrait()), await given(await emptyRoom())];
  const { data: job } = await client.POST('/v1/jobs', { body: { sources: [source], target } });
  if (!job) throw new Error('The service did not take the job.');
  await using opened = await browser.open(`${service.url}#/queue`, {
    ...{ language: 'zh', scheme: 'light', width: 1280, height: 900 },
  });
  const { page } = opened;
  const { words } = drivePage(page, 'zh');
  const row = page.locator(`[data-job="${job.id}"]`);
  await row.getByText(/\S/).first().waitFor();
  const [again] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith(`/v1/jobs/${job.id}/retry`)),
    row.getByRole('button', { name: words('job.retry'), exact: true }).click(),
  ]);
  expect(again.ok()).toBe(true);
  expect(await client.waitForJob(job.id)).toMatchObject({ state: 'failed', error: { code: 'TARGET_NO_FACE' } });
  await row.getByRole('button', { name: words('job.why'), exact: true }).waitFor();
  // On a phone it is told as well.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('link', { name: 'room.png' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(opened.faults).toEqual([]);
});
