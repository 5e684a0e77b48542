import { clipToSix } from './layers.ts';
import { OnnxGraph, type TensorName } from './onnx-graph.ts';
import type { TfliteFile, TfliteNode } from './tflite-file.ts';
import type { Weights } from './weights.ts';

/** Turns one node into ONNX and gives the result's name; undefined where the result is a constant or needs no node. */
export type TfliteHandler = (context: TfliteConversion, node: TfliteNode) => TensorName | undefined;

/** What the handlers share while a file is converted. */
export class TfliteConversion {
  readonly graph = new OnnxGraph();
  readonly #file: TfliteFile;
  readonly #names = new Map<number, TensorName>();
  readonly #constants = new Map<number, Float32Array | Int32Array>();

  constructor(file: TfliteFile) {
    this.#file = file;
    for (const [index, { constant }] of file.tensors.entries()) {
      if (constant) this.#constants.set(index, constant);
    }
  }

  shape(tensor: number): readonly number[] {
    return this.#file.tensors[tensor].shape;
  }

  /** The numbers of a constant tensor. */
  constant(tensor: number): Float32Array | Int32Array {
    const values = this.#constants.get(tensor);
    if (!values) throw new Error(`Expected a constant for TFLite tensor ${this.#file.tensors[tensor].name}.`);
    return values;
  }

  weights(tensor: number): Weights {
    return { data: new Float32Array(this.constant(tensor)), shape: this.shape(tensor) };
  }

  /** The ONNX tensor of a TFLite one; a constant is written on first use. */
  name(tensor: number): TensorName {
    const known = this.#names.get(tensor);
    if (known !== undefined) return known;
    const values = this.constant(tensor);
    const shape = this.shape(tensor);
    const name = values instanceof Int32Array ? this.graph.int64(values, shape) : this.graph.float32(values, shape);
    this.#names.set(tensor, name);
    return name;
  }

  setName(tensor: number, name: TensorName): void {
    this.#names.set(tensor, name);
  }

  setConstant(tensor: number, values: Float32Array | Int32Array): void {
    this.#constants.set(tensor, values);
  }

  /** Appends the activation that TFLite folds into its operators. Numbers: `enum ActivationFunctionType`. */
  activate(tensor: TensorName, activation: number): TensorName {
    if (activation === 0) return tensor;
    if (activation === 1) return this.graph.node('Relu', [tensor]);
    if (activation === 3) return clipToSix(this.graph, tensor);
    throw new Error(`Expected no activation, Relu or Relu6, received TFLite activation ${activation}.`);
  }
}
