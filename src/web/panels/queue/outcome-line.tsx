/** How a job that does not run is told in its row. */
import type { JSX } from 'preact';
import { formatBytes, formatDuration, formatNumber, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { titleOf } from '../../pages/result/outcome-words.ts';
import { errorWords } from '../../state/error-words.ts';
import { elapsedOf, expectedSeconds, mainOutput, progressOf, speedOf } from '../../state/job-facts.ts';
import { type Job, stalled } from '../../state/jobs.ts';

/** @param place from 0, of a waiting job */
export const WaitingLine = ({ job, place }: { readonly job: Job; readonly place: number }): JSX.Element => {
  const seconds = expectedSeconds(job);
  if (stalled.value) {
    return (
      <span class="row c-warning">
        <Icon name="warning" />
        <span class="cut">{t('job.noRoom')}</span>
      </span>
    );
  }
  const about = seconds === undefined ? '' : `${t('list.comma')}${t('job.about', { time: formatDuration(seconds) })}`;
  return (
    <span class="row t2">
      <Icon name="clock" />
      <span class="cut">{`${place === 0 ? t('job.startsNext') : t('job.inLine', { place: place + 1 })}${about}`}</span>
    </span>
  );
};

/** `Done in 2 min 04 s`. */
export const doneText = (job: Job): string => {
  const took = elapsedOf(job, 0);
  return took === undefined ? t('job.done') : t('job.doneIn', { time: formatDuration(took) });
};

export function EndLine({ job }: { readonly job: Job }): JSX.Element {
  if (job.state === 'completed') {
    const speed = speedOf(job);
    const bytes = mainOutput(job)?.bytes;
    const facts = [
      ...(speed === undefined ? [] : [t('result.fps', { fps: formatNumber(speed, 1) })]),
      ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ];
    return (
      <span class="row">
        <span class="c-success">
          <Icon name="check" />
        </span>
        <span class="cut">{doneText(job)}</span>
        <span class="t3 cut">{facts.join(t('list.comma'))}</span>
      </span>
    );
  }
  if (job.state === 'failed') {
    return (
      <div class="row">
        <span class="c-danger">
          <Icon name="warning" />
        </span>
        <span class="grow">
          <span class="med">{titleOf(job)}</span>
          <br />
          <span class="xs t2 two-lines">{errorWords(job.error).why}</span>
        </span>
      </div>
    );
  }
  const done = progressOf(job)?.done ?? 0;
  return (
    <span class="row t2">
      <Icon name="stop" />
      <span class="cut">{done > 0 ? t('job.cancelledAt', { frame: done }) : t('job.cancelled')}</span>
    </span>
  );
}
