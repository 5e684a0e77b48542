/** One job: picture, name, how far it is, what can be done. Columns stay where they are whatever it does. */
import type { JSX } from 'preact';
import { Button } from '../../components/button.tsx';
import { MenuButton, type MenuItem } from '../../components/select.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { canKeep, nameOf, peopleOf, presetOf } from '../../state/job-facts.ts';
import { isOpen, type Job } from '../../state/jobs.ts';
import { isEnding } from '../../state/queue.ts';
import { applySettings } from '../../state/use-again.ts';
import { presetName } from '../right/preset-name.ts';
import { cancelOne, clearFromList, copyText, keepOne, openResult, retryOne } from './job-acts.ts';
import { JobThumb } from './job-thumb.tsx';
import { EndLine, WaitingLine } from './outcome-line.tsx';
import { ProgressLine } from './progress-line.tsx';
import { moveBy, startDrag } from './reorder.ts';

/** `Balanced, 2 people`. */
export function factsOf(job: Job): string {
  const preset = presetOf(job);
  const people = peopleOf(job);
  return [
    ...(preset === undefined ? [] : [presetName(preset)]),
    ...(people === undefined ? [] : [t(people === 1 ? 'job.person' : 'job.people', { n: people })]),
  ].join(t('list.comma'));
}

export interface JobRowProps {
  readonly job: Job;
  /** From 0, of a waiting job. */
  readonly place: number;
  readonly onDelete: (job: Job) => void;
}

export function itemsOf(job: Job, onDelete: (job: Job) => void): readonly MenuItem[] {
  return [
    ...(job.state === 'queued'
      ? ([
          { label: t('job.moveUp'), icon: 'chevronUp', run: () => void moveBy(job.id, -1) },
          { label: t('job.moveDown'), icon: 'chevronDown', run: () => void moveBy(job.id, 1) },
        ] as const)
      : []),
    { label: t('job.settings'), icon: 'sliders', run: () => void applySettings(job) },
    ...(canKeep(job) && !isOpen(job)
      ? ([{ label: t('job.keep'), icon: 'film', run: () => void keepOne(job) }] as const)
      : []),
    { label: t('job.copyId'), icon: 'copy', run: () => void copyText(job.id) },
    ...(isOpen(job)
      ? []
      : ([
          { label: t('job.clear'), icon: 'check', run: () => clearFromList([job]) },
          { label: t('job.remove'), icon: 'trash', danger: true, run: () => onDelete(job) },
        ] as const)),
  ];
}

export function JobRow({ job, place, onDelete }: JobRowProps): JSX.Element {
  const name = nameOf(job);
  const isRunning = job.state === 'running';
  const canMove = job.state === 'queued';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && !isOpen(job)) openResult(job);
    else if (event.key === 'Delete' && isOpen(job)) void cancelOne(job);
    else if (event.altKey && canMove && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const row = event.currentTarget as HTMLElement;
      // A row that goes to another place loses the focus in some browsers.
      void moveBy(job.id, event.key === 'ArrowUp' ? -1 : 1).then(() => row.focus());
    } else return;
    event.preventDefault();
  };
  return (
    <li
      class={isRunning ? 'job run' : 'job'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: rows that open something are in the tab order (DESIGN.md §4).
      tabIndex={0}
      aria-label={name}
      data-job={job.id}
      onKeyDown={onKeyDown}
    >
      {canMove ? (
        <span class="grip can-move" title={t('job.drag')} onPointerDown={(event) => startDrag(event, job.id)}>
          <Icon name="grip" />
        </span>
      ) : (
        <span class="grip" />
      )}
      <JobThumb job={job} />
      <div class="what">
        <div class="med cut" title={name}>
          <bdi>{name}</bdi>
        </div>
        <div class="xs t3 cut">{factsOf(job)}</div>
      </div>
      <div class="how">
        {isRunning ? (
          <ProgressLine job={job} />
        ) : job.state === 'queued' ? (
          <WaitingLine job={job} place={place} />
        ) : (
          <EndLine job={job} />
        )}
      </div>
      <div class="acts">
        <JobButton job={job} />
        <MenuButton label={t('job.more', { name })} items={itemsOf(job, onDelete)} />
      </div>
    </li>
  );
}

/** The one thing that is done with a job in this state. */
function JobButton({ job }: { readonly job: Job }): JSX.Element {
  if (isOpen(job)) {
    return (
      <Button
        size="sm"
        kind={job.state === 'running' ? 'plain' : 'ghost'}
        busy={isEnding(job)}
        label={t('job.cancelOf', { name: nameOf(job) })}
        onClick={() => void cancelOne(job)}
      >
        {t('job.cancel')}
      </Button>
    );
  }
  if (job.state === 'completed') {
    return (
      <Button size="sm" label={t('job.openOf', { name: nameOf(job) })} onClick={() => openResult(job)}>
        {t('job.open')}
      </Button>
    );
  }
  return (
    <>
      {job.state === 'failed' && (
        <Button size="sm" kind="ghost" onClick={() => openResult(job)}>
          {t('job.why')}
        </Button>
      )}
      {job.state === 'cancelled' && canKeep(job) && (
        <Button size="sm" kind="ghost" label={t('job.keepOf', { name: nameOf(job) })} onClick={() => void keepOne(job)}>
          {t('job.keep')}
        </Button>
      )}
      <Button size="sm" icon="retry" onClick={() => void retryOne(job)}>
        {t(job.state === 'failed' ? 'job.retry' : 'job.resume')}
      </Button>
    </>
  );
}
