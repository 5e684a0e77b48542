/**
 * Makes pictures of every screen in both languages and themes, at three widths: test/e2e/__screens__.
 * `npm run screens [parts of names…]`, as in `npm run screens timeline en-dark`, or `shown` for those that are kept; run it after `npm run build`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from '../../e2e/support/cli.ts';
import { createRunFolder } from '../../helpers/run-folder.ts';
import { cameraFlags } from '../support/fake-camera.ts';
import { openBrowser, type View } from '../support/page-browser.ts';
import { SCREENS, type Screen } from './catalogue.ts';
import { makeCamera } from './media.ts';
import { isOn, openScreen } from './open-screen.ts';
import { isShown, keepShown, writeGallery } from './shown.ts';
import { openWorld } from './world.ts';

const FOLDER = join(ROOT, 'test/e2e/__screens__');
/** In it, what is kept in the repository. */
const SHOWN_FOLDER = 'shown';
const LANGUAGES = ['en', 'zh'] as const;
const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 360, height: 780 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1440 },
] as const;
const VIEWS: readonly View[] = LANGUAGES.flatMap((language) =>
  SCHEMES.flatMap((scheme) => SIZES.map((size) => ({ language, scheme, ...size }))),
);

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((part) => (part === SHOWN_FOLDER ? isShown(name) : name.includes(part)));

await mkdir(FOLDER, { recursive: true });
const folder = createRunFolder();
process.once('exit', folder.remove);
await using browser = await openBrowser(cameraFlags(await makeCamera(folder.path)));
await using world = await openWorld(browser, { seconds: 8, times: 15 });

async function shoot(screen: Screen, view: View, name: string): Promise<void> {
  await using opened = await openScreen(browser, world, screen, { ...view, reducedMotion: true });
  // On a phone what has the focus may have been scrolled to.
  await opened.page.evaluate(() => document.querySelector('.app')?.scrollTo(0, 0));
  if (screen.project === 'photo' && !screen.isBusy)
    await opened.page.locator('[data-quality="full"]').first().waitFor();
  await opened.page.waitForFunction(
    () =>
      [...document.querySelectorAll('img')].every(({ complete }) => complete) &&
      [...document.querySelectorAll('video')].every((video) => video.readyState >= video.HAVE_CURRENT_DATA),
  );
  const shot = await opened.page.screenshot();
  const path = join(FOLDER, `${name}.png`);
  await sharp(shot).png({ palette: true, colours: 192, effort: 7 }).toFile(path);
  if (isShown(name)) await keepShown(join(FOLDER, SHOWN_FOLDER), name, shot);
  if (opened.faults.length > 0) throw new Error(opened.faults.join('; '));
}

for (const screen of SCREENS) {
  for (const view of VIEWS.filter((one) => isOn(screen, one))) {
    const name = `${screen.id}-${view.language}-${view.scheme}-${view.width}`;
    if (!isWanted(name)) continue;
    try {
      await shoot(screen, view, name);
      process.stdout.write(`${name}\n`);
    } catch (error) {
      // The others are still of use.
      process.exitCode = 1;
      process.stderr.write(`${name}: ${error}\n`);
    }
  }
}
await writeGallery(join(FOLDER, 'README.md'), SHOWN_FOLDER);
