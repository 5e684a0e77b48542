/** Drop any file: where it comes from, as far as marks, signatures and the log can tell. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { DropZone } from '../../components/drop-zone.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Progress, Skeleton } from '../../components/progress.tsx';
import { RefreshedPicture } from '../../components/refreshed-picture.tsx';
import { formatBytes, formatDuration, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { CARD_WIDTH, THUMB_WIDTH } from '../../panels/queue/job-thumb.tsx';
import { isLocal } from '../../panels/queue/queue-bar.tsx';
import { type Asset, frameUrl, uploads } from '../../state/assets.ts';
import { type Check, checks, shownCheck, verifyFile } from '../../state/verdicts.ts';
import { concludeFrom } from './conclusion.ts';
import { VerdictCards } from './verdict-cards.tsx';

const ACCEPT = 'image/*,video/*';

const take = (files: readonly File[]): void => {
  for (const file of files) void verifyFile(file);
};

/** A frame from its middle, of a video. */
const pictureOfAsset = (asset: Asset, width: number): string =>
  frameUrl(asset.id, Math.floor((asset.media.frames ?? 1) / 2), width);

export default function VerifyPage(): JSX.Element {
  const shown = checks.value.find(({ id }) => id === shownCheck.value);
  const others = checks.value.filter(({ id, verdict }) => id !== shown?.id && verdict);
  return (
    <main class="page">
      <div class="page-in">
        <div class="page-h">
          <div>
            <h1>{t('verify.title')}</h1>
            <p>{isLocal ? t('verify.lead') : t('verify.leadRemote', { host: location.host })}</p>
          </div>
        </div>
        <div class={shown ? 'grid2 verify-grid' : 'grid2'}>
          <div class="col gap-5">
            {shown && <Shown check={shown} />}
            <DropZone
              label={t('verify.zone')}
              accept={ACCEPT}
              multiple
              class={shown ? 'drop line verify-more' : 'drop verify-drop'}
              onFiles={take}
            >
              {(pick) =>
                shown ? (
                  <>
                    <Icon name="upload" />
                    <span>{t('verify.another')}</span>
                    <button type="button" class="link" onClick={pick}>
                      {t('verify.choose')}
                    </button>
                  </>
                ) : (
                  <>
                    <Icon name="shield" size={32} />
                    <span class="strong c-text">{t('verify.drop')}</span>
                    <Button kind="primary" icon="upload" onClick={pick}>
                      {t('verify.chooseFile')}
                    </Button>
                    <span class="verify-teach">{t('verify.teach')}</span>
                  </>
                )
              }
            </DropZone>
            {others.length > 0 && (
              <section class="box">
                <h2 class="bh">{t('verify.before')}</h2>
                {others.map((check) => (
                  <Before key={check.id} check={check} />
                ))}
              </section>
            )}
          </div>
          {shown && (
            <div class="col gap-5" aria-live="polite" aria-busy={!shown.verdict && !shown.error}>
              <Answer check={shown} />
            </div>
          )}
        </div>
      </div>
    </main>
  );
}

function Shown({ check: { fileName, asset } }: { readonly check: Check }): JSX.Element {
  const { media, bytes } = asset ?? {};
  const facts = [
    ...(media?.width && media.height ? [`${media.width} × ${media.height}`] : []),
    ...(media?.durationSeconds ? [formatDuration(media.durationSeconds)] : []),
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
  ];
  return (
    <div class="box verify-shown">
      <div class="pic">
        {asset && (
          <RefreshedPicture key={asset.id} path={pictureOfAsset(asset, CARD_WIDTH)} alt={fileName} fallback="image" />
        )}
      </div>
      <div class="li">
        <div class="grow">
          <bdi class="med cut verify-name">{fileName}</bdi>
          <div class="xs t3">{facts.join(t('list.comma')) || '–'}</div>
        </div>
      </div>
    </div>
  );
}

function Answer({ check: { fileName, asset, verdict, error } }: { readonly check: Check }): JSX.Element {
  if (error) {
    return (
      <div class="msg danger verdict" role="alert">
        <span class="c-danger">
          <Icon name="warning" size={20} />
        </span>
        <div>
          <h2>{t('verify.failed')}</h2>
          <ErrorText error={error} />
        </div>
      </div>
    );
  }
  if (verdict) return <VerdictCards fileName={fileName} verdict={verdict} />;
  const sent = uploads.value.find((upload) => upload.fileName === fileName);
  return (
    <>
      <div class="msg verdict">
        <div class="grow">
          <h2>{asset || !sent ? t('verify.looking') : t('verify.sending', { name: fileName })}</h2>
          {!asset && sent && (
            <>
              <p>{t('job.bytes', { done: formatBytes(sent.sentBytes), total: formatBytes(sent.bytes) })}</p>
              <Progress label={t('verify.sending', { name: fileName })} share={sent.sentBytes / sent.bytes} large />
            </>
          )}
        </div>
      </div>
      <Skeleton height={220} />
    </>
  );
}

function Before({ check }: { readonly check: Check }): JSX.Element | null {
  if (!check.verdict) return null;
  const { chip, kind, icon } = concludeFrom(check.verdict);
  return (
    <button
      type="button"
      class="li verify-before"
      onClick={() => {
        shownCheck.value = check.id;
      }}
    >
      <span class="thumb">
        {check.asset && <RefreshedPicture path={pictureOfAsset(check.asset, THUMB_WIDTH)} alt="" fallback="image" />}
      </span>
      <bdi class="grow cut">{check.fileName}</bdi>
      <span class={kind === 'info' ? 'chip' : `chip ${kind}`}>
        <Icon name={icon} />
        {t(chip)}
      </span>
    </button>
  );
}
