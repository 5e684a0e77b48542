/** The queue of a small screen: what runs, what comes next, what is done. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { MenuButton } from '../../components/select.tsx';
import { formatDuration, formatNumber, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { DeleteDialog } from '../../panels/queue/delete-dialog.tsx';
import { cancelOne, pauseOrResume } from '../../panels/queue/job-acts.ts';
import { itemsOf } from '../../panels/queue/job-row.tsx';
import { CARD_WIDTH, JobPicture, JobThumb } from '../../panels/queue/job-thumb.tsx';
import { doneText, EndLine } from '../../panels/queue/outcome-line.tsx';
import { percentOf, stageOf } from '../../panels/queue/progress-line.tsx';
import { expectedSeconds, nameOf, picturedFrame, progressOf } from '../../state/job-facts.ts';
import { isOpen, isPaused, type Job, running, shareOf, waiting } from '../../state/jobs.ts';
import { isEnding, listedEnded } from '../../state/queue.ts';
import { addressOf } from '../../state/view.ts';

export default function PhoneQueue(): JSX.Element {
  const [deleting, setDeleting] = useState<Job>();
  const [runs, waits, done] = [running.value, waiting.value, listedEnded.value];
  return (
    <main class="page phone-page">
      <h1 class="sr">{t('queue.title')}</h1>
      {runs.map((job) => (
        <RunningCard key={job.id} job={job} />
      ))}
      {runs.length + waits.length + done.length === 0 && <p class="t2">{t('queue.teach')}</p>}
      <JobBox title={t('queue.next')} jobs={waits} onDelete={setDeleting} />
      <JobBox title={t('queue.finished')} jobs={done} onDelete={setDeleting} />
      <p class="row t3 xs phone-edit">
        <a class="link" href={addressOf('swap')}>
          {t('phone.edit')}
        </a>
        {t('phone.editNote')}
      </p>
      {deleting && <DeleteDialog job={deleting} onClose={() => setDeleting(undefined)} />}
    </main>
  );
}

function RunningCard({ job }: { readonly job: Job }): JSX.Element {
  const progress = progressOf(job);
  const share = shareOf(job.id);
  const ending = isEnding(job);
  const { total } = progress ?? {};
  return (
    <article class="box phone-card">
      <div class="pic">
        <JobPicture job={job} width={CARD_WIDTH} />
        <div class="hud bl">
          <span class="chip onpic">{t('palette.frame', { frame: picturedFrame(job) })}</span>
        </div>
      </div>
      <div class="phone-facts">
        <div class="row">
          <bdi class="strong grow cut">{nameOf(job)}</bdi>
          <span class="strong">{percentOf(share)}</span>
        </div>
        <Progress
          key={progress?.stage}
          label={t('job.progressOf', { name: nameOf(job) })}
          share={share}
          kind={ending ? 'idle' : 'running'}
          large
        />
        <div class="row t2">
          <span>{ending ? t('job.stopping') : stageOf(job, progress)}</span>
          <span class="end">
            {progress?.fps === undefined ? '' : t('result.fps', { fps: formatNumber(progress.fps, 1) })}
          </span>
        </div>
        <div class="row t2">
          <span>{progress && total !== undefined ? t('job.framesShort', { done: progress.done, total }) : ''}</span>
          <span class="end c-text">
            {progress?.etaSeconds === undefined ? '' : t('job.leftIn', { time: formatDuration(progress.etaSeconds) })}
          </span>
        </div>
        <div class="row phone-acts">
          <Button block onClick={() => void pauseOrResume(!isPaused.value)}>
            {t(isPaused.value ? 'queue.resume' : 'queue.pauseShort')}
          </Button>
          <Button block busy={ending} onClick={() => void cancelOne(job)}>
            {t('job.cancel')}
          </Button>
        </div>
      </div>
    </article>
  );
}

interface JobBoxProps {
  readonly title: string;
  readonly jobs: readonly Job[];
  readonly onDelete: (job: Job) => void;
}

const JobBox = ({ title, jobs, onDelete }: JobBoxProps): JSX.Element | null =>
  jobs.length === 0 ? null : (
    <section>
      <h2 class="t2 phone-h">{title}</h2>
      <ul class="box">
        {jobs.map((job, index) => (
          <li class="li phone-job" key={job.id}>
            <JobThumb job={job} wide={false} />
            <div class="grow">
              {isOpen(job) ? (
                <bdi class="med cut">{nameOf(job)}</bdi>
              ) : (
                <a class="med cut c-text" href={addressOf('result', job.id)}>
                  <bdi>{nameOf(job)}</bdi>
                </a>
              )}
              <div class="xs t3">
                {job.state === 'completed' ? (
                  <span class="row">
                    <span class="c-success">
                      <Icon name="check" size={14} />
                    </span>
                    {doneText(job)}
                  </span>
                ) : isOpen(job) ? (
                  <About job={job} place={index} />
                ) : (
                  <EndLine job={job} />
                )}
              </div>
            </div>
            <MenuButton
              class="btn btn-ghost btn-icon"
              label={t('job.more', { name: nameOf(job) })}
              items={[
                ...(isOpen(job)
                  ? [{ label: t('job.cancel'), icon: 'stop' as const, run: () => void cancelOne(job) }]
                  : []),
                ...itemsOf(job, onDelete),
              ]}
            />
          </li>
        ))}
      </ul>
    </section>
  );

function About({ job, place }: { readonly job: Job; readonly place: number }): JSX.Element {
  const seconds = expectedSeconds(job);
  if (seconds !== undefined) return <>{t('phone.about', { time: formatDuration(seconds) })}</>;
  return <>{place === 0 ? t('job.startsNext') : t('job.inLine', { place: place + 1 })}</>;
}
