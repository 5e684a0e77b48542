/**
 * Reads what an ONNX file says of itself, without ONNX Runtime: its inputs and outputs, its operator sets, and its
 * initialisers. Field numbers are those of onnx/onnx.proto (IR version 8 and above).
 */
import { open } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import { externalFilesOf } from './onnx-external-files.ts';
import { fieldsOf, Malformed, textOf, varintsOf } from './protobuf-reader.ts';

/** An input or output of the graph. */
export interface OnnxValue {
  readonly name: string;
  /** TensorProto.DataType; 1 is float32, 10 float16, 11 float64, 7 int64, 6 int32. */
  readonly elementType: number;
  /** A text names a size that is open; so does null, without a name. */
  readonly shape: readonly (number | string | null)[];
}

/** A tensor that is stored in the model. */
export interface OnnxInitializer {
  readonly name: string;
  readonly dims: readonly number[];
  readonly elementType: number;
  /** File beside the model that holds the numbers, where they are not in the model itself. */
  readonly externalFile?: string;
  /** The message that holds it. */
  readonly bytes: Uint8Array;
}

export interface OnnxFile {
  readonly irVersion: number;
  /** Version of the default operator set. */
  readonly opset: number;
  /** Without those that are initialisers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  /** Files with numbers that are not in the model, as it names them, each once; also those of graphs inside it. */
  readonly externalFiles: readonly string[];
}

/** Largest file that is read whole: a protobuf message cannot be larger. */
const LARGEST_BYTES = 2 ** 31;

/**
 * Reads and parses a file.
 * @throws MODEL_UNREADABLE where it is no ONNX file, is truncated or larger than 2 GB; MODEL_NOT_FOUND
 */
export async function readOnnxFile(path: string): Promise<OnnxFile> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'MODEL_NOT_FOUND' : 'MODEL_UNREADABLE';
    throw new AppError(code, `Expected a model at ${path}, which cannot be opened.`, { cause });
  });
  try {
    const entry = await file.stat();
    if (!entry.isFile()) throw notOnnx(path, 'it is a folder or a device');
    const { size } = entry;
    if (size >= LARGEST_BYTES) throw notOnnx(path, `it has ${size} bytes, more than an ONNX file can`);
    return parseOnnx(await file.readFile(), path);
  } finally {
    await file.close();
  }
}

/** @param label how messages call it @throws MODEL_UNREADABLE */
export function parseOnnx(bytes: Uint8Array, label: string): OnnxFile {
  try {
    return parseModel(bytes);
  } catch (cause) {
    if (cause instanceof Malformed) throw notOnnx(label, cause.message);
    // The stack has an end before a file that was made to be nested deeper.
    if (cause instanceof RangeError) throw notOnnx(label, 'its graphs are nested too deeply');
    throw cause;
  }
}

/**
 * The numbers of a float32 or float16 initialiser that is stored in the model.
 * @returns a new array, rows last, owned by the caller
 * @throws MODEL_IO_MISMATCH for other types and for numbers in another file
 */
export function readInitializer({ name, dims, elementType, externalFile, bytes }: OnnxInitializer): Float32Array {
  const count = dims.reduce((product, size) => product * size, 1);
  if (externalFile !== undefined || (elementType !== FLOAT32 && elementType !== FLOAT16)) {
    throw new AppError('MODEL_IO_MISMATCH', `Expected numbers in the model for ${name}, of type float32 or float16.`);
  }
  let values: Float32Array | undefined;
  const listed: number[] = [];
  for (const { field, wire, data, value } of fieldsOf(bytes)) {
    if (field === TENSOR.rawData) values = elementType === FLOAT32 ? floatsOf(data) : halvesOf(data);
    if (field === TENSOR.floatData && wire === 2) values = floatsOf(data);
    if (field === TENSOR.floatData && wire === 5) listed.push(floatsOf(data)[0]!);
    // Halves in int32_data: one each, in the lower 16 bits.
    if (field === TENSOR.int32Data && wire === 2) values = Float32Array.from(varintsOf(data), halfToNumber);
    if (field === TENSOR.int32Data && wire === 0) listed.push(halfToNumber(value));
  }
  values ??= Float32Array.from(listed);
  if (values.length === count) return values;
  throw new AppError('MODEL_IO_MISMATCH', `Expected ${count} numbers for ${name}, received ${values.length}.`);
}

const FLOAT32 = 1;
const FLOAT16 = 10;
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8 } as const;
const OPSET = { domain: 1, version: 2 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TENSOR_TYPE = { elementType: 1, shape: 2 } as const;
const DIMENSION = { value: 1, parameter: 2 } as const;
const TENSOR = { dims: 1, dataType: 2, floatData: 4, int32Data: 5, name: 8, rawData: 9, externalData: 13 } as const;
const ENTRY = { key: 1, value: 2 } as const;

function parseModel(bytes: Uint8Array): OnnxFile {
  let irVersion = 0;
  let opset = 0;
  let graph: Uint8Array | undefined;
  for (const { field, wire, value, data } of fieldsOf(bytes)) {
    if (field === MODEL.irVersion && wire === 0) irVersion = value;
    else if (field === MODEL.graph && wire === 2) graph = data;
    else if (field === MODEL.opsetImport && wire === 2) {
      const { domain, version } = parseOpset(data);
      if (domain === '' || domain === 'ai.onnx') opset = Math.max(opset, version);
    }
  }
  if (!graph || irVersion === 0) throw new Malformed('it has no graph');
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const initializers: OnnxInitializer[] = [];
  let nodes = 0;
  for (const { field, wire, data } of fieldsOf(graph)) {
    if (wire !== 2) continue;
    if (field === GRAPH.node) nodes++;
    else if (field === GRAPH.input) inputs.push(parseValue(data));
    else if (field === GRAPH.output) outputs.push(parseValue(data));
    else if (field === GRAPH.initializer) initializers.push(parseTensor(data));
  }
  if (nodes === 0 || outputs.length === 0) throw new Malformed('its graph is empty');
  const stored = new Set(initializers.map(({ name }) => name));
  return {
    ...{ irVersion, opset, inputs: inputs.filter(({ name }) => !stored.has(name)), outputs, initializers },
    externalFiles: externalFilesOf(bytes),
  };
}

function parseOpset(bytes: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  for (const { field, value, data } of fieldsOf(bytes)) {
    if (field === OPSET.domain) domain = textOf(data);
    if (field === OPSET.version) version = value;
  }
  return { domain, version };
}

function parseValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let elementType = 0;
  let shape: (number | string | null)[] = [];
  for (const { field, data } of fieldsOf(bytes)) {
    if (field === VALUE_INFO.name) name = textOf(data);
    if (field !== VALUE_INFO.type) continue;
    for (const { field: kind, data: tensor } of fieldsOf(data)) {
      // Other kinds (sequences, maps) are told by element type 0.
      if (kind !== 1) continue;
      for (const part of fieldsOf(tensor)) {
        if (part.field === TENSOR_TYPE.elementType) elementType = part.value;
        if (part.field === TENSOR_TYPE.shape) shape = Array.from(fieldsOf(part.data), ({ data: dim }) => sizeOf(dim));
      }
    }
  }
  return { name, elementType, shape };
}

function sizeOf(dimension: Uint8Array): number | string | null {
  for (const { field, value, data } of fieldsOf(dimension)) {
    if (field === DIMENSION.value) return value;
    if (field === DIMENSION.parameter) return textOf(data);
  }
  return null;
}

function parseTensor(bytes: Uint8Array): OnnxInitializer {
  const dims: number[] = [];
  let name = '';
  let elementType = 0;
  let externalFile: string | undefined;
  for (const { field, wire, value, data } of fieldsOf(bytes)) {
    if (field === TENSOR.dims) dims.push(...(wire === 2 ? varintsOf(data) : [value]));
    else if (field === TENSOR.dataType) elementType = value;
    else if (field === TENSOR.name) name = textOf(data);
    else if (field === TENSOR.externalData) {
      const entry = new Map(Array.from(fieldsOf(data), (part) => [part.field, textOf(part.data)]));
      if (entry.get(ENTRY.key) === 'location') externalFile = entry.get(ENTRY.value) ?? '';
    }
  }
  return { name, dims, elementType, bytes, ...(externalFile === undefined ? {} : { externalFile }) };
}

/** A copy: the bytes lie anywhere in the file. Not by `slice`, which of a Buffer is a view. */
const floatsOf = (bytes: Uint8Array): Float32Array =>
  new Float32Array(new Uint8Array(bytes.subarray(0, bytes.length & ~3)).buffer);

const halvesOf = (bytes: Uint8Array): Float32Array =>
  Float32Array.from(new Uint16Array(new Uint8Array(bytes.subarray(0, bytes.length & ~1)).buffer), halfToNumber);

/** IEEE 754 binary16. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function notOnnx(label: string, why: string): AppError {
  return new AppError('MODEL_UNREADABLE', `Expected an ONNX file, but ${label} is none: ${why}.`, {
    hint: 'Copy or download the file again.',
  });
}
