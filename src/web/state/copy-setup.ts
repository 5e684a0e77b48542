/** The current setup as a program would ask for it, to the clipboard. */
import { t } from '../i18n/i18n.ts';
import { fileNameOf } from './assets.ts';
import { type ProjectDocument, project } from './document.ts';
import { callOf, commandOf, pasted } from './setup-text.ts';
import { requestsOf } from './start.ts';
import { showToast } from './toasts.ts';

/** With the names of the files: they lie where the command is run. */
const commandsOf = (document: ProjectDocument): string =>
  requestsOf(document)
    .map((request) => {
      const { name = 'result', format = 'mp4' } = request.output ?? {};
      return pasted(commandOf(request, { nameOf: fileNameOf, output: `${name}.${format}` }));
    })
    .join('\n\n');

/** The very requests that Start sends; the files are uploads already. */
const callsOf = (document: ProjectDocument): string =>
  requestsOf(document)
    .map((request) => pasted(callOf(request, location.origin)))
    .join('\n\n');

/** With a word about it. */
export async function copySetup(kind: 'command' | 'api'): Promise<void> {
  const document = project.value.value;
  try {
    await navigator.clipboard.writeText(kind === 'command' ? commandsOf(document) : callsOf(document));
    showToast({ kind: 'success', text: t(`copy.${kind}`) });
  } catch {
    showToast({ kind: 'danger', text: t('copy.failed') });
  }
}
