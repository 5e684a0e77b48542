/**
 * face-api's networks. The package holds weights only; the networks are code, so they are built here by hand and the
 * comparison test runs them against face-api itself.
 * @see https://github.com/vladmandic/face-api, src/faceRecognitionNet, src/ageGenderNet, src/faceLandmarkNet
 */
import { type ModelContract, publishOutput } from './contract.ts';
import { type ConvolutionOptions, convolution, depthwiseConvolution, type Padding } from './layers.ts';
import { OnnxGraph, type TensorName } from './onnx-graph.ts';
import {
  readTfjsWeights,
  type TfjsWeight,
  type TfjsWeights,
  weightNamed,
  weightsManifestSchema,
} from './tfjs-weights.ts';

/** Mean colour of the training images, RGB 0..255 (face-api `NetInput` users subtract it, then divide by 255). */
const MEAN_RGB = [122.782, 117.001, 104.298];

export type FaceApiNetwork = 'age-gender' | 'landmarks' | 'recognition';

/**
 * @param weightsFile the .bin file
 * @param manifestFile the -weights_manifest.json beside it
 */
export function convertFaceApi(
  network: FaceApiNetwork,
  weightsFile: Uint8Array,
  manifestFile: Uint8Array,
  contract: ModelContract,
): Uint8Array {
  const manifest = weightsManifestSchema.parse(JSON.parse(new TextDecoder().decode(manifestFile)));
  const builder = new NetworkBuilder(readTfjsWeights(manifest, weightsFile));
  const { graph } = builder;
  const [{ name, shape }] = contract.inputs;
  const image = graph.toChannelsFirst(graph.input(name, shape));
  const centred = graph.node('Sub', [image, graph.float32(MEAN_RGB, [1, 3, 1, 1])]);
  const results = NETWORKS[network](builder, graph.node('Div', [centred, graph.scalar(255)]));
  for (const output of contract.outputs) publishOutput(graph, output, results[output.from]);
  return graph.toBytes();
}

/** Layers by the names of their weights; tensors are channels-first. */
class NetworkBuilder {
  readonly graph = new OnnxGraph();
  readonly #weights: TfjsWeights;

  constructor(weights: TfjsWeights) {
    this.#weights = weights;
  }

  weight(name: string): TfjsWeight {
    return weightNamed(this.#weights, name);
  }

  relu(tensor: TensorName): TensorName {
    return this.graph.node('Relu', [tensor]);
  }

  sum(...tensors: readonly TensorName[]): TensorName {
    return tensors.reduce((sum, tensor) => this.graph.node('Add', [sum, tensor]));
  }

  /** Weights `filters` and `bias`, TensorFlow's SAME padding. */
  plain(input: TensorName, prefix: string, stride: number): TensorName {
    const bias = this.weight(`${prefix}/bias`);
    return convolution(
      this.graph,
      input,
      this.weight(`${prefix}/filters`),
      this.graph.float32(bias.data),
      options(stride, 'SAME_UPPER'),
    );
  }

  /** A depthwise convolution, then a pointwise one that holds the bias. */
  separable(input: TensorName, prefix: string, stride: number): TensorName {
    const depthwise = depthwiseConvolution(
      this.graph,
      input,
      this.weight(`${prefix}/depthwise_filter`),
      undefined,
      options(stride, 'SAME_UPPER'),
    );
    const bias = this.graph.float32(this.weight(`${prefix}/bias`).data);
    return convolution(this.graph, depthwise, this.weight(`${prefix}/pointwise_filter`), bias, options(1, 'VALID'));
  }

  /** A convolution whose result is scaled and shifted by channel; both are folded into its weights. */
  scaled(input: TensorName, prefix: string, stride: number, padding: Padding): TensorName {
    const filters = this.weight(`${prefix}/conv/filters`);
    const scale = this.weight(`${prefix}/scale/weights`).data;
    const shift = this.weight(`${prefix}/scale/biases`).data;
    const channels = scale.length;
    const kernel = filters.data.map((value, i) => value * scale[i % channels]);
    const bias = this.weight(`${prefix}/conv/bias`).data.map((value, i) => value * scale[i] + shift[i]);
    return convolution(
      this.graph,
      input,
      { data: kernel, shape: filters.shape },
      this.graph.float32(bias),
      options(stride, padding),
    );
  }

  /** `flat` times the matrix, plus the bias. */
  dense(flat: TensorName, prefix: string): TensorName {
    const kernel = this.weight(`${prefix}/weights`);
    const bias = this.weight(`${prefix}/bias`);
    const operands = [flat, this.graph.float32(kernel.data, kernel.shape), this.graph.float32(bias.data)];
    return this.graph.node('Gemm', operands);
  }

  averagePool(input: TensorName, size: number): TensorName {
    return this.graph.node('AveragePool', [input], { kernel_shape: [size, size], strides: [2, 2] });
  }
}

function options(stride: number, padding: Padding): ConvolutionOptions {
  return { padding, strides: [stride, stride] };
}

type Network = (builder: NetworkBuilder, image: TensorName) => Readonly<Record<string, TensorName>>;

/** dlib's residual network; 150 x 150 pixels to 128 numbers. */
const recognition: Network = (builder, image) => {
  const { graph } = builder;
  let tensor = builder.relu(builder.scaled(image, 'conv32_down', 2, 'VALID'));
  tensor = graph.node('MaxPool', [tensor], { kernel_shape: [3, 3], strides: [2, 2] });
  let size = 35;
  for (const block of ['conv32_1', 'conv32_2', 'conv32_3']) tensor = residual(builder, tensor, block);
  const stages = [
    ['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
    ['conv128_down', 'conv128_1', 'conv128_2'],
    ['conv256_down', 'conv256_1', 'conv256_2'],
    ['conv256_down_out'],
  ];
  for (const [down, ...blocks] of stages) {
    tensor = residualDown(builder, tensor, down, size);
    size = Math.floor(size / 2);
    for (const block of blocks) tensor = residual(builder, tensor, block);
  }
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [tensor])]);
  const { data, shape } = builder.weight('fc');
  return { output: graph.node('MatMul', [flat, graph.float32(data, shape)]) };
};

function residual(builder: NetworkBuilder, input: TensorName, block: string): TensorName {
  const first = builder.relu(builder.scaled(input, `${block}/conv1`, 1, 'SAME_UPPER'));
  const second = builder.scaled(first, `${block}/conv2`, 1, 'SAME_UPPER');
  return builder.relu(builder.sum(second, input));
}

/**
 * Halves the size and mostly doubles the channels. The shortcut is an average pool, which rounds the size differently
 * than the unpadded convolution: face-api fills the missing last row and column, and the new channels, with zeros.
 */
function residualDown(builder: NetworkBuilder, input: TensorName, block: string, size: number): TensorName {
  const { graph } = builder;
  const first = builder.relu(builder.scaled(input, `${block}/conv1`, 2, 'VALID'));
  let branch = builder.scaled(first, `${block}/conv2`, 1, 'SAME_UPPER');
  let shortcut = builder.averagePool(input, 2);
  const missing = Math.floor(size / 2) - (Math.floor((size - 3) / 2) + 1);
  if (missing > 0) {
    branch = graph.node('Pad', [branch, graph.int64([0, 0, 0, 0, 0, 0, missing, missing])], { mode: 'constant' });
  }
  const channelsIn = builder.weight(`${block}/conv1/conv/filters`).shape[2];
  const channelsOut = builder.weight(`${block}/conv2/conv/filters`).shape[3];
  if (channelsOut !== channelsIn) {
    const pads = graph.int64([0, 0, 0, 0, 0, channelsOut - channelsIn, 0, 0]);
    shortcut = graph.node('Pad', [shortcut, pads], { mode: 'constant' });
  }
  return builder.relu(builder.sum(shortcut, branch));
}

/** Four densely connected blocks; 112 x 112 pixels to 68 points. */
const landmarks: Network = (builder, image) => {
  const { graph } = builder;
  const block = (input: TensorName, name: string, isFirst: boolean): TensorName => {
    const a = builder.relu(
      isFirst ? builder.plain(input, `${name}/conv0`, 2) : builder.separable(input, `${name}/conv0`, 2),
    );
    const b = builder.separable(a, `${name}/conv1`, 1);
    const c = builder.separable(builder.relu(builder.sum(a, b)), `${name}/conv2`, 1);
    const d = builder.separable(builder.relu(builder.sum(a, b, c)), `${name}/conv3`, 1);
    return builder.relu(builder.sum(a, b, c, d));
  };
  let tensor = image;
  for (const name of ['dense0', 'dense1', 'dense2', 'dense3']) tensor = block(tensor, name, name === 'dense0');
  // The last layer's weights expect channels-last order.
  const flat = graph.node('Flatten', [graph.toChannelsLast(builder.averagePool(tensor, 7))]);
  return { output: graph.node('Reshape', [builder.dense(flat, 'fc'), graph.int64([1, 68, 2])]) };
};

/** A small Xception; 112 x 112 pixels to an age and two probabilities. */
const ageGender: Network = (builder, image) => {
  const { graph } = builder;
  const reduce = (input: TensorName, name: string, isActivated: boolean): TensorName => {
    let tensor = isActivated ? builder.relu(input) : input;
    tensor = builder.separable(tensor, `${name}/separable_conv0`, 1);
    tensor = builder.separable(builder.relu(tensor), `${name}/separable_conv1`, 1);
    tensor = graph.node('MaxPool', [tensor], { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' });
    return builder.sum(tensor, builder.plain(input, `${name}/expansion_conv`, 2));
  };
  const main = (input: TensorName, name: string): TensorName => {
    let tensor = input;
    for (const i of [0, 1, 2]) tensor = builder.separable(builder.relu(tensor), `${name}/separable_conv${i}`, 1);
    return builder.sum(tensor, input);
  };
  let tensor = builder.relu(builder.plain(image, 'entry_flow/conv_in', 2));
  tensor = reduce(tensor, 'entry_flow/reduction_block_0', false);
  tensor = reduce(tensor, 'entry_flow/reduction_block_1', true);
  tensor = main(tensor, 'middle_flow/main_block_0');
  tensor = main(tensor, 'middle_flow/main_block_1');
  tensor = reduce(tensor, 'exit_flow/reduction_block', true);
  tensor = builder.relu(builder.separable(tensor, 'exit_flow/separable_conv', 1));
  const flat = graph.node('Flatten', [builder.averagePool(tensor, 7)]);
  return {
    age: builder.dense(flat, 'fc/age'),
    gender: graph.node('Softmax', [builder.dense(flat, 'fc/gender')], { axis: -1 }),
  };
};

const NETWORKS: Readonly<Record<FaceApiNetwork, Network>> = { recognition, landmarks, 'age-gender': ageGender };
