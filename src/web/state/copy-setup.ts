/** The current setup as a program would ask for it: a command, or a call of the API. */
import { t } from '../i18n/i18n.ts';
import { assets } from './assets.ts';
import { type ProjectDocument, project } from './document.ts';
import { outputFormat, outputName } from './output-name.ts';
import { shownPeople, sourceOf } from './people.ts';
import { toRun } from './request.ts';
import { requestsOf } from './start.ts';
import { showToast } from './toasts.ts';

/** For a POSIX shell. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const flag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const fileOf = (asset: string): string => assets.value.get(asset)?.fileName ?? asset;

/** `facefusion run …` with the names of the files: they lie where the command is run. */
export function commandOf(document: ProjectDocument): string {
  const { target = '', sources } = document;
  const { options, processors, map } = toRun(document);
  const asset = assets.value.get(target);
  const words = ['facefusion', 'run'];
  if (map) {
    const choices = shownPeople.value.map(({ person }) => {
      const source = sources.find(({ id }) => id === sourceOf(person.id));
      return `${person.id}=${source ? source.assets.map(fileOf).join(',') : 'keep'}`;
    });
    words.push('--map', ...choices);
  } else words.push('--source', ...(sources[0]?.assets ?? []).map(fileOf));
  words.push('--target', fileOf(target));
  words.push('--output', `${outputName(document, asset)}.${outputFormat(document, asset)}`);
  if (processors) words.push('--processors', ...processors);
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === true) words.push(flag(name));
    else if (value !== false && value !== undefined) {
      words.push(flag(name), ...(Array.isArray(value) ? value : [value]).map(String));
    }
  }
  return words.map(quote).join(' ');
}

/** `curl` with the very request that Start sends; the files are uploads already. */
export const apiCallOf = (document: ProjectDocument): string =>
  requestsOf(document)
    .map((body) =>
      [
        `curl ${location.origin}/v1/jobs \\`,
        `  --header 'content-type: application/json' \\`,
        `  --data ${quote(JSON.stringify(body, undefined, 2))}`,
      ].join('\n'),
    )
    .join('\n\n');

/** To the clipboard, with a word about it. */
export async function copySetup(kind: 'command' | 'api'): Promise<void> {
  const document = project.value.value;
  try {
    await navigator.clipboard.writeText(kind === 'command' ? commandOf(document) : apiCallOf(document));
    showToast({ kind: 'success', text: t(`copy.${kind}`) });
  } catch {
    showToast({ kind: 'danger', text: t('copy.failed') });
  }
}
