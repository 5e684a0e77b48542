/**
 * `npm run bench:live`: the live page from the camera to the screen, browser included, on this machine. JSON goes to stdout,
 * progress to stderr. The camera is a file whose frames carry their numbers: what a plain `<video>` of the same camera shows
 * at a moment, and what the page shows, tells by how many frames the page is behind. `--seconds`, `--runs`, `--size`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { defaultModelDirectory } from '../../src/engine/inference/session.ts';
import { readManifest } from '../../src/engine/models/manifest.ts';
import { CAMERA_FPS, cameraFlags, makeCameraFile } from '../../test/browser/support/fake-camera.ts';
import { portrait } from '../../test/browser/support/given-files.ts';
import { openBrowser } from '../../test/browser/support/page-browser.ts';
import { drivePage } from '../../test/browser/support/page-driver.ts';
import { startPageService } from '../../test/browser/support/page-service.ts';
import { describeMachine } from '../machine.ts';
import { cpuOfTree, perFrame } from './cpu-of-tree.ts';
import { type Sample, watchBoth } from './watch-both.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, runs: { type: 'string', default: '5' } },
});
const seconds = Number(values.seconds);
const runs = Number(values.runs);
/** Below what ten squares can say; 20 s until it begins anew. */
const FRAMES = 600;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const quantile = (list: readonly number[], share: number): number =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN;

const machine = await describeMachine(await readManifest(defaultModelDirectory()));
const folder = mkdtempSync(join(tmpdir(), 'facefusion-bench-live-'));
try {
  const camera = await makeCameraFile(folder, FRAMES);
  await using service = await startPageService();
  await using browser = await openBrowser(cameraFlags(camera));
  const stored = { 'facefusion.live': JSON.stringify({ mirror: false }) };
  await using opened = await browser.open(`${service.url}#/live`, { stored });
  const { page } = opened;
  // tsx names the functions of what is evaluated by a helper that the page does not have.
  await page.evaluate('globalThis.__name = (named) => named');
  const driver = drivePage(page);
  await driver.addSource(await portrait());
  await page.locator('.live-sources [role=radio]').first().waitFor();
  await driver.press(driver.button('live.start'));
  await page.getByRole('radio', { name: driver.words('consent.synthetic') }).click();
  await driver.press(driver.button('consent.confirm'));
  await page.locator('.toolbar .chip', { hasText: driver.words('live.chip.live') }).waitFor();
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  // The first one is not counted: code that runs for the first time is slower.
  for (let run = 0; run <= runs; run++) {
    const result = await measure(page);
    say(`run ${run}: ${result.fps} fps, ${result.latencyMs.p50} ms`);
    if (run > 0) measured.push(result);
  }
  const of = (pick: (one: (typeof measured)[number]) => number): number => quantile(measured.map(pick), 0.5);
  process.stdout.write(
    `${JSON.stringify(
      {
        machine,
        size: '640x480',
        preset: 'fast',
        cameraFps: CAMERA_FPS,
        seconds,
        median: {
          fps: of(({ fps }) => fps),
          latencyMs: { p50: of(({ latencyMs }) => latencyMs.p50), p95: of(({ latencyMs }) => latencyMs.p95) },
          pageSaysMs: of(({ pageSaysMs }) => pageSaysMs),
          cpuMsPerFrame: of(({ cpuMsPerFrame }) => cpuMsPerFrame.all ?? Number.NaN),
        },
        runs: measured,
      },
      null,
      2,
    )}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One stretch of time. */
async function measure(page: Page) {
  const figures = page.locator('.live-figures dd');
  const count = async (at: number): Promise<number> =>
    Number((await figures.nth(at).textContent())?.replace(/\D/g, '') ?? Number.NaN);
  const cpuBefore = cpuOfTree();
  const [shownBefore, droppedBefore, begun] = [await count(0), await count(1), performance.now()];
  const samples: readonly Sample[] = await page.evaluate(watchBoth, seconds * 1000);
  const elapsed = (performance.now() - begun) / 1000;
  const [shown, dropped] = [(await count(0)) - shownBefore, (await count(1)) - droppedBefore];
  const cpu = cpuOfTree();
  const behind = samples.map(({ camera: now, page: then }) => (now - then + FRAMES) % FRAMES);
  const milliseconds = behind.map((frames) => (frames * 1000) / CAMERA_FPS);
  const said = /(\d+) ms/.exec((await page.locator('.live-behind').textContent()) ?? '')?.[1];
  return {
    fps: round(shown / elapsed),
    dropped,
    samples: samples.length,
    latencyMs: { p50: round(quantile(milliseconds, 0.5)), p95: round(quantile(milliseconds, 0.95)) },
    /** From the moment in which the page is given a frame, to when it is drawn. */
    pageSaysMs: Number(said),
    /** Of all cores, for each frame that was shown. The camera gives its frames whether they are shown or not. */
    cpuMsPerFrame: perFrame(cpuBefore, cpu, shown),
  };
}
