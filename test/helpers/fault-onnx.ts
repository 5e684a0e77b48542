/** Networks with the inputs and the output of the published swapper `uniface_256`, which misbehave on bright faces. */
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';

/** Values are -1..1. */
const SHAPE = [1, 3, 256, 256] as const;

interface Swapper {
  readonly graph: OnnxGraph;
  readonly target: TensorName;
  /** 1 x 1 x 1 x 1: how far the mean of the target is above the threshold, 0 below it. */
  readonly brightness: TensorName;
  finish(result: TensorName): Uint8Array;
}

/** @param threshold mean of a face crop, -1..1 */
function swapper(threshold: number): Swapper {
  const graph = new OnnxGraph();
  const target = graph.input('target', SHAPE);
  graph.input('source', SHAPE);
  const mean = graph.node('ReduceMean', [target], { keepdims: 1 });
  const brightness = graph.node('Relu', [graph.node('Sub', [mean, graph.scalar(threshold)])]);
  return {
    ...{ graph, target, brightness },
    finish(result) {
      graph.output('output', result, SHAPE);
      return graph.toBytes();
    },
  };
}

/** The negative of a dark face; of a bright one 0 / 0. */
export function spoiltSwapper(threshold: number): Uint8Array {
  const { graph, target, brightness, finish } = swapper(threshold);
  const dark = graph.node('Sub', [graph.scalar(1), graph.node('Sign', [brightness])]);
  return finish(graph.node('Div', [graph.node('Mul', [graph.node('Neg', [target]), dark]), dark]));
}

/** The negative; for a bright face it asks for 10^15 bytes first, which no machine has. */
export function hungrySwapper(threshold: number): Uint8Array {
  const { graph, target, brightness, finish } = swapper(threshold);
  const count = graph.node('Mul', [graph.node('Sign', [brightness]), graph.scalar(2.5e14)]);
  const size = graph.node('Reshape', [graph.node('Cast', [count], { to: 7 }), graph.int64([1])]);
  const sum = graph.node('ReduceSum', [graph.node('ConstantOfShape', [size])], { keepdims: 0 });
  return finish(graph.node('Add', [graph.node('Neg', [target]), sum]));
}

/** The negative, after convolutions that take most of the time of a frame and change nothing. */
export function slowSwapper(): Uint8Array {
  const { graph, target, finish } = swapper(0);
  const channels = 48;
  let x = graph.node('Conv', [target, weights(graph, channels, 3)], { pads: [1, 1, 1, 1] });
  for (let layer = 0; layer < 2; layer++) {
    x = graph.node('Conv', [x, weights(graph, channels, channels)], { pads: [1, 1, 1, 1] });
  }
  const nothing = graph.node('Mul', [graph.node('ReduceMean', [x], { axes: [1], keepdims: 1 }), graph.scalar(0)]);
  return finish(graph.node('Sub', [nothing, target]));
}

const weights = (graph: OnnxGraph, to: number, from: number): TensorName => {
  const shape = [to, from, 3, 3];
  return graph.float32(new Float32Array(to * from * 9).fill(1 / (from * 9)), shape);
};
