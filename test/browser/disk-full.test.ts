/** The disk of the service is full: said at each place where it matters, and everything goes on once there is room. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRunFolder, mountSmallDisk } from '../helpers/run-folder.ts';
import { portrait } from './support/given-files.ts';
import { openBrowser } from './support/page-browser.ts';
import { drivePage } from './support/page-driver.ts';
import { startPageService } from './support/page-service.ts';

const DISK_KILOBYTES = 24_000;

it('a full disk refuses a file in words and keeps what is there; with room the same file is taken and worked on (en, light, 1280 px, mouse)', async (context) => {
  const folder = createRunFolder();
  const disk = mountSmallDisk(folder, DISK_KILOBYTES);
  // Only root may mount.
  if (!disk) return context.skip();
  const filler = join(disk.path, 'filler');
  const fill = (): void => {
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(100_000));
    } catch (error) {
      if (Object(error).code !== 'ENOSPC') throw error;
    }
  };
  try {
    await using service = await startPageService({
      // Work has room elsewhere: it is not begun at all where there is too little.
      words: ['--scratch', folder.at('scratch')],
      env: { FACEFUSION_DATA_FOLDER: disk.path },
    });
    await using browser = await openBrowser();
    await using opened = await browser.open(service.url, { width: 1280, height: 800 });
    const { page } = opened;
    const driver = drivePage(page);
    await driver.addSource(await portrait('anna.jpg'));
    await page.getByText(driver.words('intake.source', { file: 'anna.jpg' })).waitFor();

    fill();
    const boss = {
      ...(await portrait('boss.jpg')),
      buffer: Buffer.concat([(await portrait()).buffer, Buffer.alloc(50_000)]),
    };
    await driver.chooseTarget(boss);
    const told = page.getByRole('alert').filter({ has: page.getByText('boss.jpg', { exact: true }) });
    await told.waitFor();
    expect(await told.textContent()).toMatch(/no room|full/);
    expect(await page.locator('.sources > li').count()).toBe(1);

    rmSync(filler);
    await driver.chooseTarget(boss);
    await driver.people();
    expect(await told.count()).toBe(0);
    await driver.fullPreview();

    await driver.start();
    await driver.ready();
    expect(opened.faults).toEqual([]);
  } finally {
    disk.unmount();
    folder.remove();
  }
});
