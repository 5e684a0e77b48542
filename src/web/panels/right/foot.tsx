/** Where it is saved, and Start: always in sight. */
import type { JSX } from 'preact';
import { startAction } from '../../actions/options.ts';
import { Button } from '../../components/button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatDuration, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { assets } from '../../state/assets.ts';
import { currentPreset } from '../../state/catalogue.ts';
import { project } from '../../state/document.ts';
import { setOutput } from '../../state/edit.ts';
import { estimates } from '../../state/estimates.ts';
import { missingProvider } from '../../state/missing-provider.ts';
import { NAME_RULE, outputFormat, outputName } from '../../state/output-name.ts';
import { isModified } from '../../state/presets.ts';
import { countsForFirst, isStarting, startError, startReason } from '../../state/start.ts';

/** What Start will take: said only where it was measured. */
export function startFacts(): string {
  const { moreTargets, range } = project.value.value;
  if (moreTargets.length > 0) {
    const isOfFirst = countsForFirst(project.value.value);
    return t(isOfFirst ? 'foot.batch.first' : 'foot.batch', { count: moreTargets.length + 1 });
  }
  const frames = range === undefined ? undefined : range.end - range.start;
  const seconds = isModified.value ? undefined : estimates.value.get(currentPreset.value.name)?.seconds;
  const time = seconds === undefined ? undefined : formatDuration(seconds);
  if (frames !== undefined) return time ? t('foot.frames', { frames, time }) : t('foot.frames.only', { frames });
  return time ? t('foot.estimate', { time }) : t('foot.marked');
}

function SavesAs(): JSX.Element {
  const document = project.value.value;
  const target = document.target === undefined ? undefined : assets.value.get(document.target);
  const name = outputName(document, target);
  return (
    <div class="saves">
      <span class="t3">{t('foot.saves')}</span>
      <span class="saves-name">
        <input
          class="val"
          aria-label={t('foot.name')}
          title={t('foot.name.rule')}
          value={name}
          size={Math.max(4, name.length)}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.value = name;
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
          }}
          onChange={(event) => {
            const typed = event.currentTarget.value.trim();
            event.currentTarget.value = name;
            // Emptied, it is named by itself again.
            if (typed === '') setOutput({ name: undefined });
            else if (NAME_RULE.test(typed)) setOutput({ name: typed });
          }}
        />
        <span>.{outputFormat(document, target)}</span>
      </span>
    </div>
  );
}

export function StartButton({ large }: { readonly large: boolean }): JSX.Element {
  const reason = startReason.value;
  return (
    <Button
      kind="primary"
      size={large ? 'lg' : 'md'}
      block={large}
      icon="play"
      busy={isStarting.value}
      keys={reason === undefined ? 'Ctrl+Enter' : undefined}
      disabledReason={reason === undefined ? undefined : t(reason)}
      describedBy={large ? 'start-why' : undefined}
      onClick={() => void startAction.run()}
    >
      {t('start')}
    </Button>
  );
}

export function Foot(): JSX.Element {
  const reason = startReason.value;
  const error = startError.value;
  const missing = missingProvider.value;
  return (
    <div class="foot">
      {missing !== undefined && (
        <div class="msg warning" role="alert">
          <span class="c-warning">
            <Icon name="warning" />
          </span>
          <span class="grow">{t('start.fallback', { provider: missing })}</span>
        </div>
      )}
      {error && (
        <div class="msg danger" role="alert">
          <span class="c-danger">
            <Icon name="warning" />
          </span>
          <span class="grow breaks">
            <span class="med">{t('start.failed')}</span>
            <ErrorText error={error} />
          </span>
        </div>
      )}
      {project.value.value.target !== undefined && <SavesAs />}
      <StartButton large />
      <p class="hint start-why" id="start-why">
        {reason === undefined ? startFacts() : t(reason)}
      </p>
    </div>
  );
}
