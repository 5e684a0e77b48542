/** What `facefusion blocklist` prints. */
import {
  addToBlocklist,
  checkWithBlocklist,
  exportBlocklist,
  importBlocklist,
  listBlocklist,
  removeFromBlocklist,
} from '../../runner/persons/blocklist.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export async function add(
  terminal: Terminal,
  name: string,
  photos: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const person = await addToBlocklist(name, photos, signal);
  terminal.result('blocklist add', { person }, () =>
    terminal.say(`Added ${person.name} (${person.id}), ${person.photos} ${person.photos === 1 ? 'photo' : 'photos'}.`),
  );
}

export async function remove(terminal: Terminal, who: string): Promise<void> {
  const person = await removeFromBlocklist(who);
  terminal.result('blocklist remove', { person }, () => terminal.say(`Removed ${person.name} (${person.id}).`));
}

export async function list(terminal: Terminal): Promise<void> {
  const persons = await listBlocklist();
  terminal.result('blocklist list', { persons }, () => {
    if (persons.length === 0) terminal.say('Nobody is on the list.');
    else {
      const rows = persons.map(({ id, name, addedAt, photos }) => [id, addedAt.slice(0, 10), String(photos), name]);
      for (const line of formatTable([['ID', 'ADDED', 'PHOTOS', 'NAME'], ...rows])) terminal.data(line);
    }
  });
}

/** @returns whether somebody is listed */
export async function check(terminal: Terminal, file: string, frame: number, signal: AbortSignal): Promise<boolean> {
  const { persons, faces } = await checkWithBlocklist(file, frame, signal);
  const listed = faces.filter(({ matches }) => matches.length > 0).length;
  terminal.result('blocklist check', { file, frame, persons, faces, listed }, () => {
    const rows = faces.flatMap(({ matches }, index) =>
      matches.map(({ person, similarity }) => [String(index), person.id, similarity.toFixed(3), person.name]),
    );
    if (rows.length > 0) {
      for (const line of formatTable([['FACE', 'PERSON', 'LIKENESS', 'NAME'], ...rows])) terminal.data(line);
    }
    terminal.say(`${listed} of ${faces.length} faces look like one of ${persons} persons.`);
  });
  return listed > 0;
}

export async function exportTo(terminal: Terminal, file: string): Promise<void> {
  const persons = await exportBlocklist(file);
  terminal.result('blocklist export', { file, persons }, () =>
    terminal.say(`Wrote ${persons} persons to ${file}. It is not sealed: whoever has it can look for them in photos.`),
  );
}

export async function importFrom(terminal: Terminal, file: string): Promise<void> {
  const { added, known } = await importBlocklist(file);
  terminal.result('blocklist import', { added, known }, () =>
    terminal.say(`Added ${added.length} persons; ${known} were on the list already.`),
  );
}
