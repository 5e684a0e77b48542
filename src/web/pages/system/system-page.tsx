/** The machine: providers and why not, checks, work, models with their licences. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Skeleton } from '../../components/progress.tsx';
import { formatBytes, formatDuration, formatNumber, type TextKey, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { copyText } from '../../panels/queue/job-acts.ts';
import type { Schemas } from '../../state/api.ts';
import { loadCatalogue, models } from '../../state/catalogue.ts';
import { isChecking, loadSystem, provider, providerName, system, systemError, usage } from '../../state/system.ts';
import { checkWords, providerWords } from './check-words.ts';
import { ModelTable } from './model-table.tsx';
import { MemoryBox, StorageBox } from './resources.tsx';

const load = (): void => {
  void loadSystem();
  loadCatalogue().catch(() => undefined);
};

export default function SystemPage(): JSX.Element {
  useEffect(load, []);
  const report = system.value;
  return (
    <main class="page">
      <div class="page-in">
        <div class="page-h">
          <div>
            <h1>{t('system.title')}</h1>
            <p>
              {t('system.lead')} <span class="mono">facefusion doctor</span>
              {report && <span class="t3">{` · ${t('system.version')} ${report.version}`}</span>}
            </p>
          </div>
          <span class="grow" />
          <Button
            icon="copy"
            disabledReason={report ? undefined : t('system.failed')}
            onClick={() => void copyText(JSON.stringify({ system: report, models: models.value }, undefined, 2))}
          >
            {t('system.copy')}
          </Button>
          <Button icon="retry" busy={isChecking.value} onClick={load}>
            {t('system.again')}
          </Button>
        </div>
        {systemError.value && (
          <div class="msg danger" role="alert">
            <span class="c-danger">
              <Icon name="warning" />
            </span>
            <div>
              <p class="strong">{t('system.failed')}</p>
              <ErrorText error={systemError.value} />
            </div>
          </div>
        )}
        {report ? <Report report={report} /> : !systemError.value && <Skeleton height={320} />}
        <ModelTable models={models.value} />
      </div>
    </main>
  );
}

const Report = ({ report }: { readonly report: Schemas['System'] }): JSX.Element => (
  <>
    <div class="grid2 system-grid">
      <Providers report={report} />
      <MemoryBox resources={report.resources} />
      <StorageBox resources={report.resources} />
    </div>
    <div class="grid2 system-work">
      <Work report={report} />
      <Used />
    </div>
    <section class="box system-checks">
      <div class="bh">
        <h2>{t('system.checks')}</h2>
      </div>
      <ul>
        {report.checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </ul>
    </section>
  </>
);

function CheckRow({ check }: { readonly check: Schemas['System']['checks'][number] }): JSX.Element {
  const { name, status } = check;
  const { text, fix, isOriginal, isFixOriginal = isOriginal } = checkWords(check);
  return (
    <li class="li">
      <span class={`c-${STATUS[status]}`}>
        <Icon name={status === 'OK' ? 'check' : 'warning'} />
      </span>
      <span class="med check-name">{NAMES[name] ? t(NAMES[name]) : name}</span>
      <span class="grow t2" lang={isOriginal ? 'en' : undefined}>
        {text}
        {fix && (
          <span class="check-fix" lang={isFixOriginal ? 'en' : undefined}>
            {fix}
          </span>
        )}
      </span>
      {status !== 'OK' && <span class={`chip ${STATUS[status]}`}>{t(CHECKS[status])}</span>}
    </li>
  );
}

/** Of checks; another one is called as the service calls it. */
const NAMES: Readonly<Record<string, TextKey>> = {
  node: 'system.checked.node',
  ffmpeg: 'system.checked.ffmpeg',
  encoders: 'system.checked.encoders',
  models: 'system.checked.models',
  disk: 'system.checked.disk',
  memory: 'system.checked.memory',
  gpu: 'system.checked.gpu',
};

const STATUS = { OK: 'success', WARN: 'warning', FAIL: 'danger' } as const;
const CHECKS = {
  OK: 'system.check.OK',
  WARN: 'system.check.WARN',
  FAIL: 'system.check.FAIL',
} as const satisfies Record<string, TextKey>;

function Providers({ report }: { readonly report: Schemas['System'] }): JSX.Element {
  const used = provider.value;
  const missing = report.providers.filter(({ works }) => !works);
  return (
    <section class="box">
      <div class="bh">
        <h2>{t('system.provider')}</h2>
        <span class="grow" />
        <span class={used ? 'chip success' : 'chip danger'}>
          <span class="dot" />
          {used ? t('system.inUse', { name: providerName(used.id) }) : t('system.noProvider')}
        </span>
      </div>
      <ul>
        {report.providers
          .filter(({ works }) => works)
          .map((one) => (
            <ProviderRow key={one.id} provider={one} />
          ))}
        {missing.slice(0, SHOWN_MISSING).map((one) => (
          <ProviderRow key={one.id} provider={one} />
        ))}
      </ul>
      {missing.length > SHOWN_MISSING && (
        <details class="more-providers">
          <summary>{t('system.more', { n: missing.length - SHOWN_MISSING })}</summary>
          <ul>
            {missing.slice(SHOWN_MISSING).map((one) => (
              <ProviderRow key={one.id} provider={one} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Of those that do not work: the ones that most people look for come first. */
const SHOWN_MISSING = 2;

function ProviderRow({ provider }: { readonly provider: Schemas['System']['providers'][number] }): JSX.Element {
  const { id, title, works, milliseconds, reason } = provider;
  const { text, fix, isOriginal } = providerWords(provider);
  const lang = isOriginal ? 'en' : undefined;
  return (
    <li class="li">
      <span class={works ? 'c-success' : 't3'}>
        <Icon name={works ? 'check' : 'block'} />
      </span>
      <span class="med provider-name" title={title}>
        {providerName(id)}
      </span>
      <span class="t2 grow">
        {!works ? (
          <span class="two-lines" title={reason} lang={lang}>
            {t('system.unavailable', { why: text })}
          </span>
        ) : milliseconds === undefined ? (
          t('system.ready')
        ) : (
          t('system.readyIn', { ms: formatNumber(milliseconds, 1) })
        )}
        {!works && fix && (
          <details>
            <summary>{t('system.getIt')}</summary>
            <span lang={lang}>{fix}</span>
          </details>
        )}
      </span>
    </li>
  );
}

function Work({ report: { workers, queue, isPaused } }: { readonly report: Schemas['System'] }): JSX.Element {
  const sum = (pick: (one: Schemas['System']['workers'][number]) => number): number =>
    workers.reduce((all, one) => all + pick(one), 0);
  const [busy, all] = [sum((one) => one.busy), sum((one) => one.concurrency)];
  const lanes = (pick: (lane: Schemas['System']['queue'][number]) => number): number =>
    queue.reduce((count, lane) => count + pick(lane), 0);
  const oldest = Math.max(0, ...queue.map(({ oldestSeconds }) => oldestSeconds));
  return (
    <section class="box">
      <div class="bh">
        <h2>{t('system.work')}</h2>
      </div>
      <div class="col system-facts">
        {isPaused && <p class="c-warning">{t('system.paused')}</p>}
        <div class="label">
          {t('system.workers')}
          <span class="val">{t('system.busy', { busy, all })}</span>
        </div>
        <span class="meter" aria-hidden="true">
          <i style={{ '--v': all > 0 ? `${(busy / all) * 100}%` : '0%' }} />
        </span>
        <Fact name={t('system.memory')} value={formatBytes(sum((one) => one.memoryBytes))} />
        <Fact name={t('system.active')} value={formatNumber(lanes(({ active }) => active))} />
        <Fact name={t('system.waiting')} value={formatNumber(lanes(({ waiting }) => waiting))} />
        <Fact name={t('system.oldest')} value={oldest > 0 ? formatDuration(oldest) : '–'} />
      </div>
    </section>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }): JSX.Element => (
  <div class="label">
    {name}
    <span class="val">{value}</span>
  </div>
);

function Used(): JSX.Element {
  const total = usage.value?.total;
  return (
    <section class="box">
      <div class="bh">
        <h2>{t('system.usage')}</h2>
      </div>
      <div class="col system-facts">
        <Fact name={t('system.usage.jobs')} value={total ? formatNumber(total.jobs) : '–'} />
        <Fact name={t('system.usage.video')} value={total ? formatDuration(total.videoSeconds) : '–'} />
        <Fact
          name={t('system.usage.photos')}
          value={total ? t('system.usage.megapixels', { n: formatNumber(total.megapixels, 1) }) : '–'}
        />
        <Fact name={t('system.usage.in')} value={total ? formatBytes(total.bytesUploaded) : '–'} />
        <Fact name={t('system.usage.out')} value={total ? formatBytes(total.bytesStored) : '–'} />
      </div>
    </section>
  );
}
