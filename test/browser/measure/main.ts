/**
 * Measures the page in Chromium, by what the browser itself says: `npm run bench:page > FILE.json`, after `npm run build`
 * and on a machine that does nothing else. Names of parts narrow it down: first, feedback, scrub, pan, memory.
 */
import { describeMachine } from '../../../bench/machine.ts';
import { defaultModelDirectory } from '../../../src/engine/inference/session.ts';
import { readManifest } from '../../../src/engine/models/manifest.ts';
import { openWorld } from '../screens/world.ts';
import { openBrowser } from '../support/page-browser.ts';
import { measureFeedback } from './feedback.ts';
import type { Figure } from './figure.ts';
import { measureFirstResult } from './first-result.ts';
import { measureMemory } from './memory.ts';
import { measurePanning, measureScrubbing } from './scrub.ts';

const machine = await describeMachine(await readManifest(defaultModelDirectory()));
await using browser = await openBrowser();
await using world = await openWorld(browser, { seconds: 12, times: 2 });
const { url, media, projects } = world;
const PARTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  first: () => measureFirstResult(browser, url, media),
  feedback: () => measureFeedback(browser, url, projects.photo),
  scrub: () => measureScrubbing(browser, url, projects.video),
  pan: () => measurePanning(browser, url, projects.photo),
  memory: () => measureMemory(browser, url, projects.video),
};
const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const found = await measure();
  figures.push(...found);
  for (const { what, median, unit, wanted: limit = '', isMet } of found) {
    process.stderr.write(`${what}: ${median} ${unit} ${limit}${isMet === false ? ' NOT MET' : ''}\n`);
  }
}
process.stdout.write(`${JSON.stringify({ machine, chromium: browser.browser.version(), figures }, undefined, 2)}\n`);
