/** A message of the system when a job ends: only where the user asked for it, and only while the page is not looked at. */
import { effect, signal } from '@preact/signals';
import { t } from '../i18n/i18n.ts';
import { errorLine, errorWords } from './error-words.ts';
import { nameOf } from './job-facts.ts';
import { onEnded, running, shareOf } from './jobs.ts';
import { showToast } from './toasts.ts';
import { addressOf } from './view.ts';

const STORED = 'facefusion.notify';
const isAllowed = (): boolean => 'Notification' in window && Notification.permission === 'granted';

export const notifies = signal(localStorage.getItem(STORED) === 'on' && isAllowed());

/** Asks the browser the first time. */
export async function setNotifies(on: boolean): Promise<void> {
  // Browsers give this to pages that nobody can have changed on their way.
  if (on && !isSecureContext) {
    showToast({ text: t('notify.insecure'), kind: 'warning' });
    return;
  }
  if (on && !isAllowed() && (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted')) {
    showToast({ text: t('notify.denied'), kind: 'warning' });
    return;
  }
  localStorage.setItem(STORED, on ? 'on' : 'off');
  notifies.value = on;
}

/** Tells of jobs that end, by the way that was asked for, and of progress in the title. @returns ends it */
export function followEnds(): () => void {
  const stopListening = onEnded((job) => {
    if (job.state === 'cancelled') return;
    const name = nameOf(job);
    const open = (): void => {
      location.hash = addressOf('result', job.id);
    };
    const isDone = job.state === 'completed';
    if (notifies.value && document.hidden) {
      const note = new Notification(t(isDone ? 'notify.done' : 'notify.failed', { name }), {
        body: isDone || !job.error ? '' : errorLine(job.error),
        tag: job.id,
      });
      note.onclick = () => {
        window.focus();
        open();
      };
      return;
    }
    if (isDone) {
      showToast({
        text: t('job.spokenDone', { name }),
        kind: 'success',
        actions: [{ label: t('job.open'), run: open }],
      });
    } else {
      showToast({
        text: t('job.spokenFailed', { name, why: job.error ? errorWords(job.error).why : '' }),
        kind: 'danger',
        actions: [{ label: t('job.why'), run: open }],
      });
    }
  });
  const stopTitle = effect(() => {
    const [job] = running.value;
    const share = job && shareOf(job.id);
    const name = t('app.name');
    document.title = !job
      ? name
      : `${share === undefined ? '…' : `${Math.floor(share * 100)}%`} · ${nameOf(job)} · ${name}`;
  });
  return () => {
    stopListening();
    stopTitle();
  };
}
