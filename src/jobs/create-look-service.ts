/** Answers that somebody waits for, by way of the queue: any worker that can gives them. */
import { throwIfAborted } from '../core/abort.ts';
import { AppError, errorFromJson } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { checkMap } from '../runner/people/source-sets.ts';
import { productVersion } from '../runner/product-version.ts';
import { checkRun } from '../trust/policy/check-run.ts';
import { readApiOptions } from './api-options.ts';
import { assetsOf, type MediaMap, type ReadyAsset, type RunMedia } from './assets-of.ts';
import type { Backend } from './backend.ts';
import { noRangesInPhoto, toWords, withRanges } from './check-new-job.ts';
import { type InstalledRules, installedRules } from './installed-rules.ts';
import { jobProgressSchema } from './job.ts';
import { lookStream } from './job-streams.ts';
import { keptPeople } from './kept-people.ts';
import type { LookAnswer, LookProgress, LookRequest, LookService } from './look-service.ts';
import { modelsElsewhere, modelsHere } from './needed-models.ts';
import { type LaneNeeds, lookLane } from './queue/lanes.ts';
import { registerLane } from './queue/lanes-registry.ts';
import type { Task } from './queue/queue.ts';
import { type LookPayload, lookResultSchema, taskId } from './tasks.ts';
import { waitForEnd } from './wait-for-end.ts';
import { noRoomError, whyNothingBegins } from './why-nothing-begins.ts';

/** Milliseconds within which an answer must be there. A whole video is watched for its people. */
export const LOOK_TIMEOUTS = { faces: 60_000, people: 600_000, preview: 60_000, verify: 60_000 } as const;

export interface LookServiceOptions {
  /** Lent. */
  readonly backend: Backend;
  readonly rules?: (() => Promise<InstalledRules>) | undefined;
  /** Milliseconds; by default `LOOK_TIMEOUTS`. */
  readonly timeouts?: Partial<Record<LookRequest['what'], number>> | undefined;
}

/** The service has nothing to dispose: the backend is its caller's. */
export function createLookService({
  backend,
  timeouts = {},
  rules = installedRules(),
}: LookServiceOptions): LookService {
  const { store, queue } = backend;
  return {
    async look(request) {
      const { what, tenant, signal, onProgress } = request;
      throwIfAborted(signal);
      const media = await assetsOf(store, tenant, {
        ...{ target: request.target, sources: request.sources ?? [], map: request.map ?? [] },
        rangeMaps: (request.ranges ?? []).map(({ map = [] }) => map),
      });
      checkTarget(what, media.target);
      const installed = await rules();
      const people = what === 'people' ? keptPeople(backend, `${productVersion()} ${installed.models}`) : undefined;
      const known = await people?.read(media.target);
      if (known !== undefined) return { value: known };
      const { options, needs } = await checkLook(request, media, installed, backend.isShared);
      const payload: LookPayload = {
        ...{ what, tenant, options, frameNumber: request.frameNumber ?? 0 },
        target: inStorage(media.target),
        sources: media.sources.map(inStorage),
        map: mapInStorage(media.map),
        // Workers of earlier versions do not know it.
        ...(media.rangeMaps?.some(({ length }) => length > 0) ? { rangeMaps: media.rangeMaps.map(mapInStorage) } : {}),
      };
      const job = newId('look');
      const task: Task = {
        ...{ id: taskId(job, 0, 'look'), kind: 'look', job, tenant, priority: 'high', cost: 1, payload },
        lane: lookLane(await registerLane(store, needs)),
      };
      throwIfAborted(signal);
      // One machine that has no room for work will not answer, however long somebody waits.
      if (!backend.isShared) await refuseWithoutRoom();
      const stopHearing = onProgress && hear(job, onProgress);
      try {
        const answer = await waitForAnswer(task, signal, timeouts[what] ?? LOOK_TIMEOUTS[what]);
        // What cannot be kept is looked for again by whoever asks next.
        return people ? { value: await people.keep(media.target, answer.value).catch(() => answer.value) } : answer;
      } finally {
        stopHearing?.();
      }
    },
  };

  function hear(look: string, onProgress: (progress: LookProgress) => void): () => void {
    const own = lookStream(look);
    return store.watch((stream, { value }) => {
      if (stream !== own) return;
      const { success, data } = progressSchema.safeParse(value);
      if (success) onProgress(data);
    });
  }

  async function refuseWithoutRoom(): Promise<void> {
    const room = await whyNothingBegins(backend);
    if (room) throw noRoomError(room);
  }

  async function waitForAnswer(task: Task, signal: AbortSignal | undefined, timeout: number): Promise<LookAnswer> {
    using end = waitForEnd(queue, task.id, { signal, timeoutMilliseconds: timeout });
    try {
      await queue.add([task]);
      const ended = await end.promise;
      if (ended === 'timeout') {
        await refuseWithoutRoom();
        throw notInTime(timeout);
      }
      if (ended.outcome === 'failed') throw errorFromJson(ended.error);
      const { value, picture } = lookResultSchema.parse(ended.value);
      return { value, picture };
    } catch (error) {
      // Nobody waits for it any more. One that has ended is not there: nothing happens then.
      await queue.cancel(task.job);
      throw error;
    }
  }
}

const progressSchema = jobProgressSchema.omit({ chunks: true });

const inStorage = ({ key, fileName }: ReadyAsset): LookPayload['target'] => ({ key, fileName });

const mapInStorage = (map: MediaMap<ReadyAsset>): LookPayload['map'] =>
  map.map(({ person, sources }) => ({ person, sources: sources.map(inStorage) }));

function checkTarget(what: LookRequest['what'], { id, media }: ReadyAsset): void {
  if (what === 'verify' || media.kind !== 'audio') return;
  throw new AppError('INPUT_UNSUPPORTED', `Expected a photo or a video, but ${id} is audio (${media.format}).`, {
    details: { asset: id },
  });
}

/** A preview is a run: it is held against the policy, and goes to who has its models. */
async function checkLook(
  { what, options = {}, ranges = [] }: LookRequest,
  media: RunMedia<ReadyAsset>,
  { installed }: InstalledRules,
  isShared: boolean,
): Promise<{ readonly options: Readonly<Record<string, unknown>>; readonly needs: LaneNeeds }> {
  const none: LaneNeeds = { providers: [], models: [], memoryBytes: 0 };
  if (what !== 'preview') return { options, needs: none };
  const { given, resolved } = await readApiOptions(options, {
    sourcePaths: media.sources.map(({ id }) => id),
    map: toWords(media.map),
    ranges: ranges.map((range, at) => ({ ...range, map: toWords(media.rangeMaps?.[at] ?? []) })),
    targetPath: media.target.id,
    outputPath: 'preview.png',
  });
  checkRun(installed.policy, resolved);
  checkMap(resolved);
  if (ranges.length > 0 && media.target.media.kind === 'image') throw noRangesInPhoto();
  const models = isShared ? modelsElsewhere(resolved) : await modelsHere(resolved);
  const providers = resolved.executionProviders.filter((provider) => provider !== 'cpu' && provider !== 'auto');
  return { options: withRanges(given, ranges), needs: { ...none, providers, models: models.map(({ id }) => id) } };
}

function notInTime(milliseconds: number): AppError {
  const seconds = Math.round(milliseconds / 1000);
  return new AppError('OVERLOADED', `No worker has answered in ${seconds} s.`, {
    hint: 'Try again when less is waiting, or create a job.',
    details: { retryAfterSeconds: 10, waitedSeconds: seconds },
    retryable: true,
  });
}
