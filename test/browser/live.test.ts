/** The live page in a real browser: a camera that is a file, the service as it is built, and everything that can be missing. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { createWatermarkDetector } from '../../src/engine/watermark/detect-watermark.ts';
import { lumaOfPhoto } from '../../src/trust/guard/invisible-mark.ts';
import { openInstallationKeys } from '../../src/trust/keys/installation-keys.ts';
import { runCli } from '../e2e/support/cli.ts';
import { ffmpeg } from '../helpers/make-media.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { cameraFlags, makeCameraFile, numberOf, readCameraFrame, readLivePicture } from './support/fake-camera.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand, type PageDriver } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const FRAMES = 90;

const folder = createRunFolder();
let service: PageService;
let browser: PageBrowser;
let camera: string;
beforeAll(async () => {
  camera = await makeCameraFile(folder.path, FRAMES);
  [service, browser] = await Promise.all([startPageService(), openBrowser(cameraFlags(camera))]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  folder.remove();
});

/** In a mirror nobody reads numbers. */
const PLAIN = { stored: { 'facefusion.live': JSON.stringify({ mirror: false }) } } as const;
const openLive = (view: View = {}, from: PageBrowser = browser) =>
  from.open(`${service.url}#/live`, { ...PLAIN, ...view });

const cli = async (...words: string[]): Promise<void> => {
  const env = { FACEFUSION_DATA_FOLDER: join(service.folder, 'data') };
  expect(await runCli(words, { cwd: folder.path, env })).toMatchObject({ code: 0 });
};

/** Presses Start, and says who agreed. */
async function startCamera({ page, words, button, press }: PageDriver, hand: Hand = 'mouse'): Promise<void> {
  await page.locator('.live-sources [role=radio]').first().waitFor();
  await press(button('live.start'), hand);
  const agreed = page.getByRole('radio', { name: words('consent.synthetic') });
  if (hand === 'keyboard') {
    await agreed.focus();
    await page.keyboard.press('Space');
  } else {
    await agreed.click();
  }
  await press(button('consent.confirm'), hand);
}

const isLive = ({ page, words }: PageDriver): Promise<void> =>
  page.locator('.toolbar .chip', { hasText: words('live.chip.live') }).waitFor();

/** Saves what the page offers behind a button. @returns what `facefusion verify` says of the file */
async function saveAndVerify({ page }: PageDriver, save: () => Promise<void>): Promise<Record<string, unknown>> {
  const [download] = await Promise.all([page.waitForEvent('download'), save()]);
  const path = folder.at(download.suggestedFilename());
  await download.saveAs(path);
  const env = { FACEFUSION_DATA_FOLDER: join(service.folder, 'data') };
  const { code, stdout, stderr } = await runCli(['verify', path, '--json'], { cwd: folder.path, env });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What every file says that was kept of a session. */
const KEPT = { saysAltered: true, credentials: { state: 'trusted' }, mark: { job: expect.any(String) } };

/** Waits for a picture that is shown after this one. */
async function nextPicture(page: Page, before?: RgbImage): Promise<RgbImage> {
  const shown = page.locator('.live-figures dd').first();
  const count = before ? await shown.textContent() : '0';
  await page.waitForFunction((was) => document.querySelector('.live-figures dd')?.textContent !== was, count);
  return readLivePicture(page);
}

/** Mean difference of channels, in a part of the picture. */
function difference(a: RgbImage, b: RgbImage, [x0, y0, x1, y1]: readonly [number, number, number, number]): number {
  let sum = 0;
  for (let y = y0; y < y1; y++) {
    for (let at = (y * a.width + x0) * 3; at < (y * a.width + x1) * 3; at++) sum += Math.abs(a.data[at]! - b.data[at]!);
  }
  return sum / ((x1 - x0) * (y1 - y0) * 3);
}
/** Where the man's face is all the time, left and right of the middle, and where he never is. */
const ORIGINAL_HALF = [270, 230, 320, 350] as const;
const RESULT_HALF = [320, 230, 370, 350] as const;
const WALL = [480, 60, 620, 200] as const;

async function audit(): Promise<readonly { readonly kind: string; readonly facts: Record<string, unknown> }[]> {
  const response = await fetch(`${service.url}v1/audit?limit=200`);
  return ((await response.json()) as { entries: { kind: string; facts: Record<string, unknown> }[] }).entries;
}

describe('live', () => {
  it('shows the camera with another face, marked, frame by frame, and records that it did', async () => {
    await using opened = await openLive();
    const driver = drivePage(opened.page);
    const { page, words, button } = driver;
    await driver.addSource(await portrait());
    await startCamera(driver);
    await isLive(driver);
    const first = await nextPicture(page);
    const second = await nextPicture(page, first);
    expect(numberOf(first)).toBeLessThan(FRAMES);
    expect(numberOf(second)).not.toBe(numberOf(first));

    // Both halves of one frame beside what the file has: the browser reads its colours a little differently than ffmpeg.
    await page.getByRole('radio', { name: words('view.split') }).click();
    const split = await nextPicture(page, await nextPicture(page, second));
    const file = await readCameraFrame(camera, numberOf(split));
    expect(difference(split, file, RESULT_HALF)).toBeGreaterThan(1.5 * difference(split, file, ORIGINAL_HALF));
    expect(difference(split, file, WALL)).toBeLessThan(difference(split, file, RESULT_HALF) / 2);

    const { id, watermark } = await openInstallationKeys();
    const mark = createWatermarkDetector(watermark).detect(lumaOfPhoto(second), second);
    expect(mark?.payload.installation).toBe(id);

    // Taken by mouse, and downloaded from the list.
    await driver.press(button('action.live.snapshot'));
    const name = `snapshot-${mark!.payload.job}-1.jpg`;
    const save = page.getByRole('button', { name: words('live.kept.downloadNamed', { name }) });
    expect(await saveAndVerify(driver, () => save.click())).toMatchObject({
      ...KEPT,
      mark: mark!.payload,
      recorded: expect.arrayContaining([expect.objectContaining({ isSame: true })]),
    });

    const record = page.locator('.livebar button', { hasText: words('live.record') });
    await driver.press(record);
    await page.locator('.livebar [aria-pressed=true]').waitFor();
    await nextPicture(page, await nextPicture(page));
    await driver.press(record);
    const recorded = page.locator('.live-kept button[aria-label*=".mp4"]').last();
    expect(await saveAndVerify(driver, () => recorded.click())).toMatchObject({ ...KEPT, mark: mark!.payload });

    await driver.press(button('live.stop'));
    await page.getByText(words('live.ended', { job: mark!.payload.job })).waitFor();
    const entries = (await audit()).filter(({ facts }) => facts.job === mark!.payload.job);
    expect(entries.map(({ kind }) => kind).sort()).toEqual([
      'live.ended',
      'output.published',
      'output.published',
      'run.begun',
    ]);
    const { frames } = entries.find(({ kind }) => kind === 'live.ended')!.facts;
    expect(frames).toMatchObject({ leftAlone: {} });
    expect(opened.faults).toEqual([]);
  });

  it('works by keyboard, in Chinese and in the dark', async () => {
    await using opened = await openLive({ language: 'zh', scheme: 'dark', width: 1280, height: 800 });
    const driver = drivePage(opened.page, 'zh');
    await driver.addSource(await portrait(), 'keyboard');
    await startCamera(driver, 'keyboard');
    await isLive(driver);
    expect(numberOf(await nextPicture(opened.page))).toBeLessThan(FRAMES);
    await opened.page.keyboard.press('Alt+s');
    const toast = opened.page.locator('.toast', { hasText: driver.words('live.snapshot.there') });
    const save = toast.getByRole('button', { name: driver.words('live.kept.download'), exact: true });
    await save.waitFor();
    expect(await saveAndVerify(driver, () => driver.press(save, 'keyboard'))).toMatchObject(KEPT);
    // A recording that goes on is completed where the session is stopped.
    await opened.page.keyboard.press('Alt+r');
    await opened.page.locator('.livebar [aria-pressed=true]').waitFor();
    await nextPicture(opened.page, await nextPicture(opened.page));
    await driver.press(driver.button('live.stop'), 'keyboard');
    await driver.button('live.start').waitFor();
    const recorded = opened.page.locator('.live-kept button[aria-label*=".mp4"]').last();
    await recorded.waitFor();
    expect(await saveAndVerify(driver, () => driver.press(recorded, 'keyboard'))).toMatchObject(KEPT);
    expect(opened.faults).toEqual([]);
  });

  it('has room for one: a second tab says so, and gets the place when it is free', async () => {
    await using one = await openLive();
    const first = drivePage(one.page);
    await first.addSource(await portrait());
    await startCamera(first);
    await isLive(first);
    await using two = await openLive();
    const second = drivePage(two.page);
    await second.addSource(await portrait());
    await startCamera(second);
    await two.page.getByRole('heading', { name: second.words('live.taken') }).waitFor();
    await isLive(first);
    await first.press(first.button('live.stop'));
    await one.page.getByText(first.words('live.ended', { job: '' }).split(' ').slice(0, 3).join(' ')).waitFor();
    await second.press(second.button('live.again'));
    await isLive(second);
    expect([...one.faults, ...two.faults]).toEqual([]);
  });

  it('goes on when the service comes back, with what was chosen', async () => {
    await using opened = await openLive();
    const driver = drivePage(opened.page);
    await driver.addSource(await portrait());
    await startCamera(driver);
    await isLive(driver);
    await nextPicture(opened.page);
    await service.kill();
    await opened.page.getByText(driver.words('live.wait.reconnecting')).waitFor();
    // The last picture stays; the camera by itself is never shown as a result.
    const [last, still] = [await readLivePicture(opened.page), await readLivePicture(opened.page)];
    expect(numberOf(still)).toBe(numberOf(last));
    await service.restart();
    await isLive(driver);
    expect(await driver.page.locator('.live-sources [role=radio]').count()).toBe(1);

    // Another quality is another session: what was recorded of the one before is completed.
    await opened.page.keyboard.press('Alt+r');
    await opened.page.locator('.livebar [aria-pressed=true]').waitFor();
    await driver.page.getByRole('switch', { name: driver.words('live.enhancer') }).click();
    await opened.page.locator('.live-kept button[aria-label*=".mp4"]').last().waitFor();
    await isLive(driver);
  });
});

describe('a listed person', () => {
  it('in front of the camera ends the session, and no further frame is shown', async () => {
    const man = folder.at('man.png');
    await ffmpeg('-i', camera, '-frames:v', '1', man);
    await cli('blocklist', 'add', 'The man', 'man.png');
    await using opened = await openLive();
    const driver = drivePage(opened.page);
    await driver.addSource(await portrait());
    await startCamera(driver);
    await opened.page
      .locator('.msgcard', { hasText: 'POLICY_FORBIDS' })
      .or(opened.page.locator('.msgicon.danger'))
      .first()
      .waitFor();
    expect(await opened.page.locator('.stage .pic.is-off').count()).toBe(1);
    const entries = await audit();
    expect(entries.some(({ kind, facts }) => kind === 'run.refused' && facts.code === 'POLICY_FORBIDS')).toBe(true);
    expect(entries.some(({ kind, facts }) => kind === 'live.ended' && facts.code === 'POLICY_FORBIDS')).toBe(true);
    expect(opened.faults).toEqual([]);
    await cli('blocklist', 'remove', 'The man');
  });
});

describe('without a camera', () => {
  it.each([
    ['that may be used', ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'], 'live.denied'],
    ['at all', ['--use-fake-ui-for-media-stream'], 'live.none'],
  ] as const)('%s, says why and keeps everything', async (_name, flags, title) => {
    await using other = await openBrowser(flags);
    await using opened = await openLive({}, other);
    const driver = drivePage(opened.page);
    await driver.addSource(await portrait());
    await startCamera(driver);
    await opened.page.getByRole('heading', { name: driver.words(title) }).waitFor();
    await driver.button('live.again').waitFor();
    expect(await opened.page.locator('.live-sources [role=radio]').count()).toBe(1);
    expect(opened.faults).toEqual([]);
  });
});
