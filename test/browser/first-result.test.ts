/** The first result in three moves: a face, a target, Start. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type PageBrowser, type View } from './support/page-browser.ts';
import { drivePage, type Hand, nameOf } from './support/page-driver.ts';
import { type PageService, startPageService } from './support/page-service.ts';

let service: PageService;
let browser: PageBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startPageService(), openBrowser()]);
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

const WAYS: readonly (View & { readonly hand: Hand })[] = [
  { language: 'en', scheme: 'light', width: 1280, height: 800, hand: 'mouse' },
  { language: 'zh', scheme: 'dark', width: 2560, height: 1440, hand: 'keyboard' },
];

describe('a first result', () => {
  it.each(WAYS.map((way) => [nameOf(way, way.hand), way] as const))('%s', async (_name, way) => {
    await using opened = await browser.open(service.url, way);
    const driver = drivePage(opened.page, way.language);
    await driver.addSource(undefined, way.hand);
    await driver.chooseTarget(undefined, way.hand);
    expect(await driver.people()).toBe(3);
    await driver.fullPreview();
    await driver.start(way.hand);
    await driver.ready();
    expect(opened.faults).toEqual([]);
  });
});
