/** A page on which there is something to swap: what is measured begins at its first picture in full quality. */
import type { PageBrowser, View, WatchedPage } from '../support/page-browser.ts';
import { drivePage, type PageDriver } from '../support/page-driver.ts';

export interface SwapPage extends WatchedPage {
  readonly driver: PageDriver;
}

export interface SwapFiles {
  readonly source: string;
  readonly target: string;
}

export async function openSwapPage(
  browser: PageBrowser,
  url: string,
  { source, target }: SwapFiles,
  view?: View,
): Promise<SwapPage> {
  const opened = await browser.open(url, view);
  const driver = drivePage(opened.page);
  await driver.addSource(source);
  await driver.chooseTarget(target);
  await driver.people();
  await driver.fullPreview();
  return { ...opened, driver };
}
