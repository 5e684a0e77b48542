/** A clip of three hours: the timeline is as small and as quick as that of a short one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg } from '../helpers/make-media.ts';
import { sampleVideoPath } from '../helpers/sample-media.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser, type PageBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

const HOURS = 3;
const MINUTE_FRAMES = 50 * 25;
const folder = mkdtempSync(join(tmpdir(), 'facefusion-long-'));
const clip = join(folder, 'three-hours.mp4');
let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  const minute = join(folder, 'minute.mp4');
  // Small pictures, and copied packets: some seconds to make, 270,000 frames long.
  await ffmpeg(
    ...['-i', sampleVideoPath('cap12_edit'), '-frames:v', String(MINUTE_FRAMES), '-vf', 'scale=96:72', '-an'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '38', '-g', '250', '-pix_fmt', 'yuv420p', minute],
  );
  const times = Math.ceil((HOURS * 3600 * 25) / MINUTE_FRAMES) - 1;
  await ffmpeg('-stream_loop', String(times), '-i', minute, '-c', 'copy', clip);
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Elements that a timeline of any length may have. */
const MOST_ELEMENTS = 150;
/** Places of the pointer while the playhead is dragged over the whole clip. */
const STEPS = 120;

/** Notes how long each picture of the page took to be drawn. Runs in the page. */
function watchFrames(): void {
  const times: number[] = [];
  Reflect.set(window, 'frameTimes', times);
  let before = performance.now();
  const next = (now: number): void => {
    times.push(now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

describe('a clip of three hours', () => {
  it.for([
    { language: 'en', scheme: 'light', width: 1280, height: 800 },
    { language: 'zh', scheme: 'dark', width: 2560, height: 1440 },
  ] as const)(
    'is dragged through smoothly, and only what is looked at is asked for ($language, $scheme, $width px)',
    async (view, { annotate }) => {
      await using opened = await browser.open(service.url, view);
      const { page } = opened;
      const driver = drivePage(page, view.language);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const countOf = (what: RegExp): number => asked.filter((path) => what.test(path)).length;
      await driver.addSource(await portrait(), 'keyboard');
      await driver.chooseTarget(clip, 'keyboard');
      const timeline = page.getByRole('group', { name: driver.words('timeline.title') });
      await timeline.waitFor();
      const playhead = page.getByRole('slider', { name: driver.words('timeline.playhead') });
      const most = Number(await playhead.getAttribute('aria-valuemax'));
      expect(most).toBeGreaterThan(HOURS * 3600 * 25 - 1000);
      // One picture for the whole strip, as many elements as for a short clip.
      await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('img.strip')?.naturalWidth ?? 0) > 0);
      expect(await timeline.locator('*').count()).toBeLessThan(MOST_ELEMENTS);
      expect(countOf(/filmstrip$/)).toBe(1);

      const track = await page.locator('.filmbox').boundingBox();
      if (!track) throw new Error('There is no track.');
      const before = countOf(/frames\/\d+$/);
      await page.evaluate(watchFrames);
      const y = track.y + track.height / 2;
      // Not at its very beginning: there is the handle of in.
      await page.mouse.move(track.x + track.width * 0.1, y);
      await page.mouse.down();
      for (let step = 1; step <= STEPS; step++)
        await page.mouse.move(track.x + track.width * (0.1 + (0.65 * step) / STEPS), y);
      await page.mouse.up();
      const times = await page.evaluate(() => Reflect.get(window, 'frameTimes') as number[]);
      times.sort((a, b) => a - b);
      await annotate(
        `frames of the page while dragging: median ${times[times.length >> 1]?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms`,
      );
      const at = Number(await playhead.getAttribute('aria-valuenow'));
      expect(Math.abs(at / most - 0.75)).toBeLessThan(0.01);
      // The picture is that of the last place, and of those between few were asked for.
      await page.locator(`[data-frame="${at}"]`).waitFor();
      await page.locator('main .stage-picture > canvas').first().waitFor();
      expect(countOf(new RegExp(`frames/${at}$`))).toBe(1);
      expect(countOf(/frames\/\d+$/) - before).toBeLessThan(STEPS / 2);
      // From end to end by one key, and by one frame.
      await playhead.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      expect(Number(await playhead.getAttribute('aria-valuenow'))).toBe(most - 1);
      expect(await playhead.getAttribute('aria-valuetext')).toMatch(/0?2:59:|03:0/);
      expect(opened.faults).toEqual([]);
    },
  );

  it('asks for one more strip for another width, and shows the old one until it is there (en, light)', async () => {
    await using opened = await browser.open(service.url, { width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page);
    await driver.chooseTarget(clip);
    const strip = page.locator('img.strip');
    await strip.waitFor({ state: 'attached' });
    const strips: string[] = [];
    page.on('request', (request) => request.url().includes('/filmstrip') && strips.push(request.url()));
    const next = page.waitForResponse((response) => response.url().includes('/filmstrip'));
    await page.setViewportSize({ width: 1900, height: 800 });
    expect(await strip.count()).toBe(1);
    expect((await next).status()).toBe(200);
    expect(strips).toHaveLength(1);
    expect(opened.faults).toEqual([]);
  });
});
