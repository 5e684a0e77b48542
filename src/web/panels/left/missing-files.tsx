/** Files that the project is about and that are not here: as those of a project that came from elsewhere. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project } from '../../state/document.ts';
import { takeFiles } from '../../state/intake.ts';
import { MEDIA, pickFiles } from '../../state/pick-files.ts';

/** Names that are told; the others are counted. */
const TOLD = 4;

export function MissingFiles(): JSX.Element | null {
  const { missing } = project.value.value;
  if (missing.length === 0) return null;
  const choose = async (): Promise<void> => {
    const files = await pickFiles(MEDIA, true);
    if (files.length > 0) await takeFiles(files, { kind: 'missing' });
  };
  return (
    <section class="missing-files" data-testid="missing-files">
      <div class="msg warning">
        <span class="c-warning">
          <Icon name="warning" />
        </span>
        <span class="grow col">
          <span class="med">
            {missing.length === 1 ? t('missing.one') : t('missing.title', { count: missing.length })}
          </span>
          <ul class="plain">
            {missing.slice(0, TOLD).map(({ asset, fileName }) => (
              <li key={asset} class="breaks" dir="auto">
                {fileName}
              </li>
            ))}
          </ul>
          {missing.length > TOLD && <span class="t2">{t('missing.more', { count: missing.length - TOLD })}</span>}
          <span class="xs t2">{t('missing.hint')}</span>
          <span>
            <Button size="sm" icon="upload" onClick={() => void choose()}>
              {t('missing.choose')}
            </Button>
          </span>
        </span>
      </div>
    </section>
  );
}
