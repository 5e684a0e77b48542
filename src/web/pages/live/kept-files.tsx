/** What was kept: to download, and to be verified. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { formatBytes, formatNumber, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { recording } from '../../state/live-now.ts';
import { downloadKept, iconOf, type Kept, kept, verifyKept } from './live-kept.ts';

export const KeptFiles = (): JSX.Element => (
  <section>
    <div class="h">
      <h2 id="live-kept">{t('live.kept')}</h2>
    </div>
    {recording.value.state === 'finishing' && (
      <p class="hint" role="status">
        {t('live.recording.finishing')}
      </p>
    )}
    {kept.value.length === 0 ? (
      <p class="hint">{t('live.kept.none')}</p>
    ) : (
      <ul class="live-kept" aria-labelledby="live-kept">
        {kept.value.map((one) => (
          <Row key={one.asset.id} one={one} />
        ))}
      </ul>
    )}
  </section>
);

function Row({ one }: { readonly one: Kept }): JSX.Element {
  const { fileName, bytes } = one.asset;
  const size = formatBytes(bytes);
  return (
    <li>
      <Icon name={iconOf(one)} />
      <span class="grow">
        <span class="cut" title={fileName}>
          {fileName}
        </span>
        <span class="xs t3 tnum">
          {one.auditEntry === undefined ? size : t('live.kept.facts', { size, entry: formatNumber(one.auditEntry) })}
        </span>
      </span>
      <IconButton icon="shield" label={t('live.kept.verify', { name: fileName })} onClick={() => verifyKept(one)} />
      <IconButton
        icon="download"
        label={t('live.kept.downloadNamed', { name: fileName })}
        onClick={() => void downloadKept(one)}
      />
    </li>
  );
}
