/** Who agreed: asked once a project, before the first export. Nothing is chosen beforehand. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../components/button.tsx';
import { moveInRadios } from '../components/controls.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorText } from '../components/error-text.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { ApiError, ownError } from '../state/api.ts';
import { type ConsentKind, stateConsent } from '../state/consents.ts';
import { projectName } from '../state/projects.ts';
import { consentOpen, start } from '../state/start.ts';

const CHOICES: readonly { readonly kind: ConsentKind; readonly label: TextKey; readonly hint?: TextKey }[] = [
  { kind: 'written-consent', label: 'consent.written', hint: 'consent.written.hint' },
  { kind: 'own-face', label: 'consent.self' },
  { kind: 'licensed', label: 'consent.licensed', hint: 'consent.licensed.hint' },
  { kind: 'public-domain-or-synthetic', label: 'consent.synthetic', hint: 'consent.synthetic.hint' },
];

/** As long as the audit log takes. */
const LONGEST_REFERENCE = 500;

/** @param onDone what was about to begin when it was asked */
export default function Consent({ onDone = () => void start() }: { readonly onDone?: () => void }): JSX.Element {
  const [kind, setKind] = useState<ConsentKind>();
  const [reference, setReference] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const close = (): void => {
    consentOpen.value = false;
  };
  const confirm = async (): Promise<void> => {
    if (kind === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      await stateConsent(kind, reference.trim());
      close();
      onDone();
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : ownError('OFFLINE'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('consent.title')}
      look="dialog"
      lead={
        <span class="msgicon accent">
          <Icon name="shield" size={20} />
        </span>
      }
      footer={
        <>
          <Button kind="ghost" onClick={close}>
            {t('consent.later')}
          </Button>
          <Button
            kind="primary"
            busy={isBusy}
            disabledReason={kind === undefined ? t('consent.choose') : undefined}
            onClick={() => void confirm()}
          >
            {t('consent.confirm')}
          </Button>
        </>
      }
      onClose={close}
    >
      <p class="t2">{t('consent.lead', { project: projectName() })}</p>
      <p class="med consent-question" id="consent-question">
        {t('consent.question')}
      </p>
      <div role="radiogroup" aria-labelledby="consent-question" class="consent-choices">
        {CHOICES.map((choice, at) => (
          <button
            type="button"
            role="radio"
            key={choice.kind}
            aria-checked={kind === choice.kind}
            tabIndex={kind === choice.kind || (kind === undefined && at === 0) ? 0 : -1}
            class={kind === choice.kind ? 'check choice on' : 'check choice'}
            onKeyDown={moveInRadios}
            onClick={() => setKind(choice.kind)}
          >
            <span class={kind === choice.kind ? 'box radio on' : 'box radio'} />
            <span>
              {t(choice.label)}
              {choice.hint && <span class="hint block">{t(choice.hint)}</span>}
            </span>
          </button>
        ))}
      </div>
      <label class="col consent-reference">
        <span class="med">
          {t('consent.reference')} <span class="t3">{t('consent.optional')}</span>
        </span>
        <input
          class="field"
          dir="auto"
          maxLength={LONGEST_REFERENCE}
          value={reference}
          onInput={(event) => setReference(event.currentTarget.value)}
        />
      </label>
      <p class="t2 consent-mark">
        <span class="t3">
          <Icon name="lock" />
        </span>
        <span>{t('consent.mark')}</span>
      </p>
      {error && (
        <div class="hint err" role="alert">
          <ErrorText error={error} />
        </div>
      )}
    </Dialog>
  );
}
