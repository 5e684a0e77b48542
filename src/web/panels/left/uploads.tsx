/** Files on their way, in bytes. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { formatBytes, t } from '../../i18n/i18n.ts';
import { uploads } from '../../state/assets.ts';

export function Uploads(): JSX.Element | null {
  if (uploads.value.length === 0) return null;
  return (
    <section aria-label={t('upload.title')}>
      <div class="h">
        <h2>{t('upload.title')}</h2>
        <span class="count">{uploads.value.length}</span>
      </div>
      {uploads.value.map(({ id, fileName, sentBytes, bytes, abort }) => (
        <div class="upload" key={id}>
          <span class="cut" dir="auto">
            {fileName}
          </span>
          <span class="t3 xs">{t('upload.of', { sent: formatBytes(sentBytes), all: formatBytes(bytes) })}</span>
          <IconButton icon="x" label={t('upload.cancel', { file: fileName })} onClick={abort} />
          <Progress label={fileName} share={sentBytes / bytes} />
        </div>
      ))}
    </section>
  );
}
