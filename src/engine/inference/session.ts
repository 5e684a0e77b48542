/** ONNX Runtime sessions: opened once, checked against the manifest, disposed by whoever opened the store. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Ort from 'onnxruntime-node';
import { AppError } from '../../core/errors.ts';
import { type ModelEntry, type ModelManifest, readManifest, type TensorContract } from '../models/manifest.ts';

/** A float32 tensor, row-major. Lent to `run`, given away by it. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface ModelSession {
  readonly entry: ModelEntry;
  /**
   * Runs the model. Blocks the JavaScript thread while it runs: ONNX Runtime's binding is synchronous inside.
   * @throws INFERENCE_FAILED with ONNX Runtime's message
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
}

export interface ModelStore extends AsyncDisposable {
  readonly directory: string;
  readonly manifest: ModelManifest;
  /** Opens a model, or returns it opened. @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH, MODEL_UNREADABLE */
  session(id: string): Promise<ModelSession>;
  /** Reads a data table, or returns it read. @throws MODEL_NOT_FOUND, MODEL_CORRUPT */
  table<T>(id: string): Promise<T>;
  /** Ids of what was opened so far, for the record of a run. */
  opened(): readonly ModelEntry[];
}

export interface ModelStoreOptions {
  readonly directory: string;
  /** Threads inside ONNX Runtime a session; 1 leaves the other cores to ffmpeg. */
  readonly intraOpThreads: number;
}

/** `models/` of this package, or FACEFUSION_MODELS. */
export function defaultModelDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env.FACEFUSION_MODELS ?? fileURLToPath(new URL('../../../models', import.meta.url));
}

/**
 * Opens a folder of models. Its creator disposes it, which releases every session.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT for the manifest
 */
export async function openModelStore(options: ModelStoreOptions): Promise<ModelStore> {
  const { directory } = options;
  const manifest = await readManifest(directory);
  // Promises, not values: two callers that ask at once share one session. A failure is not remembered.
  const sessions = new Map<string, Promise<OpenSession>>();
  const tables = new Map<string, Promise<unknown>>();
  const cached = <T>(cache: Map<string, Promise<T>>, id: string, open: () => Promise<T>): Promise<T> => {
    let pending = cache.get(id);
    if (!pending) {
      pending = open();
      cache.set(id, pending);
      pending.catch(() => cache.delete(id));
    }
    return pending;
  };
  return {
    directory,
    manifest,
    session: (id) => cached(sessions, id, async () => openSession(directory, find(manifest, id, 'onnx'), options)),
    table: async <T>(id: string) =>
      cached(
        tables,
        id,
        async () => JSON.parse((await readVerified(directory, find(manifest, id, 'table'))).toString()) as T,
      ) as Promise<T>,
    opened: () => manifest.models.filter(({ id }) => sessions.has(id)),
    async [Symbol.asyncDispose]() {
      const open = [...sessions.values()];
      sessions.clear();
      tables.clear();
      for (const pending of open)
        await pending.then(
          (session) => session.release(),
          () => undefined,
        );
    },
  };
}

function find(manifest: ModelManifest, id: string, kind: ModelEntry['kind']): ModelEntry {
  const entry = manifest.models.find((model) => model.id === id && model.kind === kind);
  if (entry) return entry;
  const known = manifest.models.filter((model) => model.kind === kind).map((model) => model.id);
  throw new AppError('MODEL_NOT_FOUND', `There is no model ${id}; there are ${known.join(', ')}.`, {
    hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
    details: { id },
  });
}

async function readVerified(directory: string, entry: ModelEntry): Promise<Buffer> {
  const file = path.join(directory, entry.file);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new AppError('MODEL_NOT_FOUND', `Expected the model file ${file}, found nothing.`, {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
      details: { id: entry.id },
      cause,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== entry.sha256) {
    throw new AppError('MODEL_CORRUPT', `Expected sha256 ${entry.sha256} for ${file}, found ${sha256}.`, {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
      details: { id: entry.id, file: entry.file, expected: entry.sha256, received: sha256 },
    });
  }
  return bytes;
}

interface OpenSession extends ModelSession {
  release(): Promise<void>;
}

async function openSession(directory: string, entry: ModelEntry, options: ModelStoreOptions): Promise<OpenSession> {
  const bytes = await readVerified(directory, entry);
  const file = path.join(directory, entry.file);
  const ort = await import('onnxruntime-node');
  let session: Ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      logSeverityLevel: 3,
      executionProviders: ['cpu'],
      intraOpNumThreads: options.intraOpThreads,
      interOpNumThreads: 1,
      graphOptimizationLevel: entry.session?.graphOptimizationLevel ?? 'all',
      // Spinning threads starve ffmpeg: a whole video took 1.4 times as long on two cores.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new AppError('MODEL_UNREADABLE', `ONNX Runtime cannot read ${file}: ${messageOf(cause)}`, {
      details: { id: entry.id },
      cause,
    });
  }
  try {
    checkTensors(file, 'input', entry.inputs ?? [], session.inputMetadata);
    checkTensors(file, 'output', entry.outputs ?? [], session.outputMetadata);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    entry,
    async run(feeds) {
      const tensors: Record<string, Ort.Tensor> = {};
      for (const name in feeds) tensors[name] = new ort.Tensor('float32', feeds[name].data, feeds[name].dims);
      try {
        return (await session.run(tensors)) as unknown as Record<string, Tensor>;
      } catch (cause) {
        throw new AppError('INFERENCE_FAILED', `${entry.id} failed: ${messageOf(cause)}`, {
          details: { id: entry.id },
          cause,
        });
      }
    },
    release: () => session.release(),
  };
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What ONNX Runtime says of a tensor; only tensors are supported. */
type Metadata = readonly Ort.InferenceSession.ValueMetadata[];

function checkTensors(
  file: string,
  side: 'input' | 'output',
  expected: readonly TensorContract[],
  actual: Metadata,
): void {
  const show = ({ name, dtype, shape }: TensorContract): string => `${name}: ${dtype}[${shape.join(',')}]`;
  const found = actual.map(
    (value): TensorContract =>
      value.isTensor
        ? { name: value.name, dtype: value.type, shape: [...value.shape] }
        : { name: value.name, dtype: 'not a tensor', shape: [] },
  );
  const want = expected.map(show).join('; ');
  const got = found.map(show).join('; ');
  if (want === got) return;
  throw new AppError('MODEL_IO_MISMATCH', `Expected ${side}s ${want} of ${file}, found ${got}.`, {
    hint: 'The file is not the model its id says. Install or build it again.',
    details: { file: path.basename(file), side, expected: want, received: got },
  });
}
