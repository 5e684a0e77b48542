/**
 * Measures the page in Chromium, by what the browser itself says: `npm run bench:page > FILE.json`, after `npm run build`
 * and on a machine that does nothing else. Names of parts narrow it down: first, feedback, scrub, pan, memory.
 */
import { describeMachine } from '../../../bench/machine.ts';
import { defaultModelDirectory } from '../../../src/engine/inference/session.ts';
import { readManifest } from '../../../src/engine/models/manifest.ts';
import { makePair, makePhotos } from '../screens/media.ts';
import { openBrowser, type PageBrowser } from '../support/page-browser.ts';
import { startPageService } from '../support/page-service.ts';
import { measureFeedback } from './feedback.ts';
import type { Figure } from './figure.ts';
import { measureFirstResult } from './first-result.ts';
import { measureMemory } from './memory.ts';
import { measurePanning } from './pan.ts';
import { measureScrubbing } from './scrub.ts';
import type { SwapFiles } from './swap-page.ts';

/** Enough for the 200 previews after the first frame, at 25 frames a second. */
const SECONDS = 9;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const machine = await describeMachine(await readManifest(defaultModelDirectory()));
/** What a part is measured with: a browser and a service of its own, so that none finds what another has left. */
interface Place {
  readonly browser: PageBrowser;
  readonly url: string;
  readonly photo: SwapFiles;
  /** Made when it is asked for. */
  readonly video: () => Promise<SwapFiles>;
}
const PARTS: Readonly<Record<string, (place: Place) => Promise<readonly Figure[]>>> = {
  first: ({ browser, url, photo }) => measureFirstResult(browser, url, photo),
  feedback: ({ browser, url, photo }) => measureFeedback(browser, url, photo),
  scrub: async ({ browser, url, video }) => measureScrubbing(browser, url, await video()),
  pan: ({ browser, url, photo }) => measurePanning(browser, url, photo),
  memory: async ({ browser, url, video }) => measureMemory(browser, url, await video(), say),
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`Expected parts of ${Object.keys(PARTS).join(', ')}, received ${unknown}.`);
const figures: Figure[] = [];
let chromium = '';
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = performance.now();
  say(`${name} …`);
  await using browser = await openBrowser();
  await using service = await startPageService();
  const { url, folder } = service;
  const { man, painting } = await makePhotos(folder);
  const found = await measure({
    ...{ browser, url, photo: { source: man, target: painting } },
    video: async () => ({ source: man, target: await makePair(folder, SECONDS) }),
  });
  chromium = browser.browser.version();
  figures.push(...found);
  for (const { what, median, unit, wanted: limit = '', isMet } of found) {
    say(`  ${what}: ${median} ${unit} ${limit}${isMet === false ? ' NOT MET' : ''}`);
  }
  say(`  took ${Math.round((performance.now() - began) / 1000)} s`);
}
process.stdout.write(`${JSON.stringify({ machine, chromium, figures }, undefined, 2)}\n`);
