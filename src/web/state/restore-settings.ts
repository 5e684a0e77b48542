/** From a finished file back to the settings that made it: by the job, or by what the audit log has recorded. */
import { t } from '../i18n/i18n.ts';
import { ApiError, api, ask, type Schemas } from './api.ts';
import { upload } from './assets.ts';
import { readAudit } from './audit.ts';
import { errorLine } from './error-words.ts';
import { type Job, jobs } from './jobs.ts';
import { MEDIA, pickFiles } from './pick-files.ts';
import { projectOfEntry } from './project-of-entry.ts';
import { openWith } from './share-project.ts';
import { showToast } from './toasts.ts';
import { applySettings } from './use-again.ts';
import type { Verdict } from './verdicts.ts';

const PAGES = 20;
const PAGE = 200;

/** A job that the page knows with this very output. */
export const jobOfOutput = (sha256: string): Job | undefined =>
  [...jobs.value.values()].find(({ outputs }) => outputs.some((output) => output.sha256 === sha256));

/** @param run as the audit log and the mark call it */
async function findJob(run: string): Promise<Job | undefined> {
  const known = [...jobs.value.values()].find(({ audit }) => audit === run);
  if (known) return known;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const query = { state: 'completed', limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await ask(api().GET('/v1/jobs', { params: { query } }));
    const found = answer.jobs.find(({ audit }) => audit === run);
    if (found) return found;
    cursor = answer.next;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

/** @returns false where nothing is recorded that settings could be made of */
export async function restoreFrom({ recorded }: Pick<Verdict, 'recorded'>): Promise<boolean> {
  const newest = recorded.find(({ isSame }) => isSame) ?? recorded[0];
  if (!newest) return false;
  const job = await findJob(newest.job);
  if (job) {
    await applySettings(job);
    return true;
  }
  const entries = await readAudit(newest.job).catch((error: unknown) => {
    // Whoever may not read the log of others has no job of this name.
    if (error instanceof ApiError && error.status === 404) return 'forbidden' as const;
    throw error;
  });
  const entry = entries === 'forbidden' ? undefined : entries.findLast(({ kind }) => kind === 'output.published');
  if (!entry) return false;
  const { document, media } = projectOfEntry(entry.facts, {
    person: t('source.name', { letter: 'A' }),
    target: t('restore.target'),
    source: (number) => t('restore.source', { number }),
  });
  await openWith(document, media);
  return true;
}

/** Asks for a finished file, and brings its settings back. */
export async function restoreFromFile(): Promise<void> {
  const [file] = await pickFiles(MEDIA, false);
  if (!file) return;
  showToast({ kind: 'info', text: t('restore.looking', { file: file.name }) });
  try {
    const { id, sha256 } = await upload(file);
    const known = jobOfOutput(sha256);
    if (known) {
      await applySettings(known);
      return;
    }
    const verdict: Schemas['Verdict'] = await ask(api().POST('/v1/verify', { body: { target: id } }));
    if (!(await restoreFrom(verdict))) showToast({ kind: 'warning', text: t('restore.nothing', { file: file.name }) });
  } catch (error) {
    showToast({ kind: 'danger', text: errorLine(error) });
  }
}
