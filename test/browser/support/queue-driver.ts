/** The queue as people use it: jobs by the name of their output, their rows, and what the rows say. */
import type { Locator } from 'playwright-core';
import type { Hand, PageDriver } from './page-driver.ts';

export interface QueueDriver {
  /** All rows, from above. */
  readonly rows: Locator;
  row(job: string): Locator;
  /** Shows the queue over the workspace. */
  open(hand?: Hand): Promise<void>;
  /** Names the output and starts: the job is the service's when it is done. @param name without ending */
  startAs(name: string, hand?: Hand): Promise<void>;
  /** Names of the rows, from above. */
  names(): Promise<readonly string[]>;
}

export function driveQueue(driver: PageDriver): QueueDriver {
  const { page, words, button, press } = driver;
  const rows = page.getByRole('list', { name: words('queue.list') }).getByRole('listitem');
  return {
    rows,
    row: (job) => rows.and(page.locator(`[aria-label="${job}"]`)),
    open: async (hand = 'mouse') => {
      if (hand === 'keyboard') await page.keyboard.press('q');
      else await press(button('queue.open'));
      await page.getByRole('region', { name: words('queue.title') }).waitFor();
    },
    startAs: async (name, hand = 'mouse') => {
      const field = page.getByRole('textbox', { name: words('foot.name') });
      await field.fill(name);
      await field.press('Enter');
      await driver.start(hand);
      await page
        .getByText(new RegExp(`${name}\\.\\w+`))
        .and(page.locator('.toast span'))
        .first()
        .waitFor();
    },
    names: () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? '')),
  };
}
