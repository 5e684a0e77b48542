/** TensorFlow.js layers models (Keras, functional) to ONNX. Between the layers tensors are channels-first. */
import { z } from 'zod';
import type { ModelContract } from './contract.ts';
import { convolution, type Padding } from './layers.ts';
import { OnnxGraph, type TensorName } from './onnx-graph.ts';
import { readTfjsWeights, type TfjsWeights, weightNamed, weightsManifestSchema } from './tfjs-weights.ts';

/** `[layer, node index, tensor index, arguments]` of every layer that feeds this one. */
const inboundSchema = z.array(z.array(z.tuple([z.string(), z.literal(0), z.literal(0), z.unknown()])));

const layerSchema = z.object({
  name: z.string(),
  class_name: z.string(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: inboundSchema,
});

const modelSchema = z.object({
  modelTopology: z.object({
    model_config: z.object({ class_name: z.literal('Functional'), config: z.object({ layers: z.array(layerSchema) }) }),
  }),
  weightsManifest: weightsManifestSchema,
});

type Layer = z.infer<typeof layerSchema>;

/**
 * @param modelFile the model.json
 * @param weightsFile its weight files, joined
 * @returns an ONNX file with the contract's tensors; `from` names a layer
 */
export function convertTfjsLayers(modelFile: Uint8Array, weightsFile: Uint8Array, contract: ModelContract): Uint8Array {
  const { modelTopology, weightsManifest } = modelSchema.parse(JSON.parse(new TextDecoder().decode(modelFile)));
  const weights = readTfjsWeights(weightsManifest, weightsFile);
  const graph = new OnnxGraph();
  const tensors = new Map<string, TensorName>();
  for (const layer of modelTopology.model_config.config.layers) {
    const inputs = (layer.inbound_nodes[0] ?? []).map(([name]) => tensorNamed(tensors, name));
    const handler = HANDLERS[layer.class_name];
    if (!handler) throw new Error(`Expected a Keras layer with a converter, received ${layer.class_name}.`);
    tensors.set(layer.name, handler({ graph, weights, contract }, layer, inputs));
  }
  for (const output of contract.outputs) {
    graph.output(output.name, graph.toChannelsLast(tensorNamed(tensors, output.from)), output.shape);
  }
  return graph.toBytes();
}

function tensorNamed(tensors: ReadonlyMap<string, TensorName>, layer: string): TensorName {
  const tensor = tensors.get(layer);
  if (tensor === undefined) throw new Error(`Expected a layer named ${layer} before it is used.`);
  return tensor;
}

interface LayerContext {
  readonly graph: OnnxGraph;
  readonly weights: TfjsWeights;
  readonly contract: ModelContract;
}

type Handler = (context: LayerContext, layer: Layer, inputs: readonly TensorName[]) => TensorName;

const ACTIVATIONS: Readonly<Record<string, string>> = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' };

function activate(graph: OnnxGraph, tensor: TensorName, activation: string): TensorName {
  if (activation === 'linear') return tensor;
  const operator = ACTIVATIONS[activation];
  if (!operator) throw new Error(`Expected a known activation, received ${activation}.`);
  return graph.node(operator, [tensor]);
}

const pairSchema = z.tuple([z.number(), z.number()]);

const convolutionSchema = z.object({
  strides: pairSchema,
  dilation_rate: pairSchema,
  padding: z.enum(['same', 'valid']),
  groups: z.literal(1),
  activation: z.string(),
  use_bias: z.boolean(),
});

const PADDINGS: Readonly<Record<'same' | 'valid', Padding>> = { same: 'SAME_UPPER', valid: 'VALID' };

const convolve: Handler = ({ graph, weights }, layer, [input]) => {
  const config = convolutionSchema.parse(layer.config);
  const kernel = weightNamed(weights, `${layer.name}/kernel`);
  const bias = config.use_bias ? graph.float32(weightNamed(weights, `${layer.name}/bias`).data) : undefined;
  const result = convolution(graph, input, kernel, bias, {
    padding: PADDINGS[config.padding],
    strides: config.strides,
    dilations: config.dilation_rate,
  });
  return activate(graph, result, config.activation);
};

const upSamplingSchema = z.object({ size: pairSchema, interpolation: z.enum(['nearest', 'bilinear']) });

/** Keras repeats pixels: new pixel i shows the old one at floor(i / factor). */
const upSample: Handler = ({ graph }, layer, [input]) => {
  const { size, interpolation } = upSamplingSchema.parse(layer.config);
  if (interpolation !== 'nearest') throw new Error(`Expected nearest UpSampling2D, received ${interpolation}.`);
  return graph.node('Resize', [input, '', graph.float32([1, 1, ...size])], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  Activation: ({ graph }, layer, [input]) => activate(graph, input, z.string().parse(layer.config.activation)),
  Add: ({ graph }, _layer, inputs) => inputs.reduce((sum, input) => graph.node('Add', [sum, input])),
  // Keras' axis 3 is the channels, which lie first here.
  Concatenate: ({ graph }, _layer, inputs) => graph.node('Concat', inputs, { axis: 1 }),
  Conv2D: convolve,
  InputLayer: ({ graph, contract }) => {
    const [{ name, shape }] = contract.inputs;
    return graph.toChannelsFirst(graph.input(name, shape));
  },
  UpSampling2D: upSample,
};
