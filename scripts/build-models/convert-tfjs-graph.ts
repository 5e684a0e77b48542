/** TensorFlow.js graph models to ONNX. Tensors stay channels-last, as in convert-tflite.ts. */
import { z } from 'zod';
import { type ModelContract, publishOutput } from './contract.ts';
import { type ConvolutionOptions, clipToSix, convolution, depthwiseConvolution, type Padding } from './layers.ts';
import { OnnxGraph, type TensorName } from './onnx-graph.ts';
import {
  readTfjsWeights,
  type TfjsWeight,
  type TfjsWeights,
  weightNamed,
  weightsManifestSchema,
} from './tfjs-weights.ts';

/** An attribute as protobuf's JSON form writes it: 64-bit integers as text, byte strings as base64. */
const attributeSchema = z.object({
  s: z.string().optional(),
  b: z.boolean().optional(),
  list: z.object({ i: z.array(z.coerce.number()).optional(), s: z.array(z.string()).optional() }).optional(),
});

const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  /** A leading ^ says "run after"; it carries no data. */
  input: z
    .array(z.string())
    .default([])
    .transform((inputs) => inputs.filter((input) => !input.startsWith('^'))),
  attr: z.record(z.string(), attributeSchema).default({}),
});

const modelSchema = z.object({
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: weightsManifestSchema,
});

type GraphNode = z.infer<typeof nodeSchema>;

/**
 * @param model the parsed model.json
 * @param weightsFile its weight files, joined
 * @returns an ONNX file with the contract's tensors; `from` names a node
 */
export function convertTfjsGraph(model: unknown, weightsFile: Uint8Array, contract: ModelContract): Uint8Array {
  const { modelTopology, weightsManifest } = modelSchema.parse(model);
  const conversion = new GraphConversion(readTfjsWeights(weightsManifest, weightsFile), contract);
  for (const node of inOrder(modelTopology.node)) {
    const handler = HANDLERS[node.op];
    if (!handler) throw new Error(`Expected a TensorFlow operator with a converter, received ${node.op}.`);
    const name = handler(conversion, node);
    if (name !== undefined) conversion.names.set(node.name, name);
  }
  for (const output of contract.outputs) publishOutput(conversion.graph, output, conversion.name(output.from));
  return conversion.graph.toBytes();
}

/** Every node after those that feed it; the file promises no order. */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<GraphNode>();
  const visit = (node: GraphNode): void => {
    if (ordered.has(node)) return;
    for (const input of node.input) {
      const source = byName.get(input);
      if (!source) throw new Error(`Expected a node named ${input}, which feeds ${node.name}.`);
      visit(source);
    }
    ordered.add(node);
  };
  nodes.forEach(visit);
  return [...ordered];
}

class GraphConversion {
  readonly graph = new OnnxGraph();
  readonly names = new Map<string, TensorName>();
  readonly #weights: TfjsWeights;
  readonly #contract: ModelContract;

  constructor(weights: TfjsWeights, contract: ModelContract) {
    this.#weights = weights;
    this.#contract = contract;
  }

  constant(node: string): TfjsWeight {
    return weightNamed(this.#weights, node);
  }

  /** The ONNX tensor of a node; a constant is written on first use. */
  name(node: string): TensorName {
    const known = this.names.get(node);
    if (known !== undefined) return known;
    const { data, shape, dtype } = this.constant(node);
    const name = dtype === 'int32' ? this.graph.int64(data, shape) : this.graph.float32(data, shape);
    this.names.set(node, name);
    return name;
  }

  /** The contract's input stands for the placeholder: same sizes, but a batch of one. */
  input(): TensorName {
    const [{ name, shape }] = this.#contract.inputs;
    return this.graph.input(name, shape);
  }
}

type Handler = (context: GraphConversion, node: GraphNode) => TensorName | undefined;

const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** Rows and columns of a list for four channels-last axes. */
function rowsAndColumns(node: GraphNode, attribute: string): [number, number] {
  const list = node.attr[attribute]?.list?.i;
  if (!list) throw new Error(`Expected ${attribute} for ${node.op}.`);
  return [list[1], list[2]];
}

function paddingOf(node: GraphNode): Padding {
  const padding = decodeText(node.attr.padding?.s ?? '');
  if (padding === 'SAME') return 'SAME_UPPER';
  if (padding === 'VALID') return 'VALID';
  throw new Error(`Expected padding SAME or VALID for ${node.op}, received ${padding}.`);
}

/** What TensorFlow has folded into a node: a bias is always first, an activation may follow. */
function fusedOperations(node: GraphNode): string[] {
  return (node.attr.fused_ops?.list?.s ?? []).map(decodeText);
}

function biasOf(context: GraphConversion, node: GraphNode): TensorName | undefined {
  return fusedOperations(node).includes('BiasAdd') ? context.name(node.input[2]) : undefined;
}

function activate({ graph }: GraphConversion, tensor: TensorName, node: GraphNode): TensorName {
  const activation = fusedOperations(node).find((operation) => operation !== 'BiasAdd');
  if (activation === undefined) return tensor;
  if (activation === 'Relu') return graph.node('Relu', [tensor]);
  if (activation === 'Relu6') return clipToSix(graph, tensor);
  throw new Error(`Expected Relu or Relu6 fused into ${node.op}, received ${activation}.`);
}

const convolve =
  (layer: typeof convolution | typeof depthwiseConvolution): Handler =>
  (context, node) => {
    const { graph } = context;
    const settings: ConvolutionOptions = {
      padding: paddingOf(node),
      strides: rowsAndColumns(node, 'strides'),
      dilations: rowsAndColumns(node, 'dilations'),
    };
    const input = graph.toChannelsFirst(context.name(node.input[0]));
    const result = layer(graph, input, context.constant(node.input[1]), biasOf(context, node), settings);
    return activate(context, graph.toChannelsLast(result), node);
  };

const binary =
  (operator: string): Handler =>
  (context, node) =>
    context.graph.node(
      operator,
      node.input.map((input) => context.name(input)),
    );

const averagePool: Handler = (context, node) => {
  const { graph } = context;
  const result = graph.node('AveragePool', [graph.toChannelsFirst(context.name(node.input[0]))], {
    auto_pad: paddingOf(node),
    kernel_shape: rowsAndColumns(node, 'ksize'),
    strides: rowsAndColumns(node, 'strides'),
  });
  return graph.toChannelsLast(result);
};

const matrixProduct: Handler = (context, node) => {
  const operands = [context.name(node.input[0]), context.name(node.input[1])];
  const bias = biasOf(context, node);
  if (bias !== undefined) operands.push(bias);
  const result = context.graph.node('Gemm', operands, {
    transA: node.attr.transpose_a?.b ? 1 : 0,
    transB: node.attr.transpose_b?.b ? 1 : 0,
  });
  return activate(context, result, node);
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  _FusedConv2D: convolve(convolution),
  _FusedMatMul: matrixProduct,
  AddV2: binary('Add'),
  AvgPool: averagePool,
  // Written where it is used.
  Const: () => undefined,
  FusedDepthwiseConv2dNative: convolve(depthwiseConvolution),
  Identity: (context, node) => context.name(node.input[0]),
  Mul: binary('Mul'),
  Placeholder: (context) => context.input(),
  Softmax: (context, node) => context.graph.node('Softmax', [context.name(node.input[0])], { axis: -1 }),
  Squeeze: (context, node) => {
    const axes = node.attr.squeeze_dims?.list?.i ?? [];
    return context.graph.node('Squeeze', [context.name(node.input[0]), context.graph.int64(axes)]);
  },
  Sub: binary('Sub'),
};
