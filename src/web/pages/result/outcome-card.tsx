/** Why there is no output: what happened, the facts, one next step and one other way. Nothing goes round the policy. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { Why } from '../../components/error-text.tsx';
import { OutcomeBox } from '../../components/outcome-box.tsx';
import { formatDuration, type TextKey, t } from '../../i18n/i18n.ts';
import { keepOne, retryOne } from '../../panels/queue/job-acts.ts';
import { stageOf } from '../../panels/queue/progress-line.tsx';
import { assets } from '../../state/assets.ts';
import { type FactRow, factRows } from '../../state/error-facts.ts';
import { errorWords } from '../../state/error-words.ts';
import { canKeep, elapsedOf, progressOf, startFrameOf } from '../../state/job-facts.ts';
import type { Job } from '../../state/jobs.ts';
import { setRange } from '../../state/range.ts';
import { applySettings } from '../../state/use-again.ts';
import { addressOf } from '../../state/view.ts';
import { isByPolicy, type NextStep, nextSteps, titleOf } from './outcome-words.ts';

const LABELS: Readonly<Record<NextStep, TextKey>> = {
  retry: 'job.retry',
  target: 'outcome.anotherTarget',
  source: 'outcome.anotherSource',
  change: 'outcome.change',
  system: 'outcome.showSystem',
  endBefore: 'outcome.endBefore',
};

async function take(step: NextStep, job: Job): Promise<void> {
  if (step === 'retry') return retryOne(job);
  if (step === 'system') {
    location.hash = addressOf('system');
    return;
  }
  await applySettings(job);
  const frame = job.error?.facts?.frame;
  if (step === 'endBefore' && frame !== undefined) setRange(startFrameOf(job), frame);
}

/** How far it came. */
function runRows(job: Job): readonly FactRow[] {
  const took = elapsedOf(job, 0);
  const progress = progressOf(job);
  return [
    ...(progress ? [[t('outcome.stage'), stageOf(job, progress)] as const] : []),
    ...(took === undefined ? [] : [[t('outcome.took'), formatDuration(took)] as const]),
    ...(!isByPolicy(job) && progress?.stage === 'process' && progress.done > 1
      ? [[t('outcome.kept'), t('outcome.keptFrames', { n: progress.done })] as const]
      : []),
  ];
}

export function OutcomeCard({ job }: { readonly job: Job }): JSX.Element {
  const { error } = job;
  const isPolicy = isByPolicy(job);
  const isCancelled = job.state === 'cancelled';
  const words = error && errorWords(error);
  const fps = job.target === undefined ? undefined : assets.value.get(job.target)?.media.fps;
  return (
    <OutcomeBox
      icon={isPolicy ? 'block' : isCancelled ? 'stop' : 'warning'}
      tone={isPolicy ? 'danger' : isCancelled ? 'info' : 'warning'}
      title={titleOf(job)}
      why={
        words && !isCancelled ? (
          <Why words={words} more={isPolicy && words.isOriginal ? t('outcome.blockedWhy') : undefined} />
        ) : (
          <p class="why">{t('outcome.cancelledWhy')}</p>
        )
      }
      facts={[
        ...factRows(error?.facts, fps),
        ...runRows(job),
        ...(error ? [[t('outcome.code'), error.code, true] as const] : []),
      ]}
      hint={isPolicy ? t('outcome.appeal') : isCancelled ? undefined : words?.next}
      words={words}
    >
      {nextSteps(job).map((step, index) => (
        <Button key={step} kind={index === 0 ? 'primary' : 'plain'} onClick={() => void take(step, job)}>
          {t(step === 'retry' && isCancelled ? 'job.resume' : LABELS[step])}
        </Button>
      ))}
      {canKeep(job) && <Button onClick={() => void keepOne(job)}>{t('job.keep')}</Button>}
    </OutcomeBox>
  );
}
