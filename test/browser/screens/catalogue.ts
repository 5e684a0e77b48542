/** Every screen of the page, and the way to it: what is looked at, checked for accessibility, and shown. */
import type { TextKey } from '../../../src/web/i18n/en.ts';
import type { PageDriver } from '../support/page-driver.ts';
import type { ScreenWorld } from './world.ts';

export interface Screen {
  /** Name of its pictures. */
  readonly id: string;
  readonly title: string;
  /** Only where there is room for it, or only on a phone. Default: everywhere. */
  readonly only?: 'wide' | 'phone';
  /** The project that is open. */
  readonly project?: keyof ScreenWorld['projects'];
  /** Behind the address of the service. */
  readonly address?: (world: ScreenWorld) => string;
  /** At a service that asks for a key. */
  readonly isKeyed?: true;
  /** While a job runs and others wait. */
  readonly isBusy?: true;
  /** What is done until it is there. */
  readonly arrange?: (driver: PageDriver, world: ScreenWorld) => Promise<void>;
}

const EDITING = (): string => '#/swap';

const seen = ({ page, words }: PageDriver, key: TextKey): Promise<void> => page.getByText(words(key)).first().waitFor();
const choose = ({ page, words }: PageDriver, key: TextKey): Promise<void> =>
  page.getByRole('radio', { name: words(key), exact: true }).click();
const key = ({ page }: PageDriver, name: string): Promise<void> => page.keyboard.press(name);

/** Where the result says how it is marked. */
const proven = (page: PageDriver['page']): Promise<void> =>
  page.locator('.skel').first().waitFor({ state: 'detached' });

export const SCREENS: readonly Screen[] = [
  {
    ...{ id: 'empty', title: 'Empty: three moves', address: EDITING },
    // Projects to go on with, and the device that works.
    arrange: async ({ page }) => {
      await page.locator('.panel.right img').nth(3).waitFor();
      await page.locator('.device .dot:not(.t3)').waitFor();
    },
  },
  {
    ...{ id: 'ready', title: 'Ready to start', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.fullPreview();
      await choose(driver, 'view.result');
    },
  },
  {
    ...{ id: 'compare-split', title: 'Comparing: split', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.fullPreview();
      await choose(driver, 'view.split');
    },
  },
  {
    ...{ id: 'compare-side', title: 'Comparing: side by side', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.fullPreview();
      await choose(driver, 'view.side');
    },
  },
  {
    ...{ id: 'timeline', title: 'A video with two people', project: 'video', address: EDITING },
    arrange: async (driver) => {
      await driver.people();
      // To its marker.
      await key(driver, 'Shift+m');
      await driver.fullPreview();
      await key(driver, '[');
    },
  },
  {
    ...{ id: 'no-face', title: 'No face found', project: 'noFace', address: EDITING },
    arrange: (driver) => seen(driver, 'outcome.noFace.possible'),
  },
  {
    ...{ id: 'blocked', title: 'Blocked by policy', project: 'blocked', address: EDITING },
    arrange: (driver) => seen(driver, 'outcome.appeal'),
  },
  {
    ...{ id: 'all-options', title: 'All options', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.people();
      await key(driver, 'e');
      await driver.page.getByRole('searchbox', { name: driver.words('option.find') }).waitFor();
    },
  },
  {
    ...{ id: 'consent', title: 'Consent', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.people();
      await driver.page
        .locator('button:not([aria-disabled="true"])', { hasText: driver.words('start') })
        .first()
        .waitFor();
      await key(driver, 'Control+Enter');
      await driver.page.getByRole('radio', { name: driver.words('consent.licensed') }).click();
    },
  },
  {
    ...{ id: 'settings', title: 'Settings', address: EDITING },
    arrange: async (driver) => {
      await driver.button('settings').click();
      await seen(driver, 'settings.shortcuts');
    },
  },
  {
    ...{ id: 'palette', title: 'Command palette', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.people();
      await key(driver, 'Control+k');
      await driver.page.getByRole('dialog').getByRole('option').first().waitFor();
    },
  },
  {
    ...{ id: 'shortcuts', title: 'Keyboard shortcuts', project: 'photo', address: EDITING },
    arrange: async (driver) => {
      await driver.people();
      await key(driver, '?');
      await seen(driver, 'shortcuts.note');
    },
  },
  {
    ...{ id: 'result-photo', title: 'The result of a photo', address: ({ jobs }) => `#/result/${jobs.photo}` },
    arrange: async ({ page }) => {
      await page.locator('.result-center img').first().waitFor();
      await proven(page);
    },
  },
  {
    ...{ id: 'result-video', title: 'The result of a video', address: ({ jobs }) => `#/result/${jobs.video}` },
    arrange: async ({ page }) => {
      await page.locator('.result-center video').first().waitFor();
      await proven(page);
    },
  },
  {
    ...{ id: 'results', title: 'Results', address: () => '#/results' },
    arrange: ({ page }) => page.getByRole('main').locator('a img').nth(1).waitFor(),
  },
  {
    ...{ id: 'verify', title: 'Verify: nothing there yet', address: () => '#/verify' },
    arrange: (driver) => seen(driver, 'verify.drop'),
  },
  {
    ...{ id: 'verdict', title: 'Verify: a verdict', address: () => '#/verify' },
    arrange: async (driver, { made }) => {
      const [chooser] = await Promise.all([
        driver.page.waitForEvent('filechooser'),
        driver.button('verify.chooseFile').click(),
      ]);
      await chooser.setFiles(made);
      await seen(driver, 'verify.made');
    },
  },
  {
    // Its project knows who agreed: that is asked once.
    ...{ id: 'live', title: 'Live: the camera with another face', project: 'work', address: () => '#/live' },
    arrange: async ({ page, words, button }) => {
      await page.locator('.live-sources [role=radio]').first().waitFor();
      await button('live.start').click();
      await page.locator('.toolbar .chip', { hasText: words('live.chip.live') }).waitFor();
      await page.locator('.live-figures dd').first().filter({ hasNotText: /^0$/ }).waitFor();
    },
  },
  {
    ...{ id: 'system', title: 'System', address: () => '#/system' },
    // Checks, and what there is of memory and files: two answers.
    arrange: async ({ page }) => {
      await page.getByRole('table').first().waitFor();
      await page.locator('.clear-files').waitFor();
    },
  },
  {
    ...{ id: 'components', title: 'Every component in every state', address: () => '#/components' },
    arrange: (driver) => driver.page.getByRole('heading', { level: 1 }).waitFor(),
  },
  {
    ...{ id: 'sign-in', title: 'A key is needed', isKeyed: true },
    arrange: (driver) => seen(driver, 'signIn.title'),
  },
  {
    ...{ id: 'queue-running', title: 'A job runs', project: 'photo', isBusy: true, only: 'wide' },
    arrange: async (driver) => {
      const { page } = driver;
      await driver.people();
      await page.locator('.queuebar').getByRole('progressbar').waitFor();
    },
  },
  {
    ...{ id: 'queue', title: 'The queue', project: 'photo', isBusy: true, only: 'wide', address: () => '#/queue' },
    arrange: async ({ page, people }) => {
      // Nothing is to come while somebody goes through it by keys.
      await people();
      await page.locator('.facebox').first().waitFor();
      await page.locator('.n-fps b', { hasNotText: '–' }).waitFor();
    },
  },
  {
    ...{ id: 'phone-queue', title: 'The queue on a phone', isBusy: true, only: 'phone' },
    arrange: async ({ page }) => {
      await page.getByRole('progressbar').first().waitFor();
    },
  },
];
