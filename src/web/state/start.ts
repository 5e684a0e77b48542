/** The third move: what keeps it back, and what it sends. */
import { computed, signal } from '@preact/signals';
import { type TextKey, t } from '../i18n/i18n.ts';
import { ApiError, ownError, type Schemas } from './api.ts';
import { assets } from './assets.ts';
import { type ProjectDocument, project } from './document.ts';
import { nameOf } from './job-facts.ts';
import { submitJob } from './jobs.ts';
import { outputFormat, outputName } from './output-name.ts';
import { people, shownPeople, sourceIn } from './people.ts';
import { processors } from './presets.ts';
import { previewError, previewsOn } from './preview.ts';
import { documentIn } from './range-settings.ts';
import { lackOf, toRanges, toRun } from './request.ts';
import { showToast } from './toasts.ts';
import { addressOf, queueOpen } from './view.ts';

type JobRequest = Schemas['JobRequest'];

/** True while jobs are on their way to the service. */
export const isStarting = signal(false);
export const startError = signal<ApiError | undefined>(undefined);
/** True while it is asked who agreed. */
export const consentOpen = signal(false);

/** Work on the whole picture: a target without a face is no reason against them. */
const OF_THE_FRAME: readonly string[] = ['frame_enhancer', 'frame_colorizer', 'background_remover', 'stylizer'];

/** Why it cannot be started; undefined: it can. */
export const startReason = computed<TextKey | undefined>(() => {
  const document = project.value.value;
  const { sources, target } = document;
  if (lackOf(document) !== undefined || sources.length === 0) {
    if (target === undefined && sources.length === 0) return 'start.needs';
    return lackOf(document) === 'target' ? 'start.needs.target' : 'start.needs.source';
  }
  // The whole run would end as its preview has.
  if (previewsOn.value && previewError.value?.facts?.category !== undefined) return 'start.blocked';
  if (processors.value.some((id) => OF_THE_FRAME.includes(id)) || people.value.state !== 'there') return undefined;
  if (shownPeople.value.length === 0) return 'start.nothing';
  const isKept = [undefined, ...document.ranges].every((range) =>
    shownPeople.value.every(({ person }) => sourceIn(documentIn(document, range), person.id) === 'keep'),
  );
  return isKept ? 'start.kept' : undefined;
});

type Format = NonNullable<NonNullable<JobRequest['output']>['format']>;

/** Persons are known of the first target; in the others of a batch everybody gets the first source. */
function requestFor(document: ProjectDocument, target: string): JobRequest {
  const run = toRun(document);
  const output = {
    name: outputName(
      target === document.target ? document : { ...document, output: { ...document.output, name: undefined } },
      assets.value.get(target),
    ),
    format: outputFormat(document, assets.value.get(target)) as Format,
  };
  const labels = document.name === '' ? {} : { labels: { project: document.name } };
  const ranges = toRanges(document);
  if (target === document.target) return { ...run, ...(ranges.length > 0 ? { ranges } : {}), output, ...labels };
  const { map: _, options, ...rest } = run;
  const { trimFrameStart: _start, trimFrameEnd: _end, ...others } = options ?? {};
  return { ...rest, target, sources: [...(document.sources[0]?.assets ?? [])], options: others, output, ...labels };
}

/** Whether a batch says something that counts for its first target only. */
export const countsForFirst = (document: ProjectDocument): boolean =>
  document.range !== undefined || toRanges(document).length > 0 || toRun(document).map !== undefined;

/** Everything that Start sends: a job a target. */
export const requestsOf = (document: ProjectDocument): readonly JobRequest[] =>
  [document.target, ...document.moreTargets].flatMap((target) =>
    target === undefined ? [] : [requestFor(document, target)],
  );

/**
 * Keys of requests whose answer has not come: asked again, the service answers with the job that it has made already.
 */
const keys = new Map<string, string>();

/** Not `randomUUID`: that is missing where the page came over plain HTTP from another machine. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function submit(body: JobRequest): Promise<Schemas['Job']> {
  const text = JSON.stringify(body);
  const key = keys.get(text) ?? newKey();
  keys.set(text, key);
  const job = await submitJob(body, key);
  keys.delete(text);
  return job;
}

/** The service does not do the same twice: it answers with what it has made. */
const tellMade = (job: Schemas['Job']): void => {
  const open = (): void => {
    location.hash = addressOf('result', job.id);
  };
  const text = t('job.spokenDone', { name: nameOf(job) });
  showToast({ kind: 'success', text, actions: [{ label: t('job.open'), run: open }] });
};

/** Starts what the project says; asks who agreed where it was not asked yet. */
export async function start(): Promise<void> {
  if (startReason.value !== undefined || isStarting.value) return;
  const document = project.value.value;
  if (document.consent === undefined) {
    consentOpen.value = true;
    return;
  }
  isStarting.value = true;
  startError.value = undefined;
  try {
    const requests = requestsOf(document);
    const jobs: Schemas['Job'][] = [];
    for (const body of requests) jobs.push(await submit(body));
    const [first] = requests;
    const [made] = jobs;
    if (made?.state === 'completed' && jobs.length === 1) return tellMade(made);
    const file = `${first?.output?.name}.${first?.output?.format}`;
    showToast({
      kind: 'success',
      text: requests.length === 1 ? t('start.started', { file }) : t('start.startedMore', { count: requests.length }),
      actions: [
        {
          label: t('queue.title'),
          run: () => {
            queueOpen.value = true;
          },
        },
      ],
    });
  } catch (error) {
    startError.value = error instanceof ApiError ? error : ownError('OFFLINE');
  } finally {
    isStarting.value = false;
  }
}
