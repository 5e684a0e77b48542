/** ONNX Runtime sessions: opened once, checked against the manifest, released by whoever opened the store. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/errors.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { findModel, MODELS_HINT, type ModelEntry, type ModelManifest, readManifest } from '../models/manifest.ts';
import { readInitializer, readOnnxFile } from '../models/onnx-file.ts';
import { checkLicence, type LicensePolicy, modelNotThere } from '../models/user-model-checks.ts';
import { readUserModels, type UserModel } from '../models/user-models.ts';
import { verifyUserModel } from '../models/verify-user-model.ts';
import { CPU_ONLY, type Execution } from './execution.ts';
import { type ModelSession, type OpenSession, openSession, openUserSession } from './open-session.ts';
import type { SessionCache } from './session-cache.ts';
import { countRuns, type Spent } from './timed-session.ts';

export type { GraphTensor, ModelSession, Tensor } from './open-session.ts';

/** A model file that took part in a run. */
export interface OpenedModel {
  readonly id: string;
  readonly sha256: string;
  /** SPDX id where there is one. */
  readonly licence: string;
  /** False where the licence forbids or does not state commercial use: the user has allowed that. */
  readonly commercialUse: boolean;
  /** True where nothing vouches for the file but the user. */
  readonly unverified: boolean;
  /** How often it ran and for how long, in seconds; absent for what is no network. */
  readonly spent?: Spent | undefined;
}

/**
 * The models of this copy and those that the user has brought, each opened when it is first asked for. Its creator
 * disposes it; disposing twice is safe.
 */
export interface ModelStore extends AsyncDisposable {
  readonly directory: string;
  readonly manifest: ModelManifest;
  /**
   * The session of a model; calls for the same model share it.
   * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH, MODEL_UNREADABLE, MEMORY_LIMIT or
   *   LICENSE_FORBIDS_COMMERCIAL_USE; the next call tries again
   */
  session(id: string): Promise<ModelSession>;
  /**
   * A model that the user has brought.
   * @throws MODEL_NOT_FOUND, saying how to add it; LICENSE_FORBIDS_COMMERCIAL_USE where the policy refuses it
   */
  userModel(id: string): Promise<UserModel>;
  /**
   * The last tensor that is stored in a model of the user's.
   * @throws MODEL_IO_MISMATCH where there is none; and what `userModel` throws
   */
  lastInitializer(id: string): Promise<{ readonly dims: readonly number[]; readonly data: Float32Array }>;
  /**
   * A data file, parsed; calls for the same one share the value. Its hash vouches for its shape.
   * @throws MODEL_NOT_FOUND or MODEL_CORRUPT
   */
  table<T>(id: string): Promise<T>;
  /**
   * Something that costs time and follows from models, options and inputs alone, as what is known of a source photo. In a
   * process that makes many runs they share it; nobody may change it.
   * @param key   names everything that it follows from, models of this copy and what they run on aside
   * @param bytes of memory that it takes, about
   * @throws what `make` throws
   */
  study<T>(key: readonly unknown[], bytes: number, make: () => Promise<T>): Promise<T>;
  /** The models and tables that were asked for so far and did not fail: those of this copy first. */
  opened(): readonly OpenedModel[];
}

export interface ModelStoreOptions {
  /** See `defaultModelDirectory`. */
  readonly directory: string;
  /** Threads that one run may use, 1 and above. With more than one, a run competes with ffmpeg for the cores. */
  readonly intraOpThreads: number;
  /** The same for models that the user has brought, which are large: as many as there are cores. Default: as above. */
  readonly userThreads?: number;
  /** See `userModelFolder`; absent: no models but those of this copy. */
  readonly userFolder?: string;
  /** What models run on. Default: the processor. */
  readonly execution?: Execution;
  /** Bytes of memory that are free; asked before a model of the user's is loaded. Default: as the system says. */
  readonly freeBytes?: () => number;
  /** Default: `commercial`. */
  readonly licensePolicy?: LicensePolicy;
  /** Lent: sessions are taken from it and given back instead of released. Absent: this store's own. */
  readonly sessions?: SessionCache | undefined;
  readonly logger?: Logger;
}

/**
 * Where the models are: the folder `FACEFUSION_MODELS` names, or else `models/` of this package.
 * @param environment the process's variables
 */
export function defaultModelDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  // Three levels up from src/engine/inference as from dist/engine/inference. An empty variable counts as none.
  return environment.FACEFUSION_MODELS || fileURLToPath(new URL('../../../models', import.meta.url));
}

/**
 * Opens a folder of models; loads none of them, and ONNX Runtime only with the first.
 * @throws MODEL_NOT_FOUND or MODEL_CORRUPT when the manifest is missing or damaged
 */
export async function openModelStore(options: ModelStoreOptions): Promise<ModelStore> {
  const {
    directory,
    intraOpThreads,
    userThreads = intraOpThreads,
    userFolder,
    execution = CPU_ONLY,
    freeBytes,
    licensePolicy = 'commercial',
    logger = silentLogger,
  } = options;
  const settings = { execution, ...(freeBytes ? { freeBytes } : {}) };
  const manifest = await readManifest(directory);
  const cache = options.sessions;
  const sessions = new Map<string, Promise<OpenSession>>();
  const spent = new Map<string, () => Spent>();
  const tables = new Map<string, Promise<unknown>>();
  const userModels = new Map<string, UserModel>();
  let isDisposed = false;

  const userModel = async (id: string): Promise<UserModel> => {
    const all = userFolder === undefined ? [] : await readUserModels(userFolder);
    const user = all.find((model) => model.id === id);
    if (!user) throw modelNotThere(id, userFolder);
    checkLicence(user, licensePolicy);
    return user;
  };
  const isEmbedded = (id: string): boolean => manifest.models.some((model) => model.id === id);

  const loadUserSession = async (id: string): Promise<OpenSession> => {
    const user = await userModel(id);
    const load = async (): Promise<OpenSession> => {
      const start = performance.now();
      await verifyUserModel(user);
      const session = await openUserSession(user, { ...settings, intraOpThreads: userThreads });
      logger.debug('model loaded', { id, milliseconds: Math.round(performance.now() - start) });
      return session;
    };
    const hashes = [user.sha256, ...(user.record.external ?? []).map(({ sha256 }) => sha256)];
    const key = keyOf([id, user.model.id, hashes, userThreads, execution]);
    const session = await (cache ? cache.borrow(key, user.bytes, load) : load());
    userModels.set(id, user);
    return session;
  };

  const loadSession = async (id: string): Promise<OpenSession> => {
    if (userFolder !== undefined && !isEmbedded(id)) return loadUserSession(id);
    const entry = findModel(manifest, id);
    if (entry.kind !== 'onnx') throw wrongKind(id, 'a network, received a table');
    const load = async (): Promise<OpenSession> => {
      const start = performance.now();
      const path = join(directory, entry.file);
      const session = await openSession(entry, path, await readVerified(entry, path), { ...settings, intraOpThreads });
      logger.debug('model loaded', { id, milliseconds: Math.round(performance.now() - start) });
      return session;
    };
    const key = keyOf([id, entry.sha256, entry.session, entry.inputs, entry.outputs, intraOpThreads, execution]);
    return cache ? cache.borrow(key, entry.bytes, load) : load();
  };

  const loadCounted = async (id: string): Promise<OpenSession> => {
    const counted = countRuns(await loadSession(id));
    spent.set(id, counted.spent);
    return counted.session;
  };

  const loadTable = async (id: string): Promise<unknown> => {
    const entry = findModel(manifest, id);
    if (entry.kind !== 'table') throw wrongKind(id, 'a table, received a network');
    const load = async (): Promise<unknown> =>
      JSON.parse((await readVerified(entry, join(directory, entry.file))).toString('utf8'));
    return cache ? cache.share(keyOf([id, entry.sha256]), entry.bytes, load) : load();
  };

  const spentOf = (id: string): Pick<OpenedModel, 'spent'> => {
    const read = spent.get(id);
    return read ? { spent: read() } : {};
  };

  return {
    directory,
    manifest,
    async session(id) {
      if (isDisposed)
        throw new AppError('INTERNAL', `Expected an open model store for ${id}, received a disposed one.`);
      return remember(sessions, id, loadCounted);
    },
    async table<T>(id: string) {
      return (await remember(tables, id, loadTable)) as T;
    },
    study(key, bytes, make) {
      if (!cache) return make();
      return cache.share(keyOf(['study', manifest.inputsHash, execution, intraOpThreads, ...key]), bytes, make);
    },
    userModel,
    async lastInitializer(id) {
      const { path } = await userModel(id);
      const last = (await readOnnxFile(path)).initializers.at(-1);
      if (!last) throw new AppError('MODEL_IO_MISMATCH', `Expected a tensor stored in ${id}, found none.`);
      return { dims: last.dims, data: readInitializer(last) };
    },
    opened: () => [
      ...manifest.models
        .filter(({ id }) => sessions.has(id) || tables.has(id))
        .map(({ id, sha256, licence }) => ({
          ...{ id, sha256, licence: licence.spdx },
          ...{ commercialUse: true, unverified: false },
          ...spentOf(id),
        })),
      ...[...userModels.values()].map(({ id, sha256, record, licence }) => ({
        ...{ id, sha256, licence: licence.name },
        ...{ commercialUse: licence.commercialUse === 'allowed', unverified: record.unverified },
        ...spentOf(id),
      })),
    ],
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const loading = [...sessions.values()];
      sessions.clear();
      tables.clear();
      // A session that failed to load has nothing to release; its caller has seen the error.
      const results = await Promise.allSettled(loading);
      for (const result of results) {
        if (result.status !== 'fulfilled') continue;
        await result.value.release();
        logger.debug('model released', { id: result.value.id });
      }
    },
  };
}

/** Names a session in a cache by all that it depends on. */
const keyOf = (parts: readonly unknown[]): string => JSON.stringify(parts);

/** Keeps promises, not values, so that calls at the same time load once; a failure is forgotten. */
function remember<T>(cache: Map<string, Promise<T>>, id: string, load: (id: string) => Promise<T>): Promise<T> {
  const known = cache.get(id);
  if (known) return known;
  const loading = load(id);
  cache.set(id, loading);
  // Only forgets; the caller gets the same rejection.
  loading.catch(() => {
    if (cache.get(id) === loading) cache.delete(id);
  });
  return loading;
}

function wrongKind(id: string, difference: string): AppError {
  return new AppError('MODEL_NOT_FOUND', `Expected ${id} to be ${difference}.`);
}

/** Reads a file and trusts it only when its hash is the manifest's. */
async function readVerified(entry: ModelEntry, path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const code = isMissing ? 'MODEL_NOT_FOUND' : 'MODEL_UNREADABLE';
    throw new AppError(
      code,
      `Expected the model ${entry.id} at ${path}, which ${isMissing ? 'is not there' : 'cannot be read'}.`,
      {
        hint: MODELS_HINT,
        details: { id: entry.id, file: entry.file },
        cause,
      },
    );
  });
  const received = createHash('sha256').update(bytes).digest('hex');
  if (received === entry.sha256) return bytes;
  throw new AppError('MODEL_CORRUPT', `Expected sha256 ${entry.sha256} for ${path}, received ${received}.`, {
    hint: MODELS_HINT,
    details: { id: entry.id, file: entry.file, expected: entry.sha256, received },
  });
}
