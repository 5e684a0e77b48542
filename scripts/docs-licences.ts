/**
 * Writes the tables of docs/licences.md from the catalogue: what may be sold, and what each licence says.
 * With `--check` it writes nothing and ends with 1 when the page is not current.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { OptionMeta } from '../src/core/option-meta.ts';
import { processOptionsSchema, toFlag } from '../src/core/options.ts';
import { CATALOGUE, catalogueIds, findCatalogueModel } from '../src/engine/models/catalogue/catalogue.ts';
import type { CatalogueModel, CommercialUse, ModelTask } from '../src/engine/models/catalogue/catalogue-model.ts';
import { chainOf, commercialUseOf, groupByLicence } from '../src/engine/models/licences.ts';
import { COMMERCIAL_USE_WORDS } from '../src/engine/models/stated-licence.ts';

const PAGE = new URL('../docs/licences.md', import.meta.url);

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(' ');

/** One value of an option, with all files that it takes. */
interface Choice {
  readonly name: string;
  readonly files: readonly CatalogueModel[];
}

function choicesOf({ task, sets = {} }: NonNullable<OptionMeta['model']>): Choice[] {
  // Parts of a model in several files are no choice of their own; the models of `many` are.
  const [parts] = Object.keys(sets).filter((name) => name !== 'many');
  const models = (ids: readonly string[]): CatalogueModel[] =>
    ids.flatMap((id) => {
      const model = findCatalogueModel(id);
      return model ? chainOf(model) : [];
    });
  return [...(parts === undefined ? catalogueIds(task as ModelTask) : []), ...Object.keys(sets)]
    .map((name) => ({ name, files: models(sets[name] ?? [name]) }))
    .filter(({ files }) => files.length > 0);
}

/** Each choice with the licence that decides, where it is not its own. */
function cell(choices: readonly Choice[], use: CommercialUse): string {
  const words = choices
    .filter(({ files }) => commercialUseOf(files) === use)
    .map(({ name, files }) => {
      const own = files.find(({ id }) => id === name);
      const blocking = files.find(({ licence }) => licence.commercialUse === use);
      const isOthers = use !== 'allowed' && own !== undefined && own.licence.commercialUse !== use;
      return isOthers && blocking ? `\`${name}\` (needs \`${blocking.id}\`)` : `\`${name}\``;
    });
  return words.length === 0 ? '–' : words.join(', ');
}

function chainTable(): string {
  const rows = Object.entries(processOptionsSchema.shape).flatMap(([name, schema]) => {
    const { model } = (schema.meta() ?? {}) as Partial<OptionMeta>;
    if (!model) return [];
    const choices = choicesOf(model);
    const embedded = model.embedded.filter((word) => word !== 'none');
    const allowed = [...(embedded.length > 0 ? [code(embedded)] : []), cell(choices, 'allowed')]
      .filter((words) => words !== '–')
      .join(', ');
    return [
      `| \`${toFlag(name)}\` | ${allowed || '–'} | ${cell(choices, 'not-stated')} | ${cell(choices, 'forbidden')} |`,
    ];
  });
  return ['| option | may be sold | nobody has said | may not be sold |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function licenceTable(): string {
  const groups = groupByLicence(CATALOGUE.filter(({ contractOnly }) => !contractOnly));
  const rows = groups.map(
    ({ name, commercialUse, reason, ids }) =>
      `| ${name} | ${COMMERCIAL_USE_WORDS[commercialUse]} | ${reason} | ${ids.length} |`,
  );
  return ['| licence | may be sold | because | models |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page with its tables as they should be. @param page the page as it is */
export function renderLicencesPage(page: string): string {
  const tables = { chains: chainTable(), licences: licenceTable() };
  return Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`(<!-- begin ${name} -->\n)[\\s\\S]*?(<!-- end ${name} -->)`),
        (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`,
      ),
    page,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const current = await readFile(PAGE, 'utf8');
  const next = renderLicencesPage(current);
  if (!process.argv.includes('--check')) await writeFile(PAGE, next);
  else if (next !== current) {
    process.stderr.write('docs/licences.md is not current. Run: npx tsx scripts/docs-licences.ts\n');
    process.exitCode = 1;
  }
}
