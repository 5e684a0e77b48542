/** From an input to the picture that answers it. */
import type { Page } from 'playwright-core';
import type { TextKey } from '../../../src/web/i18n/en.ts';
import { OPEN_PROJECT } from '../screens/world.ts';
import type { PageBrowser } from '../support/page-browser.ts';
import { drivePage, type PageDriver } from '../support/page-driver.ts';
import { type Figure, toFigure } from './figure.ts';
import { readNoted, untilDrawn, watch } from './watch.ts';

const ROUNDS = 6;

type Kind = 'preset' | 'toggle' | 'view' | 'typing' | 'palette';
const WHAT: Readonly<Record<Kind, string>> = {
  preset: 'input to feedback: a preset',
  toggle: 'input to feedback: a toggle',
  view: 'input to feedback: a view',
  typing: 'input to feedback: typing a search',
  palette: 'input to feedback: the command palette',
};

export async function measureFeedback(browser: PageBrowser, url: string, project: string): Promise<readonly Figure[]> {
  await using opened = await browser.open(url, { stored: { [OPEN_PROJECT]: project } });
  const { page } = opened;
  const driver = drivePage(page);
  await driver.fullPreview();
  await watch(page);
  const times: Record<Kind, number[]> = { preset: [], toggle: [], view: [], typing: [], palette: [] };
  const click = async (kind: Kind, role: 'radio' | 'switch', key: TextKey): Promise<void> => {
    const drawn = untilDrawn(page, 'pointerdown');
    await page
      .getByRole(role, { name: driver.words(key) })
      .first()
      .click();
    times[kind].push(await drawn);
  };
  const press = async (kind: Kind, key: string): Promise<void> => {
    const drawn = untilDrawn(page, 'keydown');
    await page.keyboard.press(key);
    times[kind].push(await drawn);
  };
  for (let round = 0; round < ROUNDS; round++) {
    await click('preset', 'radio', round % 2 ? 'preset.balanced' : 'preset.fast');
    await click('toggle', 'switch', 'option.expressionRestorer');
    await click('view', 'radio', round % 2 ? 'view.split' : 'view.side');
    await typeSearch(driver, page, press);
    await press('palette', 'Control+k');
    await page.keyboard.press('Escape');
  }
  const { events } = await readNoted(page);
  return [
    ...Object.entries(times).map(([kind, values]) => toFigure(WHAT[kind as Kind], 'ms', values, { below: 100 })),
    toFigure('longest input of all, by Event Timing', 'ms', [Math.max(16, ...events)], { below: 200 }),
  ];
}

async function typeSearch(
  { words }: PageDriver,
  page: Page,
  press: (kind: Kind, key: string) => Promise<void>,
): Promise<void> {
  await page.keyboard.press('e');
  await page.getByRole('searchbox', { name: words('option.find') }).waitFor();
  for (const letter of 'mask') await press('typing', letter);
  await page.keyboard.press('Escape');
}
