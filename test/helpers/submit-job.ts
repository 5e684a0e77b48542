/** Jobs as the API would make them, straight into a backend. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { newId } from '../../src/core/ids.ts';
import type { Asset } from '../../src/jobs/asset.ts';
import type { Backend } from '../../src/jobs/backend.ts';
import type { Requirements } from '../../src/jobs/job.ts';
import { isEnded, type Job, type JobEvent, jobStream } from '../../src/jobs/job.ts';
import { createJobDocument, readJob } from '../../src/jobs/job-documents.ts';
import { firstTask } from '../../src/jobs/job-tasks.ts';
import { registerLane } from '../../src/jobs/queue/lanes-registry.ts';

export const TENANT = 'tests';

/** Uploads a file. @returns the id of the asset */
export async function putAsset({ store, storage }: Backend, path: string, kind: 'image' | 'video'): Promise<string> {
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = `assets/${TENANT}/${sha256}`;
  await storage.put(key, bytes, { contentType: 'application/octet-stream' });
  const asset: Asset = {
    ...{ id: newId('asset'), tenant: TENANT, owner: 'test', state: 'ready', fileName: basename(path), key, sha256 },
    bytes: statSync(path).size,
    media: { kind, format: kind === 'image' ? 'png' : 'mp4' },
    createdAt: new Date().toISOString(),
  };
  await store.create('asset', { id: asset.id, tenant: TENANT, state: 'ready', value: asset });
  return asset.id;
}

export interface JobToSubmit {
  /** Submitting it again with the same one changes nothing. */
  readonly id?: string;
  readonly source: string;
  readonly target: string;
  readonly name: string;
  readonly kind: 'image' | 'video';
  readonly options?: Readonly<Record<string, unknown>>;
  readonly requires?: Requirements;
  readonly post?: readonly Readonly<Record<string, unknown>>[];
}

/** Creates a job and queues its first task. */
export async function submitJob(backend: Backend, submitted: JobToSubmit): Promise<Job> {
  const { source, target, name, kind, options = {}, post = [] } = submitted;
  const requires = submitted.requires ?? { providers: [], models: [], memoryBytes: 0 };
  const now = new Date().toISOString();
  const job: Job = {
    ...{
      id: submitted.id ?? newId('job'),
      tenant: TENANT,
      owner: 'test',
      origin: 'api',
      state: 'queued',
      priority: 'normal',
    },
    ...{ createdAt: now, updatedAt: now, submittedAt: now, runs: 1, timings: {}, notes: [], outputs: [], labels: {} },
    steps: [
      {
        sources: [{ kind: 'asset', id: source }],
        map: [],
        target: { kind: 'asset', id: target },
        output: { kind: 'stored', name },
        options: { ...options },
        state: 'queued',
      },
    ],
    post: post.map((step) => ({ ...step })),
    requires,
    work: { kind, videoSeconds: 0, megapixels: 0, chunks: 1 },
  };
  await registerLane(backend.store, requires);
  await createJobDocument(backend.store, job);
  await backend.queue.add([firstTask(job, backend.isShared)]);
  return job;
}

/** Resolves when all of the jobs have ended, in the same order. */
export async function allEnded({ store }: Backend, ids: readonly string[]): Promise<readonly Job[]> {
  const ended = new Map<string, Job>();
  const { promise, resolve } = withResolvers();
  const look = async (id: string): Promise<void> => {
    const job = await readJob(store, id);
    if (job && isEnded(job.state)) ended.set(id, job);
    if (ids.every((one) => ended.has(one))) resolve();
  };
  const stop = store.watch((stream, { value }) => {
    const id = ids.find((one) => jobStream(one) === stream);
    if (id !== undefined && (value as JobEvent).type === 'state') void look(id);
  });
  // Events may be missed while a connection is lost.
  const timer = setInterval(
    () => ids.filter((id) => !ended.has(id)).forEach((id) => void look(id).catch(() => {})),
    2000,
  );
  try {
    await Promise.all(ids.map((id) => look(id)));
    await promise;
  } finally {
    clearInterval(timer);
    stop();
  }
  return ids.map((id) => ended.get(id)!);
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
