/** Reads a TFLite file into tensors and nodes. Field numbers: tensorflow/compiler/mlir/lite/schema/schema.fbs, v3. */
import { ByteBuffer } from 'flatbuffers';
import { FlatTable } from './flat-table.ts';
import { decodeHalfFloats, ownBuffer } from './weights.ts';

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** What the file stores, absent for results of nodes. */
  readonly constant: Float32Array | Int32Array | undefined;
}

export interface TfliteNode {
  /** The builtin operator's name in the schema, or the custom operator's own. */
  readonly operator: string;
  /** Indexes of tensors; -1 stands for an absent optional one. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The builtin operator's options. */
  readonly options: FlatTable | undefined;
  readonly customOptions: Uint8Array;
}

export interface TfliteFile {
  readonly tensors: readonly TfliteTensor[];
  readonly nodes: readonly TfliteNode[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** `enum BuiltinOperator`, those that the embedded models use. */
const OPERATORS: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  9: 'FULLY_CONNECTED',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
  40: 'MEAN',
  45: 'STRIDED_SLICE',
  54: 'PRELU',
  117: 'HARD_SWISH',
};
const CUSTOM_OPERATOR = 32;

/** `enum TensorType`, those that the embedded models store. */
const FLOAT32 = 0;
const FLOAT16 = 1;
const INT32 = 2;

/** @param bytes a whole .tflite file */
export function parseTflite(bytes: Uint8Array): TfliteFile {
  const model = FlatTable.root(new ByteBuffer(bytes));
  const operators = model.tables(1).map(operatorName);
  const buffers = model.tables(4);
  const graph = model.tables(2)[0];
  return {
    tensors: graph.tables(0).map((tensor) => {
      const stored = buffers[tensor.int32(2)].bytes(0);
      const name = tensor.string(3);
      const constant = stored.length === 0 ? undefined : decodeStored(stored, tensor.int8(1), name);
      return { name, shape: tensor.integers(0), constant };
    }),
    nodes: graph.tables(3).map((node) => ({
      operator: operators[node.int32(0)],
      inputs: node.integers(1),
      outputs: node.integers(2),
      options: node.table(4),
      customOptions: node.bytes(5),
    })),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
  };
}

function operatorName(code: FlatTable): string {
  // Codes outgrew a byte: new files repeat the code as an int32, old ones have only the byte.
  const number = Math.max(code.int8(0), code.int32(3));
  if (number === CUSTOM_OPERATOR) return code.string(1);
  const name = OPERATORS[number];
  if (name === undefined) throw new Error(`Expected a known TFLite operator, received builtin code ${number}.`);
  return name;
}

function decodeStored(stored: Uint8Array, type: number, name: string): Float32Array | Int32Array {
  const buffer = ownBuffer(stored);
  if (type === FLOAT32) return new Float32Array(buffer);
  if (type === FLOAT16) return decodeHalfFloats(new Uint16Array(buffer));
  if (type === INT32) return new Int32Array(buffer);
  throw new Error(`Expected float32, float16 or int32 for tensor ${name}, received TFLite type ${type}.`);
}
