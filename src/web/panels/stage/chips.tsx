/** What is written over a picture: the frame that its pixels are of, and how good they are. */
import type { JSX } from 'preact';
import { previewNowAction } from '../../actions/stage.ts';
import { formatDuration, formatTimecode, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { fullSeconds } from '../../state/preview.ts';
import { fps } from '../../state/target.ts';
import { quality, shownFrame, shownResult } from './what-is-shown.ts';

export const FrameChip = (): JSX.Element | null =>
  shownFrame.value === undefined ? null : (
    <div class="hud tl">
      <span class="chip onpic" data-frame={shownFrame.value}>
        {t('stage.frame', { frame: shownFrame.value })}
        <span class="hud-2">{formatTimecode(shownFrame.value, fps.value)}</span>
      </span>
    </div>
  );

/** Of the result on the stage: why nothing of it was changed. */
const unchanged = (): string | undefined => {
  const frames = shownResult.value?.facts.frames;
  if (!frames || frames.changed > 0) return undefined;
  return t('no-face' in frames.leftAlone ? 'stage.noFaceHere' : 'stage.leftAlone');
};

const Text = ({ tone, text, more }: { readonly tone: string; readonly text: string; readonly more?: string }) => (
  <span class="chip onpic">
    <span class={`dot on-${tone}`} />
    {text}
    {more && <span class="hud-2">{more}</span>}
  </span>
);

function content(): JSX.Element | null {
  const now = quality.value;
  const result = shownResult.value;
  const reason = unchanged();
  if (now === 'full' && reason) return <Text tone="warning" text={reason} />;
  if (now === 'full') return <Text tone="success" text={t('stage.full')} more={formatDuration(result?.seconds ?? 0)} />;
  if (now === 'rangeOff') return <Text tone="off" text={t('stage.rangeOff')} />;
  if (now === 'unchanged') return <Text tone="warning" text={t('stage.noFaceHere')} />;
  if (now === 'draft') {
    const more =
      fullSeconds.value === undefined
        ? t('stage.draft.follows')
        : t('stage.draft.next', { time: formatDuration(fullSeconds.value) });
    return <Text tone="warning" text={t('stage.draft')} more={more} />;
  }
  if (now === 'playing') return <Text tone="info" text={t('stage.playing')} />;
  if (now === 'making') return <Text tone="info" text={t('stage.making')} />;
  if (now === 'updating') return <Text tone="warning" text={t('stage.updating')} />;
  if (now === undefined) return null;
  return (
    <>
      <Text tone="off" text={t(now === 'outdated' ? 'stage.outdated' : 'stage.previewOff')} />
      <button type="button" class="chip onpic" onClick={() => void previewNowAction.run()}>
        <Icon name="refresh" size={14} />
        {t('view.previewNow')}
      </button>
    </>
  );
}

export const QualityChip = (): JSX.Element => (
  <div class="hud tr" data-quality={quality.value ?? 'none'}>
    {content()}
  </div>
);
