/**
 * Runs the conformance tests and prints what was checked of every model of the catalogue, as a table in markdown.
 * Tests are named `ID: PROPERTY`. Ends with 1 where one fails or a model has none.
 * Usage: npx tsx scripts/conformance-table.ts [report.json of an earlier `vitest run test/conformance --reporter=json`]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CATALOGUE } from '../src/engine/models/catalogue/catalogue.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ title: z.string(), status: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof reportSchema>;

/** One property of one model; several tests may check it. */
interface Checked {
  passed: number;
  failed: number;
}

function runTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facefusion-conformance-'));
  try {
    const file = join(folder, 'report.json');
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const words = [vitest, 'run', 'test/conformance', '--reporter=json', `--outputFile=${file}`];
    spawnSync(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Properties by model, both in the order in which the tests name them. */
function collect({ testResults }: Report): Map<string, Map<string, Checked>> {
  const models = new Map<string, Map<string, Checked>>();
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const [, id, property] = /^(\S+): (.+)$/s.exec(title) ?? [];
    if (id === undefined || property === undefined) continue;
    const properties = models.get(id) ?? new Map<string, Checked>();
    const checked = properties.get(property) ?? { passed: 0, failed: 0 };
    if (status === 'passed') checked.passed++;
    else checked.failed++;
    models.set(id, properties.set(property, checked));
  }
  return models;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const path = process.argv[2];
const report = reportSchema.parse(JSON.parse(path === undefined ? runTests() : readFileSync(path, 'utf8')));
const models = collect(report);
const published = CATALOGUE.map(({ id, task }) => ({ id, task }));
const others = [...models.keys()].filter((id) => !published.some((model) => model.id === id));

const rows = [...published, ...others.map((id) => ({ id, task: '' }))].map(({ id, task }) => {
  const properties = [...(models.get(id) ?? [])];
  const failed = properties.filter(([, checked]) => checked.failed > 0).map(([name]) => name);
  const result =
    properties.length === 0 ? '**not checked**' : failed.length > 0 ? `**failed**: ${failed.join('; ')}` : 'passed';
  return { id, task, properties: properties.map(([name]) => name).join('; '), result };
});
console.log('| entry | task | checked properties | result |\n| --- | --- | --- | --- |');
for (const { id, task, properties, result } of rows) {
  console.log(`| ${[`\`${id}\``, task, properties, result].map(cell).join(' | ')} |`);
}

const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
const count = (result: RegExp): number => rows.filter((row) => result.test(row.result)).length;
console.log(
  `\n${rows.length} entries: ${count(/^passed/)} passed, ${count(/failed/)} failed, ${count(/not checked/)} not checked. ` +
    `${tests.length} tests in ${report.testResults.length} files, ${tests.filter(({ status }) => status === 'failed').length} failed.`,
);
for (const { name, message } of report.testResults) {
  if (message) console.error(`${name.slice(ROOT.length)}: ${message}`);
}
if (count(/passed/) < rows.length || tests.some(({ status }) => status === 'failed')) process.exitCode = 1;
