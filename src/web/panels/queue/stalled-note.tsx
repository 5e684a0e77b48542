/** Why nothing is begun, and what can be done. */
import type { JSX } from 'preact';
import { formatBytes, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import type { Schemas } from '../../state/api.ts';

export function StalledNote({
  of: { freeBytes, wantedBytes, folder },
}: {
  readonly of: Pick<Schemas['Stalled'], 'freeBytes' | 'wantedBytes' | 'folder'>;
}): JSX.Element {
  const values = { free: formatBytes(freeBytes), wanted: formatBytes(wantedBytes) };
  return (
    <div class="msg warning queue-paused" role="status">
      <span class="c-warning">
        <Icon name="warning" />
      </span>
      <div>
        <p class="strong">{t('stalled.title')}</p>
        <p>{folder === undefined ? t('stalled.why', values) : t('stalled.why.folder', { ...values, folder })}</p>
        <p class="t2">{t('stalled.next')}</p>
      </div>
    </div>
  );
}
