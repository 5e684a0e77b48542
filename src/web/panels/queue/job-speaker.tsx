/** Says to a screen reader how far the first job is: at every quarter, and when it goes on to something else. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n.ts';
import { nameOf, progressOf } from '../../state/job-facts.ts';
import { running, shareOf } from '../../state/jobs.ts';
import { stageOf } from './progress-line.tsx';

/** What is spoken changes at a quarter, and with the stage: nothing else makes it new. */
export function JobSpeaker(): JSX.Element {
  const last = useRef('');
  const [job] = running.value;
  if (job) {
    const share = shareOf(job.id);
    const stage = stageOf(job, progressOf(job));
    const name = nameOf(job);
    last.current =
      share === undefined
        ? t('job.spokenStage', { name, stage })
        : t('job.spoken', { name, stage, percent: Math.floor(share * 4) * 25 });
  }
  return (
    <span class="sr" aria-live="polite">
      {last.current}
    </span>
  );
}
