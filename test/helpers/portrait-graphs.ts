/** The parts of LivePortrait as graphs whose answer is known by arithmetic. */
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';

/** A motion as the extractor gives it: constants, plus what the mean red, green and blue of its picture add. */
export interface MotionFacts {
  readonly pitch?: number;
  readonly yaw?: number;
  readonly roll?: number;
  readonly scale?: number;
  readonly translation?: readonly number[];
  readonly expression?: readonly number[];
  readonly points?: readonly number[];
  /** Translation becomes the means; the expression becomes its constants times the mean of red. */
  readonly fromPicture?: true;
}

/** Nothing, so many times. */
export const zeros = (count: number): number[] => new Array<number>(count).fill(0);
/** Of no point like that of another. */
export const spread = (size: number, seed: number): number[] =>
  Array.from({ length: 63 }, (_, k) => size * Math.sin(k * 1.7 + seed));

/** The seven outputs of a motion extractor. */
export function motionOnnx(facts: MotionFacts): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, 256, 256]);
  const means = graph.node('ReduceMean', [input], { axes: [2, 3], keepdims: 0 });
  const red = graph.node('Reshape', [graph.node('Gather', [means, graph.int64([0])], { axis: 1 }), graph.int64([1])]);
  const none = graph.node('Mul', [red, graph.scalar(0)]);
  const put = (name: string, values: readonly number[], shape: number[]): void =>
    graph.output(name, graph.node('Add', [graph.float32(values, shape), none]), shape);
  put('pitch', [facts.pitch ?? 0], [1, 1]);
  put('yaw', [facts.yaw ?? 0], [1, 1]);
  put('roll', [facts.roll ?? 0], [1, 1]);
  put('scale', [facts.scale ?? 1], [1, 1]);
  const expression = facts.expression ?? zeros(63);
  if (facts.fromPicture) {
    graph.output('translation', graph.node('Identity', [means]), [1, 3]);
    graph.output('expression', graph.node('Mul', [graph.float32(expression, [1, 21, 3]), red]), [1, 21, 3]);
  } else {
    put('translation', facts.translation ?? [0, 0, 0], [1, 3]);
    put('expression', expression, [1, 21, 3]);
  }
  put('motion_points', facts.points ?? zeros(63), [1, 21, 3]);
  return graph.toBytes();
}

/** The picture itself is the feature volume. */
export function featureOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, 256, 256]);
  graph.output('volume', graph.node('Reshape', [input, graph.int64([1, 3, 1, 256, 256])]), [1, 3, 1, 256, 256]);
  return graph.toBytes();
}

/** input x weights, as 21 points. */
export function retargetOnnx(count: 66 | 65, weights: (from: number, to: number) => number): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, count]);
  const values = Array.from({ length: count * 63 }, (_, k) => weights(Math.floor(k / 63), k % 63));
  graph.output('delta', graph.node('MatMul', [input, graph.float32(values, [count, 63])]), [1, 63]);
  return graph.toBytes();
}

/** A share of the wanted points plus a share of those that are. */
export function stitchOnnx(ofSource = 1, ofTarget = 0): Uint8Array {
  const graph = new OnnxGraph();
  const source = graph.node('Mul', [graph.input('source', [1, 21, 3]), graph.scalar(ofSource)]);
  const target = graph.node('Mul', [graph.input('target', [1, 21, 3]), graph.scalar(ofTarget)]);
  graph.output('output', graph.node('Add', [source, target]), [1, 21, 3]);
  return graph.toBytes();
}

/** What a generator paints. */
export type Shown = 'source' | 'target' | 'difference' | 'volume';
/** Coarse to fine, one a channel. */
export const GAINS = [1, 8, 64];
/** Pixels that show one number. */
export const CELL = { width: 160, height: 24 };

/** Paints numbers: a cell a point and axis, in three gains about middle grey; or the feature volume. */
export function generatorOnnx(shown: Shown): Uint8Array {
  const graph = new OnnxGraph();
  const volume = graph.input('feature_volume', [1, 3, 1, 256, 256]);
  const source = graph.input('source', [1, 21, 3]);
  const target = graph.input('target', [1, 21, 3]);
  const large = { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' };
  const resize = (tensor: TensorName, sizes: number[]): TensorName =>
    graph.node('Resize', [tensor, '', '', graph.int64(sizes)], large);
  const difference = graph.node('Sub', [source, target]);
  const flat = graph.node('Reshape', [volume, graph.int64([1, 3, 256, 256])]);
  const picture = resize(graph.node('Mul', [flat, graph.float32([1, 0.5, 0.25], [1, 3, 1, 1])]), [1, 3, 512, 512]);
  const numbers = { source, target, difference, volume: difference }[shown];
  const cells = resize(graph.node('Reshape', [numbers, graph.int64([1, 1, 21, 3])]), [
    ...[1, 1],
    ...[21 * CELL.height, 3 * CELL.width],
  ]);
  const padded = graph.node('Pad', [
    cells,
    graph.int64([0, 0, 0, 0, 0, 0, 512 - 21 * CELL.height, 512 - 3 * CELL.width]),
  ]);
  const gained = graph.node('Mul', [padded, graph.float32(GAINS, [1, 3, 1, 1])]);
  const painted = graph.node('Add', [gained, graph.scalar(0.5)]);
  const none = (tensor: TensorName): TensorName => graph.node('Mul', [tensor, graph.scalar(0)]);
  const result =
    shown === 'volume' ? graph.node('Add', [picture, none(painted)]) : graph.node('Add', [painted, none(picture)]);
  graph.output('output', result, [1, 3, 512, 512]);
  return graph.toBytes();
}

/** A feature volume of numbers that are none. */
export function nanFeatures(): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.node('Mul', [graph.input('input', [1, 3, 256, 256]), graph.scalar(Number.NaN)]);
  graph.output('volume', graph.node('Reshape', [input, graph.int64([1, 3, 1, 256, 256])]), [1, 3, 1, 256, 256]);
  return graph.toBytes();
}
