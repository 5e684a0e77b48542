/** Stage, n of N, frames a second, elapsed, left: always at the same places, in figures of one width. */
import type { JSX } from 'preact';
import { Progress } from '../../components/progress.tsx';
import { formatBytes, formatDuration, formatNumber, type TextKey, t } from '../../i18n/i18n.ts';
import { now } from '../../state/clock.ts';
import { elapsedOf, nameOf, progressOf, swaps } from '../../state/job-facts.ts';
import { type Job, type Progress as JobProgress, shareOf } from '../../state/jobs.ts';
import { isEnding } from '../../state/queue.ts';

const STAGES: Readonly<Record<string, TextKey>> = {
  prepare: 'job.stage.prepare',
  people: 'job.stage.people',
  analyse: 'job.stage.analyse',
  process: 'job.stage.process',
  finish: 'job.stage.finish',
  download: 'job.stage.download',
};

/** What it does now, in words. */
export function stageOf(job: Job, progress: JobProgress | undefined): string {
  if (!progress) return t('job.stage.begin');
  const { stage, done, total } = progress;
  // All frames are done and it still runs: it joins, marks and signs the file.
  if (stage === 'process' && total !== undefined && done >= total) return t('job.stage.finish');
  if (stage === 'process' && swaps(job)) return t('job.stage.swap');
  const key = STAGES[stage];
  return key ? t(key) : stage;
}

/** `frame 1,334 of 2,145`; of downloads bytes. */
export function countOf({ stage, done, total }: JobProgress): string {
  if (stage === 'download')
    return total === undefined
      ? formatBytes(done)
      : t('job.bytes', { done: formatBytes(done), total: formatBytes(total) });
  return total === undefined ? t('job.framesDone', { done }) : t('job.frames', { done, total });
}

export const percentOf = (share: number | undefined): string =>
  share === undefined ? '' : `${formatNumber(Math.floor(share * 100))}%`;

export function ProgressLine({ job }: { readonly job: Job }): JSX.Element {
  const progress = progressOf(job);
  const share = shareOf(job.id);
  const elapsed = elapsedOf(job, now.value);
  const stopping = isEnding(job);
  const left = stopping ? undefined : progress?.etaSeconds;
  return (
    <div class="progress-line">
      <div class="row">
        <span class="med">{stopping ? t('job.stopping') : stageOf(job, progress)}</span>
        {progress && <span class="t2 cut">{countOf(progress)}</span>}
        <span class="end strong">{percentOf(share)}</span>
      </div>
      {/* Of one stage each: a new one begins anew, and none goes back. */}
      <Progress
        key={progress?.stage}
        label={t('job.progressOf', { name: nameOf(job) })}
        share={share}
        kind={stopping ? 'idle' : 'running'}
        large
      />
      <div class="nums">
        <span class="n-fps">
          <b>{progress?.fps === undefined ? '–' : formatNumber(progress.fps, 1)}</b> {t('job.fps')}
        </span>
        <span class="n-time">
          <b>{elapsed === undefined ? '–' : formatDuration(Math.floor(elapsed))}</b> {t('job.elapsed')}
        </span>
        <span class="n-time">
          <b>{left === undefined ? '–' : formatDuration(left)}</b> {t('job.left')}
        </span>
      </div>
    </div>
  );
}
