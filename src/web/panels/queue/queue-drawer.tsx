/** All jobs, over the workspace: what runs, what waits in its order, what has ended. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { clearFinished, pauseQueue, resumeQueue } from '../../actions/queue.ts';
import { ActionButton, IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/progress.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { isPaused, type Job, jobsLoaded, running, stalled, waiting } from '../../state/jobs.ts';
import { needCatalogue } from '../../state/need-catalogue.ts';
import { counts, listedEnded } from '../../state/queue.ts';
import { queueOpen } from '../../state/view.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { JobRow } from './job-row.tsx';
import { moved } from './reorder.ts';
import { StalledNote } from './stalled-note.tsx';

/** `1 running, 2 waiting, 1 failed`. */
export function countsText(): string {
  const { running: runs, waiting: waits, failed, cancelled, finished } = counts.value;
  const parts = [
    ...(runs > 0 ? [t('queue.counts.running', { n: runs })] : []),
    ...(waits > 0 ? [t('queue.counts.waiting', { n: waits })] : []),
    ...(failed > 0 ? [t('queue.counts.failed', { n: failed })] : []),
    ...(cancelled > 0 ? [t('queue.counts.cancelled', { n: cancelled })] : []),
    ...(finished > 0 ? [t('queue.counts.finished', { n: finished })] : []),
  ];
  return parts.length === 0 ? t('queue.empty') : parts.join(t('list.comma'));
}

export default function QueueDrawer(): JSX.Element {
  const [deleting, setDeleting] = useState<Job>();
  useEffect(needCatalogue, []);
  const waits = waiting.value;
  const list = [...running.value, ...waits, ...listedEnded.value];
  return (
    <section class="drawer" aria-label={t('queue.title')}>
      <header>
        <h2>{t('queue.title')}</h2>
        <span class="t2 cut">{countsText()}</span>
        <span class="grow" />
        <ActionButton action={isPaused.value ? resumeQueue : pauseQueue} text />
        <ActionButton action={clearFinished} text />
        <span class="sep" />
        <IconButton icon="chevronDown" label={t('queue.close')} keys="q" onClick={() => (queueOpen.value = false)} />
      </header>
      {isPaused.value && (
        <p class="msg warning queue-paused" role="status">
          <span class="c-warning">
            <Icon name="pause" />
          </span>
          {t('queue.paused')}
        </p>
      )}
      {stalled.value && <StalledNote of={stalled.value} />}
      {jobsLoaded.value ? (
        list.length === 0 ? (
          <p class="teach-queue t2">{t('queue.teach')}</p>
        ) : (
          <ul class="jobs" aria-label={t('queue.list')}>
            {list.map((job) => (
              <JobRow key={job.id} job={job} place={waits.indexOf(job)} onDelete={setDeleting} />
            ))}
          </ul>
        )
      ) : (
        <div class="jobs" aria-busy="true">
          {[0, 1, 2].map((row) => (
            <div class="job" key={row}>
              <span class="grip" />
              <Skeleton width="72px" height={40} />
              <Skeleton width="60%" />
              <Skeleton width="80%" />
            </div>
          ))}
        </div>
      )}
      <span class="sr" aria-live="polite">
        {moved.value}
      </span>
      {deleting && <DeleteDialog job={deleting} onClose={() => setDeleting(undefined)} />}
    </section>
  );
}
