/** What the audit log says of the output: credentials, watermark, entry; and the way to check the file itself. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/progress.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { copyText } from '../../panels/queue/job-acts.ts';
import type { Schemas } from '../../state/api.ts';
import { type AuditEntry, factOf, readAudit } from '../../state/audit.ts';
import type { Job } from '../../state/jobs.ts';
import { verifyOutput } from '../../state/verdicts.ts';
import { addressOf } from '../../state/view.ts';

type Found = { readonly entry: AuditEntry | undefined } | 'forbidden' | 'failed' | undefined;

export interface ProvenanceProps {
  readonly job: Job;
  readonly output: Schemas['JobOutput'];
}

export function Provenance({ job, output }: ProvenanceProps): JSX.Element {
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    let isCurrent = true;
    readAudit(job.id).then(
      (entries) => {
        if (!isCurrent) return;
        if (entries === 'forbidden') setFound('forbidden');
        else setFound({ entry: entries.findLast(({ kind }) => kind === 'output.published') });
      },
      () => isCurrent && setFound('failed'),
    );
    return () => {
      isCurrent = false;
    };
  }, [job.id]);
  const entry = typeof found === 'object' ? found.entry : undefined;
  return (
    <section>
      <div class="h">
        <h2>{t('result.provenance')}</h2>
        <span class="grow" />
        {entry && (
          <span class="chip success">
            <Icon name="shield" />
            {t('result.readBack')}
          </span>
        )}
      </div>
      {found === undefined ? <Skeleton height={76} /> : <Facts entry={entry} state={found} />}
      {job.audit !== undefined && (
        <div class="auditid">
          <span class="t3">{t('result.auditId')}</span>
          <span class="mono grow">{job.audit}</span>
          <IconButton icon="copy" label={t('result.copyAudit')} onClick={() => void copyText(job.audit ?? '')} />
        </div>
      )}
      <div class="verify-this">
        <Button
          block
          icon="shield"
          onClick={() => {
            location.hash = addressOf('verify');
            void verifyOutput(output);
          }}
        >
          {t('result.verify')}
        </Button>
      </div>
    </section>
  );
}

function Facts({ entry, state }: { readonly entry: AuditEntry | undefined; readonly state: Found }): JSX.Element {
  if (!entry) {
    return <p class="t2">{state === 'forbidden' ? t('result.notLogged') : t('verify.noMatch')}</p>;
  }
  const isSigned = factOf(entry, 'credentials') === 'embedded';
  const lines: readonly (readonly [boolean, string])[] = [
    [isSigned, isSigned ? t('result.credentials') : t('result.credentialsNone')],
    [factOf(entry, 'watermark') !== undefined, t('result.mark')],
    [true, t('result.logged', { entry: entry.seq })],
  ];
  return (
    <ul class="col">
      {lines.map(([isGood, text]) => (
        <li class="row" key={text}>
          <span class={isGood ? 'c-success' : 'c-warning'}>
            <Icon name={isGood ? 'check' : 'warning'} />
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
