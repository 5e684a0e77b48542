import { fileURLToPath } from 'node:url';

const pathOf = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Where the build reads and writes, as absolute paths. */
export const PATHS = {
  packages: pathOf('node_modules'),
  models: pathOf('models'),
  notice: pathOf('NOTICE'),
  page: pathOf('docs/models.md'),
  scripts: pathOf('scripts/build-models'),
  manifestCode: pathOf('src/engine/models/manifest.ts'),
} as const;
