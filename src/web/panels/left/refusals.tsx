/** Files that could not be taken, and why. The rest is where it was. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { dismiss, type Refusal, refusals } from '../../state/intake.ts';

export function Refusals({ place }: { readonly place: Refusal['place'] }): JSX.Element | null {
  const here = refusals.value.filter((refusal) => refusal.place === place);
  if (here.length === 0) return null;
  return (
    <div class="refusals" role="alert">
      {here.map(({ id, fileName, error }) => (
        <div class="msg danger" key={id}>
          <span class="c-danger">
            <Icon name="warning" />
          </span>
          <span class="grow">
            <span class="med breaks" dir="auto">
              {fileName}
            </span>
            <ErrorText error={error} />
          </span>
          <IconButton icon="x" label={t('dismiss')} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
