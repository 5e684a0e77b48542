/**
 * Writes openapi/openapi.json from the routes, and the types of the client from it.
 * With `--check` it writes nothing and ends with 1 when a file is not current.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { silentLogger } from '../src/core/logger.ts';
import { createJobService } from '../src/jobs/create-job-service.ts';
import { createLookService } from '../src/jobs/create-look-service.ts';
import { createServiceMetrics } from '../src/jobs/metrics/service-metrics.ts';
import { openBackend } from '../src/jobs/open-backend.ts';
import { createApp } from '../src/server/create-app.ts';
import { serverOptionsSchema } from '../src/server/server-options.ts';

const HEAD =
  '/** Made by `npm run build:client` from the routes. Edit the contracts in src/server, not this file. */\n';

const folder = await mkdtemp(join(tmpdir(), 'facefusion-client-'));

/** The document as `/openapi.json` answers it, for any installation. */
async function describe(): Promise<string> {
  await using backend = await openBackend({ folder });
  const options = serverOptionsSchema.parse({});
  const app = await createApp({
    ...{ backend, options, logger: silentLogger, metrics: createServiceMetrics() },
    jobs: createJobService({ backend, options }),
    looks: createLookService({ backend }),
  });
  try {
    return (await app.inject({ url: '/openapi.json' })).body;
  } finally {
    await app.close();
  }
}

const document = JSON.parse(await describe().finally(() => rm(folder, { recursive: true, force: true })));
const files: Readonly<Record<string, string>> = {
  'openapi/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'src/client/schema.ts': HEAD + astToString(await openapiTypescript(document)),
};

const isCheck = process.argv.includes('--check');
for (const [name, text] of Object.entries(files)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!isCheck) {
    await mkdir(dirname(file.pathname), { recursive: true });
    await writeFile(file, text);
    continue;
  }
  if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
  process.stderr.write(`${name} is not current. Run: npm run build:client\n`);
  process.exitCode = 1;
}
