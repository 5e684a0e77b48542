/** Options that no control of the panel has, brought in as people bring them: by a preset's file. */
import type { PageDriver } from './page-driver.ts';

/** Imports a preset, which is chosen then. @param options as `facefusion presets export` writes them */
export async function givePreset(
  { page, words, button }: PageDriver,
  name: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  await button('preset.menu').click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: words('preset.import') }).click(),
  ]);
  const buffer = Buffer.from(JSON.stringify(options));
  await chooser.setFiles({ name: `${name}.json`, mimeType: 'application/json', buffer });
  await page.getByRole('radio', { name, checked: true }).waitFor();
}
