/** Beside the picture: download, where it comes from, what it took, how to do it again. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.tsx';
import { moveInRadios } from '../../components/controls.tsx';
import { Words } from '../../components/error-text.tsx';
import { MenuButton } from '../../components/select.tsx';
import { formatBytes, formatDuration, formatNumber, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { DeleteDialog } from '../../panels/queue/delete-dialog.tsx';
import { copyText } from '../../panels/queue/job-acts.ts';
import { itemsOf } from '../../panels/queue/job-row.tsx';
import { presetName } from '../../panels/right/preset-name.ts';
import type { Schemas } from '../../state/api.ts';
import { fileNameOf } from '../../state/assets.ts';
import { noteWords } from '../../state/error-words.ts';
import { elapsedOf, mainOutput, nameOf, presetOf, speedOf } from '../../state/job-facts.ts';
import { isOpen, type Job } from '../../state/jobs.ts';
import { callOf, commandOf, pasted, requestOf } from '../../state/setup-text.ts';
import { addressOf, isPhone } from '../../state/view.ts';
import { downloadOutput } from './download.ts';
import { Provenance } from './provenance.tsx';
import { Timings } from './timings.tsx';

/** `1920 × 1080, 85.8 s, 61 MB`. */
export const sizeOf = ({ width, height, durationSeconds, bytes }: Schemas['JobOutput']): string =>
  [
    ...(width && height ? [`${width} × ${height}`] : []),
    ...(durationSeconds ? [formatDuration(durationSeconds)] : []),
    formatBytes(bytes),
  ].join(t('list.comma'));

export function ResultPanel({ job }: { readonly job: Job }): JSX.Element {
  const [deleting, setDeleting] = useState<Job>();
  const main = mainOutput(job);
  return (
    <aside class="panel right result-panel" aria-label={t('result.result')}>
      {main && job.state === 'completed' && (
        <>
          <section>
            <div class="row top-row">
              <span class="c-success">
                <Icon name="check" />
              </span>
              <div class="grow">
                <h2 class="result-name cut" title={nameOf(job)}>
                  <bdi>{nameOf(job)}</bdi>
                </h2>
                <p class="t2">{sizeOf(main)}</p>
              </div>
              <MenuButton label={t('job.more', { name: nameOf(job) })} items={itemsOf(job, setDeleting)} />
            </div>
            <div class="row result-acts">
              <span class="grow">
                <Button kind="primary" size="lg" block icon="download" onClick={() => void downloadOutput(main)}>
                  {isPhone.value ? t('result.downloadSized', { size: formatBytes(main.bytes) }) : t('result.download')}
                </Button>
              </span>
            </div>
            {job.outputs.length > 1 && <Files outputs={job.outputs} />}
          </section>
          <Provenance job={job} output={main} />
        </>
      )}
      <RunFacts job={job} />
      <Again job={job} />
      {job.notes.length > 0 && (
        <section>
          <div class="h">
            <h2>{t('result.notes')}</h2>
          </div>
          {job.notes.map((note) => (
            <div class="msg warning note" key={`${note.code} ${note.message}`}>
              <span class="c-warning">
                <Icon name="warning" />
              </span>
              <span class="grow">
                <Words words={noteWords(note)} />
              </span>
            </div>
          ))}
        </section>
      )}
      {deleting && (
        <DeleteDialog
          job={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => {
            location.hash = addressOf('results');
          }}
        />
      )}
    </aside>
  );
}

const Files = ({ outputs }: { readonly outputs: Job['outputs'] }): JSX.Element => (
  <details class="files">
    <summary>
      {t('result.files')} <span class="t3">{formatNumber(outputs.length)}</span>
    </summary>
    <ul>
      {outputs.map((output) => (
        <li class="row" key={output.name}>
          <span class="grow cut mono">{output.name}</span>
          <span class="t3">{formatBytes(output.bytes)}</span>
          <IconButton
            icon="download"
            label={t('job.download', { name: output.name })}
            onClick={() => void downloadOutput(output)}
          />
        </li>
      ))}
    </ul>
  </details>
);

const LEFT: Readonly<Record<string, TextKey>> = {
  'no-face': 'result.left.noFace',
  small: 'result.left.small',
  turned: 'result.left.turned',
  uncertain: 'result.left.uncertain',
  'invalid-output': 'result.left.invalid',
};
/** Why frames are in the output as they came. */
const whyLeft = (reason: string): string => {
  const key = LEFT[reason];
  return key ? t(key) : reason.replaceAll('-', ' ');
};

function RunFacts({ job }: { readonly job: Job }): JSX.Element | null {
  if (isOpen(job)) return null;
  const took = elapsedOf(job, 0);
  const speed = speedOf(job);
  const preset = presetOf(job);
  const { frames } = job;
  return (
    <section>
      <div class="h">
        <h2>{t('result.run')}</h2>
      </div>
      <dl class="kv">
        {preset !== undefined && (
          <>
            <dt>{t('result.preset')}</dt>
            <dd>{presetName(preset)}</dd>
          </>
        )}
        {took !== undefined && (
          <>
            <dt>{t('result.took')}</dt>
            <dd>
              {formatDuration(took)}
              {speed !== undefined && `${t('list.comma')}${t('result.fps', { fps: formatNumber(speed, 1) })}`}
            </dd>
          </>
        )}
        {frames && (
          <>
            <dt>{t('result.changed')}</dt>
            <dd>{t('result.changedOf', { changed: frames.changed, total: frames.total })}</dd>
          </>
        )}
        {frames && Object.keys(frames.leftAlone).length > 0 && (
          <>
            <dt>{t('result.leftAlone')}</dt>
            <dd>
              {Object.entries(frames.leftAlone)
                .map(([reason, n]) => t('result.leftAloneOf', { n, why: whyLeft(reason) }))
                .join(t('list.comma'))}
            </dd>
          </>
        )}
      </dl>
      <Timings timings={job.timings} />
    </section>
  );
}

function Again({ job }: { readonly job: Job }): JSX.Element {
  const [tab, setTab] = useState<'cli' | 'api'>('cli');
  const request = requestOf(job);
  const output = mainOutput(job)?.name ?? job.outputName ?? 'result';
  const lines = tab === 'cli' ? commandOf(request, { nameOf: fileNameOf, output }) : callOf(request, location.origin);
  return (
    <section class="again">
      <div class="h">
        <h2>{t('result.again')}</h2>
      </div>
      <div class="tabs" role="tablist" aria-label={t('result.again')}>
        {(['cli', 'api'] as const).map((name) => (
          <button
            type="button"
            role="tab"
            key={name}
            id={`again-${name}`}
            aria-selected={tab === name}
            aria-controls="again-text"
            tabIndex={tab === name ? 0 : -1}
            onKeyDown={moveInRadios}
            onClick={() => setTab(name)}
          >
            <Icon name={name === 'cli' ? 'terminal' : 'globe'} />
            {name.toUpperCase()}
          </button>
        ))}
      </div>
      <div class="code" id="again-text" role="tabpanel" aria-labelledby={`again-${tab}`}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre tabIndex={0}>
          {lines.map((line, index) => (
            <span key={line}>
              {index > 0 && ' \\\n  '}
              <Line text={line} />
            </span>
          ))}
        </pre>
        <IconButton icon="copy" kind="plain" label={t('result.copy')} onClick={() => void copyText(pasted(lines))} />
      </div>
    </section>
  );
}

/** A flag in the accent colour, its value not. */
const Line = ({ text }: { readonly text: string }): JSX.Element => {
  const flag = /^--?[\w-]+/.exec(text)?.[0];
  return (
    <>
      {flag !== undefined && <em>{flag}</em>}
      {text.slice(flag?.length ?? 0)}
    </>
  );
};
