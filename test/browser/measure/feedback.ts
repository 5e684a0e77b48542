/** From an input to the picture that answers it. */
import type { Locator } from 'playwright-core';
import type { TextKey } from '../../../src/web/i18n/en.ts';
import type { PageBrowser } from '../support/page-browser.ts';
import { type Figure, toFigure } from './figure.ts';
import { openSwapPage, type SwapFiles } from './swap-page.ts';
import { timeClick, timeKey } from './time-input.ts';
import { LEAST_NOTED_MS, takeNoted, watch } from './watch.ts';

const ROUNDS = 6;

const WHAT = {
  preset: 'input to feedback: a preset',
  toggle: 'input to feedback: a toggle',
  view: 'input to feedback: a view',
  drawer: 'input to feedback: all options',
  typing: 'input to feedback: typing a search',
  palette: 'input to feedback: the command palette',
} as const;
type Kind = keyof typeof WHAT;

const NO_OPTIONS = ':has(.odrawer .ohint)';
const CLOSED_GROUP = ':has(.ohead[aria-expanded=false])';

export async function measureFeedback(browser: PageBrowser, url: string, files: SwapFiles): Promise<readonly Figure[]> {
  await using opened = await openSwapPage(browser, url, files);
  const { page, driver } = opened;
  await watch(page);
  const times: Record<Kind, number[]> = { preset: [], toggle: [], view: [], drawer: [], typing: [], palette: [] };
  const slowest: number[] = [];
  const find = (role: 'radio' | 'switch', key: TextKey): Locator =>
    page.getByRole(role, { name: driver.words(key) }).first();
  const click = async (kind: Kind, target: Locator): Promise<void> => {
    const state = await target.evaluate((control) => {
      control.setAttribute('data-measured', '');
      return control.getAttribute('aria-checked') === 'true' ? 'false' : 'true';
    });
    times[kind].push(await timeClick(page, target, `:has([data-measured][aria-checked=${state}])`));
    await target.evaluate((control) => control.removeAttribute('data-measured'));
  };
  const press = async (kind: Kind, key: string, done: string): Promise<void> => {
    times[kind].push(await timeKey(page, key, done));
  };
  for (let round = 0; round < ROUNDS; round++) {
    const isOdd = round % 2 === 1;
    await click('preset', find('radio', isOdd ? 'preset.balanced' : 'preset.fast'));
    await click('toggle', find('switch', 'option.expressionRestorer'));
    await click('view', find('radio', isOdd ? 'view.split' : 'view.side'));
    await press('drawer', 'e', ':has(.odrawer [type=search]:focus)');
    // Every group opens for what is found in it, then nothing is found, then it is there again.
    await press('typing', 'm', `:not(${CLOSED_GROUP})`);
    await press('typing', 'q', NO_OPTIONS);
    await press('typing', 'Backspace', `:not(${NO_OPTIONS})`);
    await page.keyboard.press('Escape');
    await press('palette', 'Control+k', ':has(dialog .palette-input:focus)');
    await page.keyboard.press('Escape');
    const { events } = await takeNoted(page);
    slowest.push(Math.max(LEAST_NOTED_MS, ...events));
  }
  if (opened.faults.length > 0) throw new Error(opened.faults.join('; '));
  return [
    ...Object.entries(times).map(([kind, values]) => toFigure(WHAT[kind as Kind], 'ms', values, { below: 100 })),
    toFigure('longest input of a round of these, by Event Timing', 'ms', slowest, { below: 200 }),
  ];
}
