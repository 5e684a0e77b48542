/** What a job made, where it comes from, and how to do it again; or why it made nothing. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/progress.tsx';
import { t } from '../../i18n/i18n.ts';
import { ApiError } from '../../state/api.ts';
import { assets, loadAsset } from '../../state/assets.ts';
import { errorLine } from '../../state/error-words.ts';
import { mainOutput, nameOf, startFrameOf } from '../../state/job-facts.ts';
import { isOpen, jobs, loadJob } from '../../state/jobs.ts';
import { needCatalogue } from '../../state/need-catalogue.ts';
import { addressOf, isPhone, queueOpen, subject } from '../../state/view.ts';
import { Compare, type CompareMode, ModeChoice } from './compare.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { ResultPanel } from './result-panel.tsx';

const goBack = (): void => {
  location.hash = addressOf(isPhone.value ? 'results' : 'swap');
};

export default function ResultPage(): JSX.Element {
  const id = subject.value ?? '';
  const [error, setError] = useState<unknown>();
  // On a phone both do not fit beside each other.
  const [mode, setMode] = useState<CompareMode>(isPhone.value ? 'split' : 'result');
  useEffect(needCatalogue, []);
  const job = jobs.value.get(id);
  useEffect(() => {
    setError(undefined);
    loadJob(id).catch(setError);
  }, [id]);
  useEffect(() => {
    for (const asset of [job?.target, ...(job?.sources ?? []), ...(job?.map.flatMap(({ sources }) => sources) ?? [])]) {
      if (asset !== undefined) loadAsset(asset).catch(() => undefined);
    }
  }, [job?.id]);

  if (!job) {
    return (
      <main class="page">
        <div class="page-in">{error === undefined ? <Skeleton height={320} /> : <Gone error={error} />}</div>
      </main>
    );
  }
  const output = mainOutput(job);
  const original = job.target === undefined ? undefined : assets.value.get(job.target);
  const canShow = output !== undefined && /^(image|video)\//.test(output.contentType);
  return (
    <>
      <main class="center result-center">
        <div class="toolbar">
          {isPhone.value ? (
            <IconButton icon="chevronLeft" label={t('phone.back')} onClick={goBack} />
          ) : (
            <Button kind="ghost" size="sm" icon="chevronLeft" onClick={goBack}>
              {t('result.back')}
            </Button>
          )}
          <h1 class={isPhone.value ? 'strong cut grow' : 'sr'}>{nameOf(job)}</h1>
          {canShow && !isPhone.value && (
            <>
              <span class="grow" />
              <ModeChoice mode={mode} hasOriginal={original !== undefined} onChange={setMode} />
              <span class="grow" />
            </>
          )}
          {canShow && (
            <IconButton
              icon="fullscreen"
              label={t('result.fullscreen')}
              onClick={() => void document.querySelector('.result-center .stage')?.requestFullscreen()}
            />
          )}
        </div>
        {job.state === 'completed' && output && canShow ? (
          <Compare output={output} original={original} startFrame={startFrameOf(job)} mode={mode} />
        ) : (
          <div class="stage">
            {isOpen(job) ? (
              <div class="msgcard">
                <p class="t2">{t('result.waiting')}</p>
                <div class="row outcome-steps">
                  <Button
                    onClick={() => {
                      if (isPhone.value) location.hash = addressOf('queue');
                      else queueOpen.value = true;
                    }}
                  >
                    {t('queue.open')}
                  </Button>
                </div>
              </div>
            ) : job.state === 'completed' ? (
              <div class="msgcard">{t('result.sounds')}</div>
            ) : (
              <OutcomeCard job={job} />
            )}
          </div>
        )}
      </main>
      <ResultPanel job={job} />
    </>
  );
}

const Gone = ({ error }: { readonly error: unknown }): JSX.Element => {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <div class="msg info" role="alert">
      <div>
        <h1 class="strong">{isGone ? t('result.gone') : t('error.title')}</h1>
        <p class="t2">{isGone ? t('result.goneWhy') : errorLine(error)}</p>
        <a class="link" href={addressOf('results')}>
          {t('queue.results')}
        </a>
      </div>
    </div>
  );
};
