/** TFLite to ONNX. Tensors stay channels-last; ONNX Runtime's optimiser removes nearly all of the transposes. */
import { type ModelContract, publishOutput } from './contract.ts';
import type { FlatTable } from './flat-table.ts';
import { convolution, depthwiseConvolution, type Padding, padWithZeros, parametricRelu } from './layers.ts';
import { ATTENTION_HANDLERS } from './tflite-attention.ts';
import { TfliteConversion, type TfliteHandler } from './tflite-conversion.ts';
import { parseTflite, type TfliteNode } from './tflite-file.ts';
import { permute } from './weights.ts';

/** `enum Padding` of the schema. */
const PADDINGS: readonly Padding[] = ['SAME_UPPER', 'VALID'];

/**
 * @param bytes a whole .tflite file with one input
 * @returns an ONNX file with the contract's tensors
 */
export function convertTflite(bytes: Uint8Array, contract: ModelContract): Uint8Array {
  const file = parseTflite(bytes);
  const conversion = new TfliteConversion(file);
  const { graph } = conversion;
  conversion.setName(file.inputs[0], graph.input(contract.inputs[0].name, file.tensors[file.inputs[0]].shape));
  for (const node of file.nodes) {
    const handler = HANDLERS[node.operator];
    if (!handler) throw new Error(`Expected a TFLite operator with a converter, received ${node.operator}.`);
    const name = handler(conversion, node);
    if (name !== undefined) conversion.setName(node.outputs[0], name);
  }
  for (const output of contract.outputs) {
    const index = file.outputs.find((tensor) => file.tensors[tensor].name === output.from);
    if (index === undefined) throw new Error(`Expected an output ${output.from} in the TFLite file.`);
    publishOutput(graph, output, conversion.name(index), file.tensors[index].shape);
  }
  return graph.toBytes();
}

/** The options of an operator that cannot do without them. */
function optionsOf(node: TfliteNode): FlatTable {
  if (!node.options) throw new Error(`Expected options for TFLite operator ${node.operator}.`);
  return node.options;
}

const unary =
  (operator: string): TfliteHandler =>
  (context, node) =>
    context.graph.node(operator, [context.name(node.inputs[0])]);

const binary =
  (operator: string): TfliteHandler =>
  (context, node) => {
    const operands = node.inputs.map((input) => context.name(input));
    return context.activate(context.graph.node(operator, operands), node.options?.int8(0) ?? 0);
  };

/** Fields of Conv2DOptions and DepthwiseConv2DOptions: the latter has a multiplier before its activation. */
const CONVOLUTION_FIELDS = { activation: 3, dilationColumns: 4, dilationRows: 5 };
const DEPTHWISE_FIELDS = { activation: 4, dilationColumns: 5, dilationRows: 6 };

const convolve =
  (isDepthwise: boolean): TfliteHandler =>
  (context, node) => {
    const { graph } = context;
    const [input, kernel, bias = -1] = node.inputs;
    const options = optionsOf(node);
    const fields = isDepthwise ? DEPTHWISE_FIELDS : CONVOLUTION_FIELDS;
    const settings = {
      padding: PADDINGS[options.int8(0)],
      strides: [options.int32(2, 1), options.int32(1, 1)],
      dilations: [options.int32(fields.dilationRows, 1), options.int32(fields.dilationColumns, 1)],
    } as const;
    const source = graph.toChannelsFirst(context.name(input));
    const biasName = bias < 0 ? undefined : context.name(bias);
    const weights = context.weights(kernel);
    let result: string;
    if (isDepthwise) {
      // 1 x height x width x (channels x multiplier)
      const [, height, width, outputs] = weights.shape;
      const channels = context.shape(input)[3];
      const shape = [height, width, channels, outputs / channels];
      result = depthwiseConvolution(graph, source, { data: weights.data, shape }, biasName, settings);
    } else {
      // out x height x width x in
      result = convolution(graph, source, permute(weights, [1, 2, 3, 0]), biasName, settings);
    }
    return context.activate(graph.toChannelsLast(result), options.int8(fields.activation));
  };

const pool =
  (operator: string): TfliteHandler =>
  (context, node) => {
    const { graph } = context;
    const options = optionsOf(node);
    const result = graph.node(operator, [graph.toChannelsFirst(context.name(node.inputs[0]))], {
      auto_pad: PADDINGS[options.int8(0)],
      strides: [options.int32(2, 1), options.int32(1, 1)],
      kernel_shape: [options.int32(4), options.int32(3)],
    });
    return context.activate(graph.toChannelsLast(result), options.int8(5));
  };

const prelu: TfliteHandler = (context, node) => {
  const { graph } = context;
  const slopes = context.weights(node.inputs[1]).data;
  return graph.toChannelsLast(parametricRelu(graph, graph.toChannelsFirst(context.name(node.inputs[0])), slopes));
};

const resizeBilinear: TfliteHandler = (context, node) => {
  const { graph } = context;
  const options = optionsOf(node);
  const isAligned = options.int8(2) !== 0;
  const hasHalfPixels = options.int8(3) !== 0;
  const [batch, height, width, channels] = context.shape(node.outputs[0]);
  const sizes = graph.int64([batch, channels, height, width]);
  const result = graph.node('Resize', [graph.toChannelsFirst(context.name(node.inputs[0])), '', '', sizes], {
    mode: 'linear',
    coordinate_transformation_mode: isAligned ? 'align_corners' : hasHalfPixels ? 'half_pixel' : 'asymmetric',
  });
  return graph.toChannelsLast(result);
};

const fullyConnected: TfliteHandler = (context, node) => {
  const { graph } = context;
  const [input, kernel, bias = -1] = node.inputs;
  const features = context.shape(kernel)[1];
  const isFlat = context.shape(input).length === 2;
  const rows = isFlat ? context.name(input) : graph.node('Reshape', [context.name(input), graph.int64([-1, features])]);
  const operands = [rows, context.name(kernel)];
  if (bias >= 0) operands.push(context.name(bias));
  return context.activate(graph.node('Gemm', operands, { transB: 1 }), optionsOf(node).int8(0));
};

/** The one use in the attention mesh takes everything, so it is passed through; anything else is refused. */
const stridedSlice: TfliteHandler = (context, node) => {
  if (context.shape(node.inputs[0]).join() !== context.shape(node.outputs[0]).join()) {
    throw new Error('Expected a TFLite STRIDED_SLICE that keeps everything.');
  }
  return context.name(node.inputs[0]);
};

/** Selfie segmentation's last layer. Options: int32 padding (1 = SAME), stride width, stride height. */
const transposedConvolution: TfliteHandler = (context, node) => {
  const { graph } = context;
  const [input, kernel, bias] = node.inputs;
  const { buffer, byteOffset, byteLength } = node.customOptions;
  const options = new DataView(buffer, byteOffset, byteLength);
  // out x height x width x in; ONNX wants in x out x height x width
  const weights = permute(context.weights(kernel), [3, 0, 1, 2]);
  const result = graph.node(
    'ConvTranspose',
    [graph.toChannelsFirst(context.name(input)), graph.float32(weights.data, weights.shape), context.name(bias)],
    {
      auto_pad: options.getInt32(0, true) === 1 ? 'SAME_UPPER' : 'VALID',
      strides: [options.getInt32(8, true), options.getInt32(4, true)],
      kernel_shape: weights.shape.slice(2),
    },
  );
  return graph.toChannelsLast(result);
};

const HANDLERS: Readonly<Record<string, TfliteHandler>> = {
  ...ATTENTION_HANDLERS,
  ADD: binary('Add'),
  AVERAGE_POOL_2D: pool('AveragePool'),
  CONCATENATION: (context, node) =>
    context.graph.node(
      'Concat',
      node.inputs.map((input) => context.name(input)),
      { axis: optionsOf(node).int32(0) },
    ),
  CONV_2D: convolve(false),
  Convolution2DTransposeBias: transposedConvolution,
  DEPTHWISE_CONV_2D: convolve(true),
  // Weights are stored as half floats and widened once, here, instead of at every start.
  DEQUANTIZE: (context, node) => {
    context.setConstant(node.outputs[0], context.constant(node.inputs[0]));
    return undefined;
  },
  FULLY_CONNECTED: fullyConnected,
  HARD_SWISH: unary('HardSwish'),
  LOGISTIC: unary('Sigmoid'),
  MAX_POOL_2D: pool('MaxPool'),
  MEAN: (context, node) =>
    context.graph.node('ReduceMean', [context.name(node.inputs[0])], {
      axes: Array.from(context.constant(node.inputs[1])),
      keepdims: optionsOf(node).int8(0),
    }),
  MUL: binary('Mul'),
  PAD: (context, node) => padWithZeros(context.graph, context.name(node.inputs[0]), context.constant(node.inputs[1])),
  PRELU: prelu,
  RELU: unary('Relu'),
  RESHAPE: (context, node) =>
    context.graph.node('Reshape', [context.name(node.inputs[0]), context.graph.int64(context.shape(node.outputs[0]))]),
  RESIZE_BILINEAR: resizeBilinear,
  STRIDED_SLICE: stridedSlice,
};
