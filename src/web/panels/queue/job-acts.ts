/** What can be done with one job: at once, and with a way back instead of a question. */
import { t } from '../../i18n/i18n.ts';
import { errorLine } from '../../state/error-words.ts';
import { canKeep, nameOf, progressOf } from '../../state/job-facts.ts';
import { cancelJob, type Job, keepJob, loadQueue, moveJob, removeJob, retryJob, setPaused } from '../../state/jobs.ts';
import { cleared, ending, setCleared, whenStopped } from '../../state/queue.ts';
import { showToast } from '../../state/toasts.ts';
import { addressOf, queueOpen } from '../../state/view.ts';

const complain = (error: unknown): void => {
  showToast({ text: errorLine(error), kind: 'danger' });
};

const mark = (id: string, isEnding: boolean): void => {
  const next = new Set(ending.value);
  if (isEnding) next.add(id);
  else next.delete(id);
  ending.value = next;
};

/** Ends a job: shown at once, stopped at the next frame. What it had done is kept. */
export async function cancelOne(job: Job): Promise<void> {
  if (ending.value.has(job.id)) return;
  const now = progressOf(job);
  const wasWaiting = job.state === 'queued';
  mark(job.id, true);
  const isCounted = now?.stage === 'process' && now.done > 0;
  showToast({
    text: isCounted ? t('job.cancelledAt', { frame: now.done }) : `${t('job.cancelled')} · ${nameOf(job)}`,
    kind: 'info',
    icon: 'stop',
    actions: [
      ...(canKeep(job) ? [{ label: t('job.keep'), run: () => void keepOne(job) }] : []),
      { label: t(wasWaiting ? 'job.putBack' : 'job.resume'), run: () => void retryOne(job) },
    ],
  });
  try {
    await cancelJob(job.id);
  } catch (error) {
    complain(error);
  } finally {
    mark(job.id, false);
  }
}

/** Begins a job again that failed or was cancelled; it goes on from what it had done. */
export async function retryOne(job: Job): Promise<void> {
  try {
    await whenStopped(job.id);
    await retryJob(job.id);
    showToast({ text: t('job.resumed', { name: nameOf(job) }), kind: 'info' });
  } catch (error) {
    complain(error);
  }
}

/** Makes a clip of what a job had done that was stopped. */
export async function keepOne(job: Job): Promise<void> {
  try {
    await whenStopped(job.id);
    await keepJob(job.id);
    showToast({ text: t('job.keeping', { name: nameOf(job) }), kind: 'info' });
  } catch (error) {
    complain(error);
  }
}

/** Holds for all who use the service: a key may not be allowed to. */
export async function pauseOrResume(paused: boolean): Promise<void> {
  try {
    await setPaused(paused);
  } catch (error) {
    complain(error);
  }
}

/** Puts a waiting job before another one, or behind all; where that cannot be, it says why and shows how it is. */
export async function moveOne(id: string, before: string | null): Promise<void> {
  try {
    await moveJob(id, before);
  } catch (error) {
    complain(error);
    await loadQueue().catch(() => undefined);
  }
}

export async function deleteOne(job: Job): Promise<void> {
  try {
    await removeJob(job.id);
  } catch (error) {
    complain(error);
  }
}

/** Takes jobs off the list; their files stay. */
export function clearFromList(list: readonly Job[]): void {
  const before = cleared.value;
  setCleared(new Set([...before, ...list.map(({ id }) => id)]));
  showToast({
    text: t('queue.cleared', { n: list.length }),
    kind: 'info',
    actions: [{ label: t('undo'), run: () => setCleared(before) }],
  });
}

/** The list would lie over what is to be seen. */
export const openResult = (job: Job): void => {
  queueOpen.value = false;
  location.hash = addressOf('result', job.id);
};

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  showToast({ text: t('result.copied'), kind: 'success' });
}
