/** Live sessions on this machine: each has a runner of its own, which ends with it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorFromJson } from '../../core/errors.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { type LiveFeed, openLiveFeed } from '../../runner/live/live-feed.ts';
import type { FromLive } from '../../runner/live/live-notes.ts';
import { checkRun } from '../../trust/policy/check-run.ts';
import { readApiOptions } from '../api-options.ts';
import { type ReadyAsset, readyAssets } from '../assets-of.ts';
import type { Backend } from '../backend.ts';
import { toFileName } from '../execute/file-name.ts';
import { toTaskError } from '../execute/task-error.ts';
import { type InstalledRules, installedRules } from '../installed-rules.ts';
import { modelsHere } from '../needed-models.ts';
import { createLivePlaces } from './live-places.ts';
import type { LiveListener, LivePlace, LiveRequest, LiveService, LiveSession } from './live-service.ts';

export interface LiveServiceOptions {
  /** Lent. */
  readonly backend: Backend;
  /** Of the service alone; removed when it is made, with what an earlier process left there. */
  readonly folder: string;
  /** Sessions at once, 1 and above. */
  readonly most: number;
  readonly rules?: (() => Promise<InstalledRules>) | undefined;
  readonly logger?: Logger | undefined;
}

export async function createLiveService(options: LiveServiceOptions): Promise<LiveService> {
  const { backend, folder, most, rules = installedRules(), logger = silentLogger } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const places = createLivePlaces(most);
  const sessions = new Set<LiveSession>();

  return {
    async reserve(request) {
      const checked = await check(request, backend, await rules());
      const place = await places.take();
      if (!place) throw noPlace(most);
      return {
        async begin(listener) {
          try {
            const session = await begin(checked, listener, { backend, folder, logger, onClose: () => place.close() });
            sessions.add(session);
            const leave = (): void => {
              sessions.delete(session);
              place.leave();
            };
            session.ended.then(leave, leave);
            return session;
          } catch (error) {
            place.leave();
            throw error;
          }
        },
        [Symbol.dispose]: () => place.leave(),
      } satisfies LivePlace;
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.close();
      await Promise.allSettled([...sessions].map(({ ended }) => ended));
    },
  };
}

interface CheckedRequest {
  readonly sets: readonly (readonly ReadyAsset[])[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** All that can be known without opening a model; the runner looks at everything again. */
async function check(request: LiveRequest, { store }: Backend, { installed }: InstalledRules): Promise<CheckedRequest> {
  const sets = await readyAssets(store, request.tenant, request.sources);
  const other = sets.flat().find(({ media }) => media.kind !== 'image');
  if (other) {
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `Expected a photo, but ${other.id} is ${other.media.kind} (${other.media.format}).`,
      {
        details: { asset: other.id },
      },
    );
  }
  const { given, resolved } = await readApiOptions(request.options, {
    ...{ sourcePaths: sets.flat().map(({ id }) => id), map: [], targetPath: 'camera', outputPath: 'camera' },
  });
  checkRun(installed.policy, resolved);
  await modelsHere(resolved);
  return { sets, options: given };
}

interface Parts {
  readonly backend: Backend;
  readonly folder: string;
  readonly logger: Logger;
  readonly onClose: () => void;
}

/** Brings the photos into a folder of the session and starts its runner. */
async function begin(
  { sets, options }: CheckedRequest,
  { onReady, onRecording, onFrame, onKept, onNotKept }: LiveListener,
  { backend, folder, logger, onClose }: Parts,
): Promise<LiveSession> {
  const own = await mkdtemp(join(folder, 'session-'));
  const remove = (): Promise<void> => rm(own, { recursive: true, force: true });
  let feed: LiveFeed;
  /** Files that are being taken over. */
  const taking = new Set<Promise<void>>();
  const onNote = (note: FromLive): void => {
    switch (note.type) {
      case 'ready':
        onReady(note.job);
        break;
      case 'recording':
        onRecording(note.mostSeconds);
        break;
      case 'not-kept':
        onNotKept(note.what, toTaskError(errorFromJson(note.error), own));
        break;
      case 'kept': {
        const { what, path, auditEntry, credentials } = note;
        const taken = onKept({ what, path, auditEntry, credentials }).finally(() => taking.delete(taken));
        taking.add(taken);
      }
    }
  };
  try {
    const sourceSets = await bring(sets, own, backend);
    feed = openLiveFeed({ options, sourceSets, folder: own }, { onFrame, onNote, logger });
  } catch (thrown) {
    await remove();
    throw toTaskError(thrown, own);
  }
  const ended = feed.ended
    .catch((thrown: unknown) => {
      throw toTaskError(thrown, own);
    })
    .finally(() => Promise.all(taking))
    .finally(remove);
  // Somebody listens in any case; until then it is not unheard.
  ended.catch(() => {});
  return {
    push: (packet) => feed.push(packet),
    ask: (type) => feed.ask({ type }),
    get dropped() {
      return feed.dropped;
    },
    close() {
      onClose();
      feed.close();
    },
    ended,
  };
}

/** @returns the paths of each set */
async function bring(
  sets: readonly (readonly ReadyAsset[])[],
  folder: string,
  { storage }: Backend,
): Promise<readonly (readonly string[])[]> {
  const paths: string[][] = [];
  for (const [at, set] of sets.entries()) {
    const ofSet: string[] = [];
    for (const [number, { key, fileName }] of set.entries()) {
      // Each in a folder of its own: names may be equal.
      const place = join(folder, `${at}-${number}`);
      await mkdir(place, { mode: 0o700 });
      const path = join(place, toFileName(fileName, 'source'));
      await storage.getFile(key, path);
      ofSet.push(path);
    }
    paths.push(ofSet);
  }
  return paths;
}

const noPlace = (most: number): AppError =>
  new AppError(
    'OVERLOADED',
    `Expected fewer than ${most === 1 ? 'one live session' : `${most} live sessions`}: as many go on now.`,
    {
      hint: 'Stop the one that goes on, perhaps in another tab or window, and try again.',
      details: { retryAfterSeconds: 5, sessions: most },
      retryable: true,
    },
  );
