import { ProtobufWriter } from './protobuf-writer.ts';

/** Field numbers and enum values below come from onnx/onnx.proto (ONNX IR version 8). */
const IR_VERSION = 8;
const DATA_TYPE = { float32: 1, int32: 6, int64: 7, float16: 10, float64: 11 } as const;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A name stands for a dimension that the caller of the model chooses. */
export type Dimension = number | string;
export type DataType = keyof typeof DATA_TYPE;

/** Integers and floats are different kinds of attribute and JavaScript cannot tell 1 from 1.0, so floats are marked. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A tensor of the graph, by its name. */
export type TensorName = string;

interface GraphTensor {
  readonly name: TensorName;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
}

interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly TensorName[];
  readonly output: TensorName;
  readonly attributes: Attributes;
}

/**
 * Builds an ONNX model node by node. Every node has one output; nodes must be added after those that feed them.
 * Names count up from zero, so the same calls give the same bytes.
 */
export class OnnxGraph {
  readonly #opset: number;
  readonly #nodes: GraphNode[] = [];
  readonly #constants: { name: TensorName; type: DataType; shape: readonly number[]; bytes: Uint8Array }[] = [];
  readonly #inputs: GraphTensor[] = [];
  readonly #outputs: (GraphTensor & { readonly source: TensorName })[] = [];
  #count = 0;

  /** @param opset 17 is the newest in which the reductions take their axes as attribute and GridSample exists */
  constructor(opset = 17) {
    this.#opset = opset;
  }

  input(name: TensorName, shape: readonly Dimension[], type: DataType = 'float32'): TensorName {
    this.#inputs.push({ name, shape, type });
    return name;
  }

  /** Publishes a node's result under `name`. */
  output(name: TensorName, source: TensorName, shape: readonly Dimension[], type: DataType = 'float32'): void {
    this.#outputs.push({ name, source, shape, type });
  }

  /** A constant; `shape` of `[]` is a scalar. */
  float32(values: ArrayLike<number>, shape: readonly number[] = [values.length]): TensorName {
    const data = values instanceof Float32Array ? values : Float32Array.from(values);
    return this.#constant('float32', shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  int64(values: ArrayLike<number>, shape: readonly number[] = [values.length]): TensorName {
    const data = BigInt64Array.from(Array.from(values, BigInt));
    return this.#constant('int64', shape, new Uint8Array(data.buffer));
  }

  scalar(value: number): TensorName {
    return this.float32([value], []);
  }

  /** Adds a node and gives its result. An absent optional input is the empty string. */
  node(operator: string, inputs: readonly TensorName[], attributes: Attributes = {}): TensorName {
    const output = `t${this.#count++}`;
    this.#nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  /** Channels-last to channels-first, as ONNX's spatial operators want it. */
  toChannelsFirst(tensor: TensorName): TensorName {
    return this.node('Transpose', [tensor], { perm: [0, 3, 1, 2] });
  }

  toChannelsLast(tensor: TensorName): TensorName {
    return this.node('Transpose', [tensor], { perm: [0, 2, 3, 1] });
  }

  /** @returns the serialised ModelProto, owned by the caller */
  toBytes(): Uint8Array {
    const graph = new ProtobufWriter();
    const outputNames = this.#outputNames();
    const rename = (name: TensorName): TensorName => outputNames.get(name) ?? name;
    for (const node of this.#nodes) graph.message(1, encodeNode(node, rename));
    graph.string(2, 'graph');
    for (const { name, type, shape, bytes } of this.#constants) {
      const tensor = new ProtobufWriter();
      for (const size of shape) tensor.integer(1, size);
      graph.message(5, tensor.integer(2, DATA_TYPE[type]).string(8, name).bytes(9, bytes));
    }
    for (const tensor of this.#inputs) graph.message(11, encodeValueInfo(tensor));
    for (const tensor of this.#outputs) graph.message(12, encodeValueInfo(tensor));
    const opset = new ProtobufWriter().string(1, '').integer(2, this.#opset);
    return new ProtobufWriter()
      .integer(1, IR_VERSION)
      .string(2, 'facefusion')
      .message(7, graph)
      .message(8, opset)
      .toBytes();
  }

  #constant(type: DataType, shape: readonly number[], bytes: Uint8Array): TensorName {
    const name = `c${this.#constants.length}`;
    this.#constants.push({ name, type, shape, bytes });
    return name;
  }

  /** Nodes write straight into the outputs' names: an Identity in between would cost a copy. */
  #outputNames(): Map<TensorName, TensorName> {
    const names = new Map<TensorName, TensorName>();
    for (const { name, source } of this.#outputs) {
      const isNodeResult = this.#nodes.some((node) => node.output === source);
      if (!isNodeResult || names.has(source)) {
        throw new Error(`Expected output ${name} to be the result of a node and published once, received ${source}.`);
      }
      names.set(source, name);
    }
    return names;
  }
}

function encodeNode(node: GraphNode, rename: (name: TensorName) => TensorName): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.string(1, rename(input));
  writer.string(2, rename(node.output)).string(3, `${node.operator}_${node.output}`).string(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) writer.message(5, encodeAttribute(name, value));
  return writer;
}

function encodeAttribute(name: string, value: AttributeValue): ProtobufWriter {
  const writer = new ProtobufWriter().string(1, name);
  if (typeof value === 'number') return writer.integer(3, value).integer(20, ATTRIBUTE_TYPE.int);
  if (typeof value === 'string') return writer.string(4, value).integer(20, ATTRIBUTE_TYPE.string);
  if ('float' in value) return writer.float(2, value.float).integer(20, ATTRIBUTE_TYPE.float);
  for (const item of value) writer.integer(8, item);
  return writer.integer(20, ATTRIBUTE_TYPE.ints);
}

function encodeValueInfo({ name, type, shape }: GraphTensor): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.string(2, size));
  }
  const tensorType = new ProtobufWriter().integer(1, DATA_TYPE[type]).message(2, dimensions);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}
