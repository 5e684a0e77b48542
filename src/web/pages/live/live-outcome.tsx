/** Why there is no picture, and what can be done; at first how to begin. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { Why } from '../../components/error-text.tsx';
import { OutcomeBox } from '../../components/outcome-box.tsx';
import { type TextKey, t } from '../../i18n/i18n.ts';
import { ApiError } from '../../state/api.ts';
import { factRows } from '../../state/error-facts.ts';
import { errorWords } from '../../state/error-words.ts';
import type { CameraProblem } from './camera.ts';
import { cameraProblem, isRunning, lastJob, liveError, liveSources, startLive } from './live-session.ts';

const CAMERA_TEXTS: Readonly<Record<CameraProblem, readonly [title: TextKey, why: TextKey]>> = {
  denied: ['live.denied', 'live.denied.why'],
  none: ['live.none', 'live.none.why'],
  busy: ['live.busy', 'live.busy.why'],
  insecure: ['live.insecure', 'live.insecure.why'],
  unplugged: ['live.unplugged', 'live.unplugged.why'],
  failed: ['live.failed', 'live.failed.why'],
};

const Start = ({ label = 'live.start' }: { readonly label?: TextKey }): JSX.Element => (
  <Button
    kind="primary"
    icon="camera"
    disabledReason={liveSources.value.length === 0 ? t('live.needs.source') : undefined}
    onClick={() => void startLive()}
  >
    {t(label)}
  </Button>
);

export function LiveOutcome(): JSX.Element | null {
  if (isRunning.value) return null;
  const problem = cameraProblem.value;
  if (problem) {
    const [title, why] = CAMERA_TEXTS[problem];
    return (
      <OutcomeBox icon="camera" tone="warning" title={t(title)} why={<p class="why">{t(why)}</p>}>
        <Start label="live.again" />
      </OutcomeBox>
    );
  }
  const error = liveError.value;
  if (error instanceof ApiError) return <Failure error={error} />;
  return (
    <div class="msgcard live-begin">
      <h2>{t('live.begin')}</h2>
      <p class="why">{t(liveSources.value.length === 0 ? 'live.needs.source' : 'live.begin.why')}</p>
      <div class="msggap" />
      <div class="row wrap">
        <Start />
      </div>
      {lastJob.value !== undefined && <p class="hint msghint">{t('live.ended', { job: lastJob.value })}</p>}
    </div>
  );
}

const BLOCKED: readonly string[] = ['CONTENT_BLOCKED', 'POLICY_FORBIDS'];

function Failure({ error }: { readonly error: ApiError }): JSX.Element {
  const words = errorWords(error);
  if (error.code === 'OVERLOADED') {
    return (
      <OutcomeBox icon="warning" tone="warning" title={t('live.taken')} why={<p class="why">{t('live.taken.why')}</p>}>
        <Start label="live.again" />
      </OutcomeBox>
    );
  }
  const isBlocked = BLOCKED.includes(error.code);
  const facts = factRows(error.facts, undefined);
  return (
    <OutcomeBox
      {...{ icon: isBlocked ? 'block' : 'warning', tone: isBlocked ? 'danger' : 'warning', title: words.title, words }}
      why={<Why words={words} more={isBlocked && words.isOriginal ? t('live.blockedWhy') : undefined} />}
      facts={facts.length > 0 ? facts : [[t('outcome.code'), error.code, true]]}
      hint={isBlocked ? t('outcome.appeal') : words.next}
    >
      <Start label="live.again" />
    </OutcomeBox>
  );
}
