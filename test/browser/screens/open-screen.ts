/** Goes to a screen of the catalogue. */
import type { PageBrowser, View, WatchedPage } from '../support/page-browser.ts';
import { drivePage } from '../support/page-driver.ts';
import type { Screen } from './catalogue.ts';
import { OPEN_PROJECT, type ScreenWorld } from './world.ts';

/** CSS pixels: below it a page is that of a phone. */
const PHONE_WIDTH = 600;

export const isOn = ({ only }: Screen, { width = 1440 }: View): boolean =>
  only === undefined || (only === 'phone') === width < PHONE_WIDTH;

/** @returns the page, once the screen is there; what needs a busy service makes it so */
export async function openScreen(
  browser: PageBrowser,
  world: ScreenWorld,
  screen: Screen,
  view: View,
): Promise<WatchedPage> {
  await (screen.isBusy ? world.keepBusy() : world.rest());
  const url = `${screen.isKeyed ? world.keyedUrl : world.url}${screen.address?.(world) ?? ''}`;
  const stored = screen.project ? { [OPEN_PROJECT]: world.projects[screen.project] } : {};
  const opened = await browser.open(url, { ...view, stored, touch: (view.width ?? 1440) < PHONE_WIDTH });
  await screen.arrange?.(drivePage(opened.page, view.language), world);
  return opened;
}
