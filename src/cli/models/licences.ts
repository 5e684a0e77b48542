import { groupByLicence } from '../../engine/models/licences.ts';
import { COMMERCIAL_USE_WORDS } from '../../engine/models/stated-licence.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { readAllModels } from './list.ts';

const WIDTH = 100;

/** Prints all licences with their models: with which one may sell what they make, and why. */
export async function showLicences(terminal: Terminal, modelFolder: string | undefined): Promise<void> {
  const models = (await readAllModels(modelFolder)).filter(({ state }) => state !== 'contract');
  const licences = groupByLicence(
    models.map(({ id, licence, record }) => ({ id, licence, isStated: record?.like !== undefined })),
  );
  terminal.result('models licenses', { licences }, () => {
    const rows = licences.map(({ name, commercialUse, reason, ids }) => [
      ...[name, COMMERCIAL_USE_WORDS[commercialUse], String(ids.length), reason],
    ]);
    for (const line of formatTable([['LICENCE', 'MAY BE SOLD', 'MODELS', 'BECAUSE'], ...rows])) terminal.data(line);
    for (const { name, ids } of licences) {
      terminal.data('');
      terminal.data(`${name}:`);
      for (const line of wrap(ids, WIDTH)) terminal.data(`  ${line}`);
    }
    terminal.say();
    terminal.say('What is sold must be allowed by every model of a run. See docs/licences.md.');
  });
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= width) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}
