/** What published detectors answer, in pixels of their input. Boxes are not merged yet. */
import type { Tensor } from '../../inference/session.ts';

/** A face as such a detector gives it. */
export interface RawDetection {
  readonly box: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };
  readonly score: number;
  /** 5 x (x, y): image-left eye, image-right eye, nose, left and right mouth corner. */
  readonly landmarks5: Float32Array;
}

const STRIDES = [8, 16, 32] as const;
/** Anchors of retinaface and scrfd in each cell. */
const ANCHORS = 2;

/**
 * retinaface and scrfd: scores, distances to the sides of a box and to five points, for three strides each. An anchor
 * lies at the corner of its cell.
 * @param outputs in the graph's order @param size edges of the input in pixels
 */
export function decodeAnchors(outputs: readonly Tensor[], size: Size, minimumScore: number): RawDetection[] {
  const found: RawDetection[] = [];
  for (const [at, stride] of STRIDES.entries()) {
    const [scores, boxes, points] = [outputs[at]!.data, outputs[at + 3]!.data, outputs[at + 6]!.data];
    const columns = Math.ceil(size.width / stride);
    for (let row = 0; row < scores.length; row++) {
      if (!(scores[row]! >= minimumScore)) continue;
      const cell = Math.floor(row / ANCHORS);
      const [x, y] = [(cell % columns) * stride, Math.floor(cell / columns) * stride];
      const side = (index: number): number => boxes[row * 4 + index]! * stride;
      found.push({
        box: { x0: x - side(0), y0: y - side(1), x1: x + side(2), y1: y + side(3) },
        score: scores[row]!,
        landmarks5: Float32Array.from({ length: 10 }, (_, k) => (k % 2 ? y : x) + points[row * 10 + k]! * stride),
      });
    }
  }
  return found;
}

/** yoloface: one tensor of 20 rows: centre, size, score, five times x, y and whether it is visible. */
export function decodeYolo([output]: readonly Tensor[], minimumScore: number): RawDetection[] {
  const { data, dims } = output!;
  const count = dims.at(-1)!;
  const value = (row: number, column: number): number => data[row * count + column]!;
  const found: RawDetection[] = [];
  for (let column = 0; column < count; column++) {
    const score = value(4, column);
    if (!(score > minimumScore)) continue;
    const [x, y, width, height] = [value(0, column), value(1, column), value(2, column), value(3, column)];
    found.push({
      box: { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 },
      score,
      landmarks5: Float32Array.from({ length: 10 }, (_, k) => value(5 + 3 * Math.floor(k / 2) + (k % 2), column)),
    });
  }
  return found;
}

/** yunet: class, object, box and points for three strides each; one anchor a cell, at its corner. */
export function decodeYunet(outputs: readonly Tensor[], size: Size, minimumScore: number): RawDetection[] {
  const found: RawDetection[] = [];
  for (const [at, stride] of STRIDES.entries()) {
    const [classes, objects] = [outputs[at]!.data, outputs[at + 3]!.data];
    const [boxes, points] = [outputs[at + 6]!.data, outputs[at + 9]!.data];
    const columns = Math.ceil(size.width / stride);
    for (let row = 0; row < classes.length; row++) {
      const score = classes[row]! * objects[row]!;
      if (!(score >= minimumScore)) continue;
      const [x, y] = [(row % columns) * stride, Math.floor(row / columns) * stride];
      const centreX = boxes[row * 4]! * stride + x;
      const centreY = boxes[row * 4 + 1]! * stride + y;
      const [width, height] = [Math.exp(boxes[row * 4 + 2]!) * stride, Math.exp(boxes[row * 4 + 3]!) * stride];
      found.push({
        box: { x0: centreX - width / 2, y0: centreY - height / 2, x1: centreX + width / 2, y1: centreY + height / 2 },
        score,
        landmarks5: Float32Array.from({ length: 10 }, (_, k) => (k % 2 ? y : x) + points[row * 10 + k]! * stride),
      });
    }
  }
  return found;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
