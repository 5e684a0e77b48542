/** The conclusion, then each proof by itself: credentials, watermark, label, log. */
import type { ComponentChildren, JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { formatNumber, locale, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { copyText } from '../../panels/queue/job-acts.ts';
import { errorLine } from '../../state/error-words.ts';
import { restoreFrom } from '../../state/restore-settings.ts';
import { showToast } from '../../state/toasts.ts';
import type { Verdict } from '../../state/verdicts.ts';
import { addressOf } from '../../state/view.ts';
import { concludeFrom } from './conclusion.ts';

export const formatTime = (iso: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

type ProofKind = 'success' | 'warning' | 'danger' | 'none';

interface ProofProps {
  readonly title: string;
  readonly kind: ProofKind;
  readonly chip: string;
  readonly children: ComponentChildren;
}

const Proof = ({ title, kind, chip, children }: ProofProps): JSX.Element => (
  <div class="li">
    <span class={kind === 'none' ? 't3' : `c-${kind}`}>
      <Icon name={kind === 'success' ? 'check' : kind === 'none' ? 'info' : 'warning'} />
    </span>
    <div class="grow">
      <div class="row">
        <h3 class="strong">{title}</h3>
        <span class={kind === 'none' ? 'chip end' : `chip ${kind} end`}>{chip}</span>
      </div>
      {children}
    </div>
  </div>
);

const STATES: Readonly<Record<Verdict['credentials']['state'], readonly [ProofKind, TextKey, TextKey]>> = {
  trusted: ['success', 'verify.state.trusted', 'verify.text.trusted'],
  valid: ['success', 'verify.state.valid', 'verify.text.valid'],
  invalid: ['danger', 'verify.state.invalid', 'verify.text.invalid'],
  none: ['none', 'verify.state.none', 'verify.text.none'],
  unknown: ['none', 'verify.state.unknown', 'verify.text.unknown'],
};

/** A word among the facts that the credentials carry. */
const wordOf = (credentials: Verdict['credentials'], name: string): string | undefined => {
  const value = credentials[name];
  return typeof value === 'string' ? value : undefined;
};

export interface VerdictCardsProps {
  readonly fileName: string;
  readonly verdict: Verdict;
}

export function VerdictCards({ fileName, verdict }: VerdictCardsProps): JSX.Element {
  const { kind, icon, title, text } = concludeFrom(verdict);
  return (
    <>
      <div class={`msg ${kind} verdict`}>
        <span class={`c-${kind}`}>
          <Icon name={icon} size={20} />
        </span>
        <div>
          <h2>{t(title)}</h2>
          <p>{t(text)}</p>
        </div>
      </div>
      <div class="box">
        <CredentialsProof verdict={verdict} />
        <MarkProof verdict={verdict} />
        <LabelProof verdict={verdict} />
        <LogProof verdict={verdict} />
      </div>
      <Log fileName={fileName} verdict={verdict} />
    </>
  );
}

interface WithVerdict {
  readonly verdict: Verdict;
}

function CredentialsProof({ verdict: { credentials } }: WithVerdict): JSX.Element {
  const [kind, chip, text] = STATES[credentials.state];
  const signer = wordOf(credentials, 'signer');
  const generator = wordOf(credentials, 'generator');
  const reason = wordOf(credentials, 'reason');
  const ingredients = Array.isArray(credentials.ingredients) ? (credentials.ingredients as readonly unknown[]) : [];
  const titles = ingredients.flatMap((one) =>
    typeof one === 'object' && one !== null && 'title' in one && typeof one.title === 'string' ? [one.title] : [],
  );
  return (
    <Proof title={t('verify.credentials')} kind={kind} chip={t(chip)}>
      <p class="t2">
        {t(text)} {reason}
      </p>
      {signer !== undefined && (
        <p class="t2">
          {t('verify.signer', { name: signer })}
          {generator !== undefined && `, ${generator}`}
        </p>
      )}
      {titles.length > 0 && <p class="mono t3 proof-ids">{t('verify.madeFrom', { names: titles.join(', ') })}</p>}
    </Proof>
  );
}

function MarkProof({ verdict: { mark, couldReadMark } }: WithVerdict): JSX.Element {
  if (!mark) {
    return (
      <Proof title={t('verify.watermark')} kind="none" chip={t(couldReadMark ? 'verify.notFound' : 'verify.notRead')}>
        <p class="t2">{t(couldReadMark ? 'verify.markNone' : 'verify.markUnread')}</p>
      </Proof>
    );
  }
  const sigma = formatNumber(mark.confidence, 1);
  return (
    <Proof title={t('verify.watermark')} kind="success" chip={t('verify.found')}>
      <p class="t2">
        {mark.frame === undefined
          ? t('verify.markText', { sigma })
          : t('verify.markFrame', { sigma, frame: mark.frame })}
      </p>
      <p class="mono t3 proof-ids">{t('verify.markIds', { installation: mark.installation, job: mark.job })}</p>
    </Proof>
  );
}

function LabelProof({ verdict: { aigc, saysAltered, mark } }: WithVerdict): JSX.Element {
  return (
    <Proof
      title={t('verify.label')}
      // Of one's own work the label is what it should have.
      kind={aigc?.isSignedHere || (saysAltered && mark) ? 'success' : saysAltered ? 'warning' : 'none'}
      chip={t(
        aigc
          ? aigc.isSignedHere
            ? 'verify.labelHere'
            : 'verify.labelElse'
          : saysAltered
            ? 'verify.found'
            : 'verify.notFound',
      )}
    >
      <p class="t2">
        {aigc
          ? t('verify.labelText', { label: aigc.label, producer: aigc.producer, id: aigc.produceId })
          : t('verify.labelNone')}
      </p>
      {saysAltered && <p class="t2">{t('verify.says')}</p>}
    </Proof>
  );
}

/** Of files that were made in the same way, one as good as the other. */
const ENTRIES_SHOWN = 3;

function LogProof({ verdict: { recorded } }: WithVerdict): JSX.Element {
  const n = recorded.length;
  return (
    <Proof
      title={t('verify.audit')}
      kind={n > 0 ? 'success' : 'none'}
      chip={n === 0 ? t('verify.noMatch') : t(n === 1 ? 'verify.matches' : 'verify.manyMatches', { n })}
    >
      {n === 0 ? (
        <p class="t2">{t('verify.auditNone')}</p>
      ) : (
        recorded.slice(0, ENTRIES_SHOWN).map(({ entry, time }) => (
          <p class="t2" key={entry}>
            {t('verify.auditText', { entry, time: formatTime(time) })}
          </p>
        ))
      )}
      {n > ENTRIES_SHOWN && <p class="t3">{t('verify.auditMore', { n: n - ENTRIES_SHOWN })}</p>}
    </Proof>
  );
}

/** To the workspace, with the settings that made the file. */
async function restore(fileName: string, verdict: Verdict): Promise<void> {
  try {
    if (await restoreFrom(verdict)) location.hash = addressOf('swap');
    else showToast({ kind: 'warning', text: t('restore.nothing', { file: fileName }) });
  } catch (error) {
    showToast({ kind: 'danger', text: errorLine(error) });
  }
}

function Log({ fileName, verdict }: VerdictCardsProps): JSX.Element {
  const newest = verdict.recorded.find(({ isSame }) => isSame) ?? verdict.recorded[0];
  const rows: readonly (readonly [string, string, boolean])[] = [
    ...(newest
      ? ([
          [t('verify.published'), formatTime(newest.time), false],
          [t('verify.same'), t(newest.isSame ? 'verify.sameYes' : 'verify.sameNo'), false],
          [t('verify.processors'), newest.processors.join(', '), false],
          [t('result.auditId'), newest.job, true],
        ] as const)
      : []),
    [t('verify.hash'), verdict.sha256, true],
  ];
  return (
    <section class="box">
      <div class="bh">
        <h2>{newest ? t('verify.log') : t('verify.same')}</h2>
        <span class="grow" />
        {newest && (
          <Button size="sm" icon="sliders" onClick={() => void restore(fileName, verdict)}>
            {t('verify.restore')}
          </Button>
        )}
        <Button
          kind="ghost"
          size="sm"
          icon="copy"
          onClick={() => void copyText(JSON.stringify({ file: fileName, ...verdict }, undefined, 2))}
        >
          {t('verify.copy')}
        </Button>
      </div>
      <dl class="kv verify-log">
        {rows.map(([name, value, isMono]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd class={isMono ? 'mono' : undefined}>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
