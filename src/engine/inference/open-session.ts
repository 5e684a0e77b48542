import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { AppError } from '../../core/errors.ts';
import { MODELS_HINT, type ModelTensor, type OnnxModelEntry } from '../models/manifest.ts';

/** A float32 tensor, rows last. `run` borrows what it is given and gives its results away. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** One loaded model. The store owns it. */
export interface ModelSession {
  readonly entry: OnnxModelEntry;
  /**
   * Runs the model once. Blocks the JavaScript thread meanwhile, whatever the promise suggests, and cannot be stopped.
   * @param feeds by input name; read during the run, not kept
   * @returns by output name, owned by the caller
   * @throws INFERENCE_FAILED naming the model
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
}

/** A session with the means to end it, which only the store holds. */
export interface OpenSession extends ModelSession {
  release(): Promise<void>;
}

/**
 * Loads a network whose bytes have been verified, and checks that it is what the manifest says.
 * @param path for messages
 * @throws MODEL_UNREADABLE when ONNX Runtime refuses it, MODEL_IO_MISMATCH when its tensors differ from the manifest
 */
export async function openSession(
  entry: OnnxModelEntry,
  path: string,
  bytes: Uint8Array,
  intraOpThreads: number,
): Promise<OpenSession> {
  // The package costs 100 ms to load, which help and dry runs must not pay.
  const ort = await import('onnxruntime-node');
  const session = await createSession(ort.InferenceSession, entry, path, bytes, intraOpThreads);
  try {
    checkTensors(entry, path, 'input', entry.inputs, session.inputMetadata);
    checkTensors(entry, path, 'output', entry.outputs, session.outputMetadata);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    entry,
    async run(feeds) {
      const tensors: Record<string, OrtTensor> = {};
      try {
        // A tensor is a view: nothing is copied here.
        for (const name in feeds) tensors[name] = new ort.Tensor('float32', feeds[name].data, feeds[name].dims);
        // The entry's contract has been checked: every output is a float32 tensor.
        return (await session.run(tensors)) as unknown as Record<string, Tensor>;
      } catch (cause) {
        throw new AppError('INFERENCE_FAILED', `The model ${entry.id} failed: ${messageOf(cause)}`, {
          details: { id: entry.id },
          cause,
        });
      }
    },
    release: () => session.release(),
  };
}

async function createSession(
  factory: typeof InferenceSession,
  entry: OnnxModelEntry,
  path: string,
  bytes: Uint8Array,
  intraOpThreads: number,
): Promise<InferenceSession> {
  try {
    return await factory.create(bytes, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: entry.session.graphOptimizationLevel,
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      // Errors only: warnings about unused initialisers would go to the user's terminal.
      logSeverityLevel: 3,
      // Threads that spin while they wait take the cores from ffmpeg: a whole video took 1.4 times as long.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new AppError('MODEL_UNREADABLE', `Expected a network in ${path}; ONNX Runtime says: ${messageOf(cause)}`, {
      hint: MODELS_HINT,
      details: { id: entry.id, file: entry.file },
      cause,
    });
  }
}

/** Order does not matter; names, types and shapes do. */
function checkTensors(
  entry: OnnxModelEntry,
  path: string,
  side: 'input' | 'output',
  contract: readonly ModelTensor[],
  metadata: readonly InferenceSession.ValueMetadata[],
): void {
  const expected = contract.map(({ name, dtype, shape }) => describe(name, dtype, shape)).sort();
  const received = metadata
    .map((value) => (value.isTensor ? describe(value.name, value.type, value.shape) : `${value.name}: no tensor`))
    .sort();
  if (expected.join('; ') === received.join('; ')) return;
  throw new AppError(
    'MODEL_IO_MISMATCH',
    `Expected the ${side} ${expected.join('; ')} of ${path}, received ${received.join('; ')}.`,
    { hint: MODELS_HINT, details: { id: entry.id, file: entry.file, side, expected, received } },
  );
}

function describe(name: string, dtype: string, shape: readonly (number | string)[]): string {
  return `${name}: ${dtype}[${shape.join(', ')}]`;
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
