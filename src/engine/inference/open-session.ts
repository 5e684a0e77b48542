import { freemem } from 'node:os';
import { basename } from 'node:path';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { AppError } from '../../core/errors.ts';
import type { TensorContract } from '../models/catalogue/catalogue-model.ts';
import { MODELS_HINT, type OnnxModelEntry } from '../models/manifest.ts';
import type { UserModel } from '../models/user-models.ts';
import { CPU_ONLY, type Execution, providerOptions } from './execution.ts';
import { CONVERSIONS } from './tensor-types.ts';

/** A tensor of numbers, rows last. `run` borrows what it is given and gives its results away. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** An input or output as the graph declares it. A text names a size that the caller chooses. */
export interface GraphTensor {
  readonly name: string;
  /** By ONNX Runtime's name: `float32`, `float16`, `int64` … */
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
}

/** One loaded model. The store owns it. */
export interface ModelSession {
  readonly id: string;
  /** In the graph's order. */
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /**
   * Runs the model once. Blocks the JavaScript thread meanwhile, whatever the promise suggests, and cannot be stopped.
   * Numbers are converted to the types of the graph and back.
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

/** How sessions are opened. */
export interface SessionSettings {
  /** Threads that one run may use, 1 and above. */
  readonly intraOpThreads: number;
  /** What models run on. Default: the processor. */
  readonly execution?: Execution;
  /** Bytes of memory that are free. Default: as the system says. */
  readonly freeBytes?: () => number;
}

/**
 * Loads a network of this copy, whose bytes have been verified, and checks that it is what the manifest says.
 * @param path for messages
 * @throws MODEL_UNREADABLE when ONNX Runtime refuses it, MODEL_IO_MISMATCH when its tensors differ from the manifest
 */
export async function openSession(
  entry: OnnxModelEntry,
  path: string,
  bytes: Uint8Array,
  settings: SessionSettings,
): Promise<OpenSession> {
  const { graphOptimizationLevel } = entry.session;
  return open(entry.id, path, bytes, { ...settings, graphOptimizationLevel, hint: MODELS_HINT }, (session) => {
    checkTensors(entry.id, path, 'input', entry.inputs, session.inputs);
    checkTensors(entry.id, path, 'output', entry.outputs, session.outputs);
  });
}

/** What must be known of a model of the user's to open it. */
export type UserFile = Pick<UserModel, 'id' | 'model' | 'path' | 'bytes'>;

/** What ONNX Runtime takes for weights and for one run, as a multiple of the file. */
const MEMORY_OF_FILE = 1.5;

/**
 * Loads a model of the user's from its file, which has been verified, and checks it against its contract.
 * @throws MODEL_UNREADABLE when ONNX Runtime refuses it, MODEL_IO_MISMATCH when its tensors do not serve, MEMORY_LIMIT
 *   when there is not enough memory for it
 */
export async function openUserSession(user: UserFile, settings: SessionSettings): Promise<OpenSession> {
  const size = user.bytes;
  const free = (settings.freeBytes ?? availableBytes)();
  if (size * MEMORY_OF_FILE > free) {
    throw new AppError(
      'MEMORY_LIMIT',
      `The model ${user.id} has ${megabytes(size)} MB and needs more memory than the ${megabytes(free)} MB that are free.`,
      { hint: 'Close other programs, or choose a smaller model.', details: { id: user.id, bytes: size } },
    );
  }
  const hint = `Check the file and add it again: facefusion models add ${user.id} FILE`;
  const isHalf = user.model.id.endsWith('_fp16');
  return open(
    user.id,
    user.path,
    user.path,
    { ...settings, graphOptimizationLevel: 'all', hint, isHalf, enableMemPattern: MEMORY_PATTERN_OF_USER_MODELS },
    (session) => {
      checkContract(user, session);
    },
  );
}

/**
 * Without the pattern ONNX Runtime does not hold a second block for the activations of a run beside its arena: the peak
 * of a swapper of 23 and an enhancer of 98 GFLOP falls from 599 to 407 MB, for 1 to 3 % more processor time. Without the
 * arena it would be 335 MB and 5 to 17 % more time. Sessions cannot share an arena: the binding for Node registers none.
 */
const MEMORY_PATTERN_OF_USER_MODELS = false;

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Linux counts caches as used in `freemem`; what programs can get is `availableMemory`, from Node 22 on. */
const availableBytes = (): number => (process as { availableMemory?: () => number }).availableMemory?.() ?? freemem();

type LoadOptions = SessionSettings & {
  readonly graphOptimizationLevel: 'all' | 'extended' | 'basic' | 'disabled';
  readonly hint: string;
  readonly isHalf?: boolean;
  /** False: see `MEMORY_PATTERN_OF_USER_MODELS`. */
  readonly enableMemPattern?: boolean;
};

async function open(
  id: string,
  path: string,
  source: Uint8Array | string,
  options: LoadOptions,
  check: (session: Pick<ModelSession, 'inputs' | 'outputs'>) => void,
): Promise<OpenSession> {
  // The package costs 100 ms to load, which help and dry runs must not pay.
  const ort = await import('onnxruntime-node');
  const session = await createSession(ort, id, path, source, options);
  let inputs: readonly GraphTensor[];
  let outputs: readonly GraphTensor[];
  try {
    inputs = session.inputMetadata.map(describeValue);
    outputs = session.outputMetadata.map(describeValue);
    check({ inputs, outputs });
  } catch (error) {
    await session.release();
    throw error;
  }
  const typeOf = new Map([...inputs, ...outputs].map(({ name, dtype }) => [name, dtype]));
  const onlyFloats = [...typeOf.values()].every((dtype) => dtype === 'float32');
  return {
    id,
    inputs,
    outputs,
    async run(feeds) {
      const tensors: Record<string, OrtTensor> = {};
      try {
        for (const name in feeds) {
          const { data, dims } = feeds[name]!;
          const dtype = typeOf.get(name) ?? 'float32';
          // A float32 tensor is a view: nothing is copied here.
          tensors[name] = new ort.Tensor(dtype as 'float32', conversionOf(dtype).toGraph(data) as Float32Array, dims);
        }
        const results = await session.run(tensors);
        if (onlyFloats) return results as unknown as Record<string, Tensor>;
        return Object.fromEntries(
          Object.entries(results).map(([name, { data, dims, type }]) => [
            name,
            { data: conversionOf(type).fromGraph(data as Float32Array), dims },
          ]),
        );
      } catch (cause) {
        const message = messageOf(cause);
        throw new AppError('INFERENCE_FAILED', `The model ${id} failed: ${message}`, {
          hint: adviceFor(message, options.execution ?? CPU_ONLY),
          details: { id },
          cause,
        });
      }
    },
    release: () => session.release(),
  };
}

/** What may help where a run of a model has failed. */
function adviceFor(message: string, { providers }: Execution): string {
  if (OUT_OF_MEMORY.test(message)) {
    return 'It needs more memory than there is: close other programs, choose a smaller model, a smaller pixel boost or fewer processors. Chunks of a video that are done are kept for the same command.';
  }
  return providers.some((id) => id !== 'cpu')
    ? 'See whether it runs with --execution-providers cpu.'
    : 'Choose another model. Chunks of a video that are done are kept for the same command.';
}

/** Of ONNX Runtime's arenas, of C++ and of CUDA. */
const OUT_OF_MEMORY = /failed to allocate|bad_alloc|out of memory|bfcarena|buffer of size/i;

const conversionOf = (dtype: string): (typeof CONVERSIONS)[string] => {
  const conversion = CONVERSIONS[dtype];
  if (conversion) return conversion;
  throw new AppError('MODEL_IO_MISMATCH', `Expected a tensor of numbers, received ${dtype}.`);
};

const describeValue = (value: InferenceSession.ValueMetadata): GraphTensor =>
  value.isTensor
    ? { name: value.name, dtype: value.type, shape: value.shape }
    : { name: value.name, dtype: 'no tensor', shape: [] };

async function createSession(
  { InferenceSession: factory, env }: typeof import('onnxruntime-node'),
  id: string,
  path: string,
  source: Uint8Array | string,
  { intraOpThreads, graphOptimizationLevel, hint, execution = CPU_ONLY, isHalf = false, enableMemPattern }: LoadOptions,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    ...(enableMemPattern === undefined ? {} : { enableMemPattern }),
    ...(await providerOptions(execution, env.versions.node ?? 'unknown', isHalf)),
    graphOptimizationLevel,
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    // Errors only: warnings about unused initialisers would go to the user's terminal.
    logSeverityLevel: 3,
    // Threads that spin while they wait take the cores from ffmpeg: a whole video took 1.4 times as long.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  try {
    return await (typeof source === 'string' ? factory.create(source, options) : factory.create(source, options));
  } catch (cause) {
    const others = execution.providers.filter((name) => name !== 'cpu');
    const where = others.length === 0 ? '' : ` for ${others.join(', ')}`;
    throw new AppError(
      'MODEL_UNREADABLE',
      `Expected a network in ${path}; ONNX Runtime says${where}: ${messageOf(cause)}`,
      {
        hint: others.length === 0 ? hint : `See whether it runs with --execution-providers cpu. If not: ${hint}`,
        details: { id, file: basename(path) },
        cause,
      },
    );
  }
}

/** Order does not matter; names, types and shapes do. */
function checkTensors(
  id: string,
  path: string,
  side: 'input' | 'output',
  contract: readonly GraphTensor[],
  graph: readonly GraphTensor[],
): void {
  const expected = contract.map(describe).sort();
  const received = graph.map(describe).sort();
  if (expected.join('; ') === received.join('; ')) return;
  throw new AppError(
    'MODEL_IO_MISMATCH',
    `Expected the ${side} ${expected.join('; ')} of ${path}, received ${received.join('; ')}.`,
    { hint: MODELS_HINT, details: { id, file: basename(path), side, expected, received } },
  );
}

/**
 * Whether a graph can serve as a model: float types are taken for each other, so are whole numbers; open sizes fit any.
 * Inputs go by name, outputs by place.
 * @throws MODEL_IO_MISMATCH
 */
export function checkContract(
  user: Pick<UserModel, 'id' | 'model'>,
  graph: Pick<ModelSession, 'inputs' | 'outputs'>,
): void {
  checkSide(user, 'input', graph.inputs);
  checkSide(user, 'output', graph.outputs);
}

function checkSide(
  { id, model }: Pick<UserModel, 'id' | 'model'>,
  side: 'input' | 'output',
  graph: readonly GraphTensor[],
): void {
  const contract = side === 'input' ? model.inputs : model.outputs;
  const fits =
    side === 'input'
      ? contract.every((wanted) => {
          const found = graph.find(({ name }) => wanted.anyName || name === wanted.name);
          return found ? isLike(wanted, found) : wanted.optional;
        }) && graph.every(({ name }, at) => contract.some((own) => (own.anyName ? at === 0 : own.name === name)))
      : contract.every((wanted, at) => graph[at] !== undefined && isLike(wanted, graph[at]));
  if (fits) return;
  const expected = contract.map(
    ({ name, dtype, shape }) => `${name}: ${dtype}[${shape.map((n) => n ?? '?').join(', ')}]`,
  );
  const received = graph.map(describe);
  throw new AppError(
    'MODEL_IO_MISMATCH',
    `Expected the ${side}s ${expected.join('; ')} for ${id}, received ${received.join('; ')}.`,
    {
      hint: `The file is not ${model.id}, or not exported as FaceFusion's.`,
      details: { id, side, expected, received },
    },
  );
}

function isLike({ dtype, shape, anyShape }: TensorContract, found: GraphTensor): boolean {
  const kind = (name: string): string => name.replace(/\d+$/, '').replace('uint', 'int');
  if (kind(dtype) !== kind(found.dtype)) return false;
  if (anyShape) return true;
  // Without sizes: a scalar, or a number of axes that the graph leaves open, which ONNX Runtime does not tell apart.
  if (found.shape.length === 0) return true;
  // A scalar may be written as one row.
  if (shape.length !== found.shape.length) return shape.every((n) => n === 1) && found.shape.every((n) => n === 1);
  return shape.every(
    (size, axis) => size === null || typeof found.shape[axis] !== 'number' || found.shape[axis] === size,
  );
}

const describe = ({ name, dtype, shape }: GraphTensor): string => `${name}: ${dtype}[${shape.join(', ')}]`;

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
