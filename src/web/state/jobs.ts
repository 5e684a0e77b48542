/** Jobs of this tenant, as the service has them: followed by one stream, caught up with after a break. */
import { computed, signal } from '@preact/signals';
import { api, ask, authorization, isOnline, type Schemas } from './api.ts';

export type Job = Schemas['Job'];
export type Progress = Schemas['JobProgress'];

/** By id. */
export const jobs = signal<ReadonlyMap<string, Job>>(new Map());
/** Newest progress of running jobs, by id. */
export const progress = signal<ReadonlyMap<string, Progress>>(new Map());
/** False until the list has come once. */
export const jobsLoaded = signal(false);

export const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running';

/** Newest first. */
export const jobList = computed(() => [...jobs.value.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)));
export const running = computed(() => jobList.value.filter(({ state }) => state === 'running').reverse());
/** Ids of jobs that wait, the next one first, as the service will begin them. */
export const order = signal<readonly string[]>([]);
/** Nothing is begun until the queue is resumed. */
export const isPaused = signal(false);
/** Why nothing is begun although the queue is not paused. */
export const stalled = signal<Schemas['Stalled'] | undefined>(undefined);
const turnOf = ({ id }: Job): number => {
  const at = order.value.indexOf(id);
  // One that has just come is not in the order yet: it is behind all.
  return at < 0 ? order.value.length : at;
};
export const waiting = computed(() =>
  jobList.value
    .filter(({ state }) => state === 'queued')
    .reverse()
    .sort((a, b) => turnOf(a) - turnOf(b)),
);
export const ended = computed(() => jobList.value.filter((job) => !isOpen(job)));

/** 0..1 of a running job; undefined while nobody knows. */
export const shareOf = (id: string): number | undefined => {
  const now = progress.value.get(id) ?? jobs.value.get(id)?.progress;
  return now?.total ? Math.min(1, now.done / now.total) : undefined;
};

export function put(job: Job): Job {
  jobs.value = new Map(jobs.value).set(job.id, job);
  return job;
}

/** Jobs that a page shows. */
const LISTED = 100;

export async function loadJobs(): Promise<void> {
  const { jobs: list } = await ask(api().GET('/v1/jobs', { params: { query: { limit: LISTED } } }));
  jobs.value = new Map(list.map((job) => [job.id, job]));
  jobsLoaded.value = true;
}

const takeQueue = (queue: Schemas['Queue']): void => {
  order.value = queue.order;
  isPaused.value = queue.isPaused;
  stalled.value = queue.stalled;
};

export const loadQueue = async (): Promise<void> => takeQueue(await ask(api().GET('/v1/queue')));

/** @param before the job that it is to go before; null: behind all. @throws ApiError JOB_STATE where that cannot be */
export const moveJob = async (id: string, before: string | null): Promise<void> =>
  takeQueue(await ask(api().POST('/v1/jobs/{id}/move', { params: { path: { id } }, body: { before } })));

/** What runs is finished; nothing else begins until it is resumed. @throws ApiError FORBIDDEN */
export const setPaused = async (paused: boolean): Promise<void> =>
  takeQueue(await ask(paused ? api().POST('/v1/queue/pause') : api().POST('/v1/queue/resume')));

export const loadJob = async (id: string): Promise<Job> =>
  put(await ask(api().GET('/v1/jobs/{id}', { params: { path: { id } } })));

export const cancelJob = async (id: string): Promise<Job> =>
  put(await ask(api().POST('/v1/jobs/{id}/cancel', { params: { path: { id } } })));

export const retryJob = async (id: string): Promise<Job> =>
  put(await ask(api().POST('/v1/jobs/{id}/retry', { params: { path: { id } } })));

/** Asks for an output of what it had done. @throws ApiError JOB_STATE */
export const keepJob = async (id: string): Promise<Job> =>
  put(await ask(api().POST('/v1/jobs/{id}/keep', { params: { path: { id } } })));

export async function removeJob(id: string): Promise<void> {
  await api().DELETE('/v1/jobs/{id}', { params: { path: { id } } });
  const rest = new Map(jobs.value);
  rest.delete(id);
  jobs.value = rest;
}

export const submitJob = async (body: Schemas['JobRequest'], idempotencyKey: string): Promise<Job> =>
  put(await ask(api().POST('/v1/jobs', { body, params: { header: { 'idempotency-key': idempotencyKey } } })));

/** Hears of jobs that end while the page is open. */
const listeners = new Set<(job: Job) => void>();
export function onEnded(listener: (job: Job) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * Follows all jobs for as long as the page is open. A break is caught up with: the list is read again.
 * @returns ends it
 */
export function followJobs(): () => void {
  const controller = new AbortController();
  void follow(controller.signal);
  return () => controller.abort();
}

async function follow(aborted: AbortSignal): Promise<void> {
  for (let tries = 0; !aborted.aborted; tries++) {
    try {
      const response = await fetch('/v1/events', {
        headers: { accept: 'text/event-stream', ...authorization() },
        signal: aborted,
      });
      if (!response.ok || !response.body) throw new TypeError(`The service answered ${response.status}.`);
      await loadJobs();
      // Without the order jobs are shown by their age.
      void loadQueue().catch(() => undefined);
      isOnline.value = true;
      tries = 0;
      let rest = '';
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) hear(part);
      }
    } catch {
      if (aborted.aborted) return;
      isOnline.value = false;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)));
  }
}

/** One event: its data names the job. */
function hear(text: string): void {
  const data = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n');
  if (data === '') return;
  const event = JSON.parse(data) as { readonly job: string; readonly type: string } & Progress;
  if (event.type === 'progress') {
    const { job, type: _type, ...now } = event;
    progress.value = new Map(progress.value).set(job, now);
    return;
  }
  if (event.type === 'queue') void loadQueue().catch(() => undefined);
  if (event.type !== 'state') return;
  void loadJob(event.job).then(
    (job) => {
      if (job.state === 'queued') void loadQueue().catch(() => undefined);
      if (isOpen(job)) return;
      const rest = new Map(progress.value);
      rest.delete(job.id);
      progress.value = rest;
      for (const listener of listeners) listener(job);
    },
    () => {
      const rest = new Map(jobs.value);
      rest.delete(event.job);
      jobs.value = rest;
    },
  );
}
