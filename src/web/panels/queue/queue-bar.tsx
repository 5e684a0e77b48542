/** The line at the foot of the page: the running job, what waits, and whether the service is there. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { formatDuration, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { isOnline } from '../../state/api.ts';
import { expectedSeconds, nameOf, progressOf } from '../../state/job-facts.ts';
import { type Job, running, shareOf, waiting } from '../../state/jobs.ts';
import { counts } from '../../state/queue.ts';
import { queueOpen } from '../../state/view.ts';
import { JobSpeaker } from './job-speaker.tsx';
import { percentOf } from './progress-line.tsx';

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
export const isLocal = LOCAL_HOSTS.includes(location.hostname);

/** Until the last job is done; undefined where one of them cannot be told. */
function allDoneIn(): number | undefined {
  const parts = [
    ...running.value.map((job) => progressOf(job)?.etaSeconds),
    ...waiting.value.map((job) => expectedSeconds(job)),
  ];
  if (parts.length === 0) return undefined;
  return parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  );
}

export const QueueBar = (): JSX.Element => {
  const [job] = running.value;
  return (
    <footer class="queuebar">
      <Icon name="list" />
      <button type="button" class="med qtitle" onClick={() => (queueOpen.value = !queueOpen.value)}>
        {t('queue.title')}
      </button>
      {queueOpen.value ? <AllDone /> : job ? <RunningJob job={job} /> : <Idle />}
      <span class="end row t3">
        {isOnline.value ? (
          <>
            <Icon name={isLocal ? 'lock' : 'globe'} size={14} />
            <span class="xs net">{isLocal ? t('net.online') : t('net.remote', { host: location.host })}</span>
          </>
        ) : (
          <span class="row c-warning" role="status">
            <Icon name="warning" size={14} />
            <span class="xs">{t('net.offline')}</span>
          </span>
        )}
      </span>
      <IconButton
        icon={queueOpen.value ? 'chevronDown' : 'chevronUp'}
        label={t(queueOpen.value ? 'queue.close' : 'queue.open')}
        keys="q"
        expanded={queueOpen.value}
        onClick={() => (queueOpen.value = !queueOpen.value)}
      />
      <JobSpeaker />
    </footer>
  );
};

function AllDone(): JSX.Element | null {
  const seconds = allDoneIn();
  if (seconds === undefined) return <Idle />;
  return (
    <>
      <span class="vline" />
      <span class="t2 cut">{t('queue.allDone', { time: formatDuration(seconds) })}</span>
    </>
  );
}

function Idle(): JSX.Element {
  const { running: runs, waiting: waits, failed, cancelled, finished } = counts.value;
  const parts = [
    ...(waits > 0 ? [t('queue.counts.waiting', { n: waits })] : []),
    ...(failed > 0 ? [t('queue.counts.failed', { n: failed })] : []),
    ...(cancelled > 0 ? [t('queue.counts.cancelled', { n: cancelled })] : []),
    ...(finished > 0 ? [t('queue.counts.finished', { n: finished })] : []),
  ];
  return (
    <span class="t3 cut">{parts.length > 0 ? parts.join(t('list.comma')) : runs > 0 ? '' : t('queue.empty')}</span>
  );
}

function RunningJob({ job }: { readonly job: Job }): JSX.Element {
  const share = shareOf(job.id);
  const left = progressOf(job)?.etaSeconds;
  const waits = waiting.value.length;
  return (
    <>
      <span class="vline" />
      <bdi class="cut qname">{nameOf(job)}</bdi>
      <Progress key={progressOf(job)?.stage} label={t('job.progressOf', { name: nameOf(job) })} share={share} />
      <span class="t2 qpercent">{percentOf(share)}</span>
      <span class="t3 qleft">{left === undefined ? '' : t('job.leftIn', { time: formatDuration(left) })}</span>
      {waits > 0 && (
        <>
          <span class="vline" />
          <span class="t3 qwaits">{t('queue.counts.waiting', { n: waits })}</span>
        </>
      )}
    </>
  );
}
