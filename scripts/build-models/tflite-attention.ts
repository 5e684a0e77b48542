/**
 * The three custom operators of the attention mesh. It finds the mesh first, then looks again at both eyes and the
 * lips: a rotated rectangle around each part is cut out of the feature map (bilinear), refined by a small network, and
 * the refined points are carried back.
 * @see mediapipe/util/tflite/operations: landmarks_to_transform_matrix.cc, transform_tensor_bilinear.cc,
 *      transform_landmarks.cc
 */
import { toObject } from 'flatbuffers/js/flexbuffers.js';
import { z } from 'zod';
import type { OnnxGraph, TensorName } from './onnx-graph.ts';
import type { TfliteHandler } from './tflite-conversion.ts';
import type { TfliteNode } from './tflite-file.ts';
import { ownBuffer } from './weights.ts';

const matrixOptions = z.object({
  left_rotation_idx: z.number(),
  right_rotation_idx: z.number(),
  output_width: z.number(),
  output_height: z.number(),
  scale_x: z.number(),
  scale_y: z.number(),
  subset_idxs: z.array(z.number()),
});

const cropOptions = z.object({ output_width: z.number(), output_height: z.number() });

/** Custom options are a FlexBuffer, which must start its own ArrayBuffer. */
function flexOptions<T>(schema: z.ZodType<T>, node: TfliteNode): T {
  return schema.parse(toObject(ownBuffer(node.customOptions)));
}

function slice(graph: OnnxGraph, tensor: TensorName, start: number[], end: number[], axes: number[]): TensorName {
  return graph.node('Slice', [tensor, graph.int64(start), graph.int64(end), graph.int64(axes)]);
}

/**
 * 4x4 matrix (1 x 4 x 4, rows) from the part's crop to the feature map: the box around the chosen points, turned so
 * that the line between two of them is level, scaled by a margin. Points are rows, so rotations multiply from the right.
 */
const landmarksToMatrix: TfliteHandler = (context, node) => {
  const { graph } = context;
  const options = flexOptions(matrixOptions, node);
  const points = slice(graph, context.name(node.inputs[0]), [0], [2], [2]);
  const point = (index: number): TensorName => slice(graph, points, [index], [index + 1], [1]);

  const line = graph.node('Sub', [point(options.right_rotation_idx), point(options.left_rotation_idx)]);
  const squares = graph.node('ReduceSum', [graph.node('Mul', [line, line]), graph.int64([2])], { keepdims: 1 });
  const across = graph.node('Div', [line, graph.node('Sqrt', [squares])]);
  // A quarter turn of (x, y) is (-y, x).
  const down = graph.node('MatMul', [across, graph.float32([0, 1, -1, 0], [2, 2])]);
  const toMap = graph.node('Concat', [across, down], { axis: 1 });
  const toLevel = graph.node('Transpose', [toMap], { perm: [0, 2, 1] });

  const chosen = graph.node('Gather', [points, graph.int64(options.subset_idxs)], { axis: 1 });
  const level = graph.node('MatMul', [chosen, toLevel]);
  const minimum = graph.node('ReduceMin', [level], { axes: [1], keepdims: 1 });
  const maximum = graph.node('ReduceMax', [level], { axes: [1], keepdims: 1 });
  const sum = graph.node('Add', [minimum, maximum]);
  const centre = graph.node('MatMul', [graph.node('Mul', [sum, graph.scalar(0.5)]), toMap]);
  const size = graph.node('Sub', [maximum, minimum]);

  const perPixel = [options.scale_x / options.output_width, options.scale_y / options.output_height];
  const scale = graph.node('Mul', [size, graph.float32(perPixel, [1, 1, 2])]);
  const columnStep = graph.node('Mul', [across, slice(graph, scale, [0], [1], [2])]);
  const rowStep = graph.node('Mul', [down, slice(graph, scale, [1], [2], [2])]);
  const toCorner = graph.node('Add', [
    graph.node('Mul', [columnStep, graph.scalar(options.output_width / 2)]),
    graph.node('Mul', [rowStep, graph.scalar(options.output_height / 2)]),
  ]);
  const corner = graph.node('Sub', [centre, toCorner]);

  const noDepth = graph.float32([0, 0], [1, 1, 2]);
  const columns = graph.node('Concat', [columnStep, rowStep, noDepth, corner], { axis: 1 });
  const firstRows = graph.node('Transpose', [columns], { perm: [0, 2, 1] });
  const lastRows = graph.float32([0, 0, 1, 0, 0, 0, 0, 1], [1, 2, 4]);
  return graph.node('Concat', [firstRows, lastRows], { axis: 1 });
};

/** Applies the matrix's first two rows to points (1 x n x 2). */
function transformPoints(graph: OnnxGraph, points: TensorName, matrix: TensorName): TensorName {
  const linear = graph.node('Transpose', [slice(graph, matrix, [0, 0], [2, 2], [1, 2])], { perm: [0, 2, 1] });
  const offset = graph.node('Transpose', [slice(graph, matrix, [0, 3], [2, 4], [1, 2])], { perm: [0, 2, 1] });
  return graph.node('Add', [graph.node('MatMul', [points, linear]), offset]);
}

/** Samples the feature map at every pixel of the crop; GridSample wants positions from -1 to 1. */
const cropBilinear: TfliteHandler = (context, node) => {
  const { graph } = context;
  const { output_width: width, output_height: height } = flexOptions(cropOptions, node);
  const [, mapHeight, mapWidth] = context.shape(node.inputs[0]);
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.push(x, y);
  }
  const positions = transformPoints(graph, graph.float32(pixels, [1, height * width, 2]), context.name(node.inputs[1]));
  const scale = graph.float32([2 / (mapWidth - 1), 2 / (mapHeight - 1)], [1, 1, 2]);
  const relative = graph.node('Sub', [graph.node('Mul', [positions, scale]), graph.scalar(1)]);
  const grid = graph.node('Reshape', [relative, graph.int64([1, height, width, 2])]);
  const result = graph.node('GridSample', [graph.toChannelsFirst(context.name(node.inputs[0])), grid], {
    mode: 'bilinear',
    padding_mode: 'border',
    align_corners: 1,
  });
  return graph.toChannelsLast(result);
};

export const ATTENTION_HANDLERS: Readonly<Record<string, TfliteHandler>> = {
  Landmarks2TransformMatrix: landmarksToMatrix,
  TransformTensorBilinear: cropBilinear,
  TransformLandmarks: (context, node) =>
    transformPoints(context.graph, context.name(node.inputs[0]), context.name(node.inputs[1])),
};
