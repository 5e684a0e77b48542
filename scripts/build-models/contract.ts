import type { Dimension, OnnxGraph, TensorName } from './onnx-graph.ts';

/** A tensor at the edge of a converted model: what callers may rely on. */
export interface TensorContract {
  readonly name: string;
  /** A name stands for a size that the caller chooses. */
  readonly shape: readonly Dimension[];
  /** One phrase for the documentation: layout, units, range. */
  readonly meaning: string;
}

export interface OutputContract extends TensorContract {
  /** What the source file calls this output. */
  readonly from: string;
}

/** Every model takes one input. */
export interface ModelContract {
  readonly inputs: readonly [TensorContract];
  readonly outputs: readonly OutputContract[];
}

/**
 * Publishes a result under the contract's name, reshaped where the source has other dimensions for as many numbers.
 * @param shape what the source file says; absent where it does not say
 */
export function publishOutput(
  graph: OnnxGraph,
  output: OutputContract,
  tensor: TensorName,
  shape: readonly Dimension[] = output.shape,
): void {
  const isSame = shape.join() === output.shape.join();
  const sizes = output.shape.map((size) => (typeof size === 'number' ? size : Number.NaN));
  const result = isSame ? tensor : graph.node('Reshape', [tensor, graph.int64(sizes)]);
  graph.output(output.name, result, output.shape);
}
