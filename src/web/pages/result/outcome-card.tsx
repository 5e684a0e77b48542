/** Why there is no output: what happened, the facts, one next step and one other way. Nothing goes round the policy. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { formatDuration, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { retryOne } from '../../panels/queue/job-acts.ts';
import { stageOf } from '../../panels/queue/progress-line.tsx';
import { elapsedOf, progressOf } from '../../state/job-facts.ts';
import type { Job } from '../../state/jobs.ts';
import { capital } from '../../state/option-spec.ts';
import { applySettings } from '../../state/use-again.ts';
import { addressOf } from '../../state/view.ts';
import { isByPolicy, type NextStep, nextSteps, titleOf } from './outcome-words.ts';

const LABELS: Readonly<Record<NextStep, TextKey>> = {
  retry: 'job.retry',
  target: 'outcome.anotherTarget',
  source: 'outcome.anotherSource',
  change: 'outcome.change',
  system: 'outcome.showSystem',
};

async function take(step: NextStep, job: Job): Promise<void> {
  if (step === 'retry') return retryOne(job);
  if (step === 'system') {
    location.hash = addressOf('system');
    return;
  }
  await applySettings(job);
}

/** Frame that a message names. */
const frameIn = (message: string): number | undefined => {
  const found = /\(frame (\d+)\)/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Options by the names that the page has for them: hints of the engine say `--face-detector-score`. */
const withoutFlags = (hint: string): string =>
  hint.replace(/--([a-z][a-z-]+[a-z])/g, (_flag, name: string) => capital(name.replaceAll('-', ' ')));

export function OutcomeCard({ job }: { readonly job: Job }): JSX.Element {
  const { error } = job;
  const isPolicy = isByPolicy(job);
  const isCancelled = job.state === 'cancelled';
  const took = elapsedOf(job, 0);
  const progress = progressOf(job);
  const frame = error && frameIn(error.message);
  const facts: readonly (readonly [string, string])[] = [
    ...(frame === undefined ? [] : [[t('result.position'), t('palette.frame', { frame })] as const]),
    ...(progress ? [[t('outcome.stage'), stageOf(job, progress)] as const] : []),
    ...(took === undefined ? [] : [[t('outcome.took'), formatDuration(took)] as const]),
    ...(!isPolicy && progress?.stage === 'process' && progress.done > 1
      ? [[t('outcome.kept'), t('outcome.keptFrames', { n: progress.done })] as const]
      : []),
  ];
  return (
    <div class="msgcard" role="alert">
      <span class={`msgicon ${isPolicy ? 'danger' : isCancelled ? 'info' : 'warning'}`}>
        <Icon name={isPolicy ? 'block' : isCancelled ? 'stop' : 'warning'} size={20} />
      </span>
      <h2>{titleOf(job)}</h2>
      <p class="why">
        {isCancelled
          ? t('outcome.cancelledWhy')
          : `${error?.message ?? ''}${isPolicy ? ` ${t('outcome.blockedWhy')}` : ''}`}
      </p>
      {error?.hint && <p class="why">{withoutFlags(error.hint)}</p>}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
        {error && (
          <>
            <dt>{t('outcome.code')}</dt>
            <dd class="mono">{error.code}</dd>
            <dt>{t('outcome.docs')}</dt>
            <dd class="mono">{isPolicy ? 'docs/policy.md' : `docs/errors.md`}</dd>
          </>
        )}
      </dl>
      <div class="row outcome-steps">
        {nextSteps(job).map((step, index) => (
          <Button key={step} kind={index === 0 ? 'primary' : 'plain'} onClick={() => void take(step, job)}>
            {t(step === 'retry' && isCancelled ? 'job.resume' : LABELS[step])}
          </Button>
        ))}
      </div>
      {isPolicy && <p class="hint">{t('outcome.appeal')}</p>}
    </div>
  );
}
