/** What people do on the page, in their words: found by role and name, in either language, by mouse or by keyboard. */
import type { FileChooser, Locator, Page } from 'playwright-core';
import type { TextKey } from '../../../src/web/i18n/en.ts';
import { MEDIA } from '../../e2e/support/cli.ts';
import type { View } from './page-browser.ts';
import { type Language, type Words, wordsOf } from './words.ts';

export type Hand = 'mouse' | 'keyboard';

/** Paths, or files that are made for the test. */
export type GivenFiles = Parameters<FileChooser['setFiles']>[0];

export interface PageDriver {
  readonly page: Page;
  readonly words: Words;
  /** A button by the words on it. */
  button(key: TextKey, values?: Readonly<Record<string, string | number>>): Locator;
  /** Clicks, or goes there with the keyboard and presses Enter. */
  press(target: Locator, hand?: Hand): Promise<void>;
  addSource(files?: GivenFiles, hand?: Hand): Promise<void>;
  chooseTarget(files?: GivenFiles, hand?: Hand): Promise<void>;
  /** Waits until the people of the target are found. @returns how many there are */
  people(): Promise<number>;
  /** Waits for the preview in full quality. */
  fullPreview(): Promise<void>;
  /** Waits until the page says that an output is ready. */
  ready(): Promise<void>;
  /** Presses Start, answers who agreed where that is asked, and waits until the job is accepted. */
  start(hand?: Hand): Promise<void>;
}

export function drivePage(page: Page, language: Language = 'en'): PageDriver {
  const words = wordsOf(language);
  const button: PageDriver['button'] = (key, values) =>
    page.getByRole('button', { name: words(key, values), exact: true }).first();
  const press: PageDriver['press'] = async (target, hand = 'mouse') => {
    if (hand === 'mouse') return target.click();
    await target.focus();
    await page.keyboard.press('Enter');
  };
  const pick = async (open: () => Promise<void>, files: GivenFiles): Promise<void> => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), open()]);
    await chooser.setFiles(files);
  };
  return {
    page,
    words,
    button,
    press,
    addSource: (files = MEDIA.fourWomen, hand = 'mouse') =>
      pick(() => (hand === 'keyboard' ? page.keyboard.press('a') : press(button('source.choose'), hand)), files),
    chooseTarget: (files = MEDIA.threeWomen, hand = 'mouse') =>
      pick(() => (hand === 'keyboard' ? page.keyboard.press('t') : press(button('target.choose'), hand)), files),
    people: async () => {
      const cards = page.getByRole('listbox', { name: words('people.title') }).getByRole('option');
      await cards.first().waitFor();
      return cards.count();
    },
    fullPreview: () => page.locator('[data-quality="full"]').first().waitFor(),
    ready: () =>
      page
        // Not anywhere: the stage says of a preview that it is ready, too.
        .locator('.toast', { hasText: wordsBehind(words('job.spokenDone')) })
        .first()
        .waitFor(),
    start: async (hand = 'mouse') => {
      const start = button('start');
      await page
        .locator('button:not([aria-disabled="true"])', { hasText: words('start') })
        .first()
        .waitFor();
      // A toast of the job before may still be there.
      const taken = page.waitForResponse(
        (response) => response.request().method() === 'POST' && response.url().endsWith('/v1/jobs'),
      );
      const agreed = page.getByRole('radio', { name: words('consent.synthetic') });
      const isAsked = agreed.waitFor().then(
        () => true,
        () => false,
      );
      if (hand === 'keyboard') await page.keyboard.press('Control+Enter');
      else await start.click();
      if (await Promise.race([isAsked, taken.then(() => false)])) {
        if (hand === 'keyboard') {
          await agreed.focus();
          await page.keyboard.press('Space');
        } else await agreed.check({ force: true });
        await press(button('consent.confirm'), hand);
      }
      await taken;
      // Of what was made before in the same way it is said at once that it is ready.
      await page
        .getByText(wordsBehind(words('start.started')))
        .or(page.locator('.toast', { hasText: wordsBehind(words('job.spokenDone')) }))
        .first()
        .waitFor();
    },
  };
}

/** What comes behind the name in `{name} is ready.` */
const wordsBehind = (text: string): string => text.slice(text.lastIndexOf('}') + 1).trim();

/** Names a test by what it looks like: `zh, dark, 360 px, keyboard`. */
export const nameOf = ({ language = 'en', scheme = 'light', width = 1440 }: View, hand: Hand): string =>
  `${language}, ${scheme}, ${width} px, ${hand}`;
