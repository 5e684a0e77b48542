/**
 * Networks with random weights that cost about what published ones cost, and have their inputs and outputs. Nothing is
 * known of their pictures but that they are pictures: values lie in the range of the contract.
 */
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';

/** A network with what one run of it takes. */
export interface HeavyGraph {
  readonly bytes: Uint8Array;
  /** Multiplications and additions of one run, in 10^9; an addition counts by itself. */
  readonly gigaflops: number;
}

/** Convolutions with random weights, counted. */
class Layers {
  readonly graph = new OnnxGraph();
  flops = 0;
  #state = 0x2545f491;

  /** He's initialisation: values keep their size from layer to layer. */
  weights(shape: readonly number[]): TensorName {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const fanIn = values.length / shape[0];
    const scale = Math.sqrt(6 / fanIn);
    for (let at = 0; at < values.length; at++) values[at] = (this.#random() * 2 - 1) * scale;
    return this.graph.float32(values, shape);
  }

  /** A convolution that keeps the size, or halves it. `size` is that of its output. */
  conv(input: TensorName, from: number, to: number, size: number, kernel = 3, stride = 1): TensorName {
    const pad = (kernel - 1) >> 1;
    this.flops += 2 * from * to * kernel * kernel * size * size;
    const attributes = { pads: [pad, pad, pad, pad], strides: [stride, stride] };
    return this.graph.node('Conv', [input, this.weights([to, from, kernel, kernel])], attributes);
  }

  activated(input: TensorName): TensorName {
    return this.graph.node('LeakyRelu', [input], { alpha: { float: 0.2 } });
  }

  doubled(input: TensorName): TensorName {
    const scales = this.graph.float32([1, 1, 2, 2]);
    return this.graph.node('Resize', [input, '', scales], { mode: 'linear' });
  }

  finish(): HeavyGraph {
    return { bytes: this.graph.toBytes(), gigaflops: this.flops / 1e9 };
  }

  #random(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }
}

const IDENTITY = 512;

/**
 * As `inswapper_128`: convolutions down to 32 x 32, six blocks whose style is the identity, and the way back. The
 * published file has 554 MB; its blocks alone, twelve convolutions of 1024 channels, would be 232 GFLOP. Here they are
 * narrower, so that one run takes the 23 GFLOP that are usually told of it: a harder test, as less time hides more.
 * @param channels of the blocks
 */
export function swapperGraph(channels = 272): HeavyGraph {
  const layers = new Layers();
  const { graph } = layers;
  const target = graph.input('target', [1, 3, 128, 128]);
  const source = graph.input('source', [1, IDENTITY]);
  const quarter = channels >> 2;
  const half = channels >> 1;
  let x = layers.activated(layers.conv(target, 3, quarter, 128, 7));
  x = layers.activated(layers.conv(x, quarter, half, 64, 3, 2));
  x = layers.activated(layers.conv(x, half, channels, 32, 3, 2));
  for (let block = 0; block < 6; block++) {
    let y = x;
    for (let step = 0; step < 2; step++) {
      y = layers.conv(y, channels, channels, 32);
      const one = graph.float32(new Float32Array(channels).fill(1));
      const zero = graph.float32(new Float32Array(channels));
      y = graph.node('InstanceNormalization', [y, one, zero]);
      for (const operator of ['Mul', 'Add']) {
        layers.flops += 2 * IDENTITY * channels;
        const style = graph.node('MatMul', [source, layers.weights([IDENTITY, channels])]);
        y = graph.node(operator, [y, graph.node('Reshape', [style, graph.int64([1, channels, 1, 1])])]);
      }
      if (step === 0) y = graph.node('Relu', [y]);
    }
    x = graph.node('Add', [x, y]);
  }
  x = layers.activated(layers.conv(layers.doubled(x), channels, half, 64));
  x = layers.activated(layers.conv(layers.doubled(x), half, quarter, 128));
  x = graph.node('Sigmoid', [layers.conv(x, quarter, 3, 128, 7)]);
  graph.output('output', x, [1, 3, 128, 128]);
  // The projection of the identity: the last tensor of the file, which no node reads.
  layers.weights([IDENTITY, IDENTITY]);
  return layers.finish();
}

/** As `arcface_w600k_r50`, at a fraction of its cost: it runs once a source. */
export function recogniserGraph(): HeavyGraph {
  const layers = new Layers();
  const { graph } = layers;
  let x = layers.activated(layers.conv(graph.input('input', [1, 3, 112, 112]), 3, IDENTITY, 28, 3, 4));
  x = graph.node('GlobalAveragePool', [x]);
  graph.output('output', graph.node('Reshape', [x, graph.int64([1, IDENTITY])]), [1, IDENTITY]);
  return layers.finish();
}

/**
 * As a 512 enhancer (`gfpgan_1.4`): an encoder down to 32 x 32 and a decoder with what it kept on each level.
 * @param channels at full size; they double on each level
 */
export function enhancerGraph(channels = 32): HeavyGraph {
  const layers = new Layers();
  const { graph } = layers;
  const input = graph.input('input', [1, 3, 512, 512]);
  const levels = [512, 256, 128, 64, 32].map((size, level) => ({ size, width: channels * 2 ** level }));
  let x = layers.activated(layers.conv(input, 3, channels, 512));
  const kept: TensorName[] = [x];
  for (const [level, { size, width }] of levels.entries()) {
    if (level > 0) x = layers.activated(layers.conv(x, width / 2, width, size, 3, 2));
    x = layers.activated(layers.conv(x, width, width, size));
    kept[level] = x;
  }
  for (const [level, { size, width }] of [...levels.entries()].reverse()) {
    x = layers.activated(layers.conv(x, width, width, size));
    if (level === 0) break;
    x = layers.activated(layers.conv(layers.doubled(x), width, width / 2, size * 2));
    x = graph.node('Add', [x, kept[level - 1]]);
  }
  graph.output('output', graph.node('Tanh', [layers.conv(x, channels, 3, 512)]), [1, 3, 512, 512]);
  return layers.finish();
}
