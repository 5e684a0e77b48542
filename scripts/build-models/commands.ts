/** What `npm run build:models` does once it is known that there is something to do. */
import { readFileSync } from 'node:fs';
import { isAppError } from '../../src/core/errors.ts';
import { buildModels, writeAtOnce } from './build.ts';
import { renderModelsPage } from './models-page.ts';
import { renderNotice } from './notice.ts';
import { PATHS } from './project-paths.ts';

/** The committed files that follow from the recipes. */
const PAGES = [
  { path: PATHS.notice, render: renderNotice },
  { path: PATHS.page, render: renderModelsPage },
] as const;

/** Builds everything. @returns the exit code */
export function build(): number {
  const start = performance.now();
  try {
    const { models } = buildModels();
    for (const { path, render } of PAGES) writeAtOnce(path, render());
    const megabytes = models.reduce((sum, model) => sum + model.bytes, 0) / 1e6;
    const seconds = (performance.now() - start) / 1000;
    console.error(`${models.length} models, ${megabytes.toFixed(1)} MB, in ${seconds.toFixed(1)} s.`);
    return 0;
  } catch (error) {
    if (!isAppError(error)) throw error;
    console.error(`error[${error.code}]: ${error.message}`);
    if (error.hint) console.error(`hint: ${error.hint}`);
    return error.exitCode;
  }
}

/** Compares the committed pages with what a build would write. @returns the exit code */
export function check(): number {
  const stale = PAGES.filter(({ path, render }) => readFileSync(path, 'utf8') !== render());
  for (const { path } of stale) console.error(`${path} is not current; run: npm run build:models -- --force`);
  return stale.length === 0 ? 0 : 1;
}
