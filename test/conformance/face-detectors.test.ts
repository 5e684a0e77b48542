/** Every published face detector on graphs that answer with one face, whose score is a pixel of their input. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { DetectorAngle } from '../../src/engine/faces/detect.ts';
import { openPublishedDetector } from '../../src/engine/faces/published/published-detector.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { FACE_DETECTORS } from '../../src/engine/models/catalogue/face-detectors.ts';
import { pictureOf } from '../helpers/aligned-face.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const ENTRIES = FACE_DETECTORS.map(({ id }) => id);
const SIZE = 64;
/** Pixel of the input that is the score, in green, so that a shift shows, and in blue, so that RGB shows. */
const [PX, PY] = [5, 3];
/** What is expected of each, once more: normalisation, and whether a score is a product of two. */
const NORMALISE: Readonly<Record<string, (value: number) => number>> = {
  retinaface: (value) => (value - 127.5) / 128,
  scrfd: (value) => (value - 127.5) / 128,
  yolo_face: (value) => value / 255,
  // Scaled in the graph, as a score must be below 1.
  yunet: (value) => value / 256,
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-detectors-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Zeros but for one place, which is the first channel, blue, of one pixel of the input. */
function scoreAt(graph: OnnxGraph, input: TensorName, shape: readonly number[], place: number, scale = 1): TensorName {
  const count = shape.reduce((product, size) => product * size, 1);
  const one = new Float32Array(count);
  one[place] = scale;
  const pixel = graph.node('Slice', [
    input,
    graph.int64([0, PY, PX]),
    graph.int64([1, PY + 1, PX + 1]),
    graph.int64([1, 2, 3]),
  ]);
  return graph.node('Mul', [graph.float32(one, shape), graph.node('Reshape', [pixel, graph.int64([1])])]);
}

function constant(graph: OnnxGraph, shape: readonly number[], values: Readonly<Record<number, number>>): TensorName {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (const [place, value] of Object.entries(values)) data[Number(place)] = value;
  return graph.node('Identity', [graph.float32(data, shape)]);
}

const STRIDES = [8, 16, 32] as const;
const rowsOf = (id: string, stride: number): number => (SIZE / stride) ** 2 * (id === 'yunet' ? 1 : 2);

/** A face with corners (16, 8) and (48, 40) and points (20, 12), (24, 12), (28, 20), (20, 28), (28, 28) of the input. */
const POINTS = [20, 12, 24, 12, 28, 20, 20, 28, 28, 28];
function detectorOnnx(id: string): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, SIZE, SIZE]);
  if (id === 'yolo_face') {
    const column = 7;
    const count = 20;
    const values: Record<number, number> = {
      [column]: 32,
      [count + column]: 24,
      [2 * count + column]: 32,
      [3 * count + column]: 32,
    };
    POINTS.forEach((value, k) => {
      values[(5 + 3 * Math.floor(k / 2) + (k % 2)) * count + column] = value;
    });
    const shape = [1, 20, count];
    const all = graph.node('Add', [constant(graph, shape, values), scoreAt(graph, input, shape, 4 * count + column)]);
    graph.output('output', all, shape);
    return graph.toBytes();
  }
  // The anchor of stride 8 in column 3 of row 2 lies at (24, 16); of two anchors, the second.
  const place = id === 'yunet' ? 2 * 8 + 3 : (2 * 8 + 3) * 2 + 1;
  const outputs: [string, TensorName, number[]][] = [];
  const list = (name: string, width: number, make: (shape: number[]) => TensorName): void => {
    for (const stride of STRIDES) {
      const shape = [rowsOf(id, stride), width];
      outputs.push([`${name}${stride}`, stride === 8 ? make(shape) : constant(graph, shape, {}), shape]);
    }
  };
  const points = (shape: number[]): TensorName =>
    constant(
      graph,
      shape,
      Object.fromEntries(POINTS.map((value, k) => [place * 10 + k, (value - (k % 2 ? 16 : 24)) / 8])),
    );
  if (id === 'yunet') {
    list('class', 1, (shape) => scoreAt(graph, input, shape, place, 1 / 128));
    list('object', 1, (shape) => constant(graph, shape, { [place]: 0.5 }));
    // Centre (32, 24), size 32.
    const size = Math.log(4);
    list('box', 4, (shape) =>
      constant(graph, shape, { [place * 4]: 1, [place * 4 + 1]: 1, [place * 4 + 2]: size, [place * 4 + 3]: size }),
    );
  } else {
    list('score', 1, (shape) => scoreAt(graph, input, shape, place));
    list('box', 4, (shape) =>
      constant(graph, shape, { [place * 4]: 1, [place * 4 + 1]: 1, [place * 4 + 2]: 3, [place * 4 + 3]: 3 }),
    );
  }
  list('points', 10, points);
  for (const [name, tensor, shape] of outputs) graph.output(name, tensor, shape);
  return graph.toBytes();
}

interface Looks {
  readonly angles?: readonly DetectorAngle[];
  readonly margin?: readonly [number, number, number, number];
}

async function detect(ids: readonly string[], looks: Looks, width = 96, height = 128) {
  const models = ids.map((id) => ({ id, bytes: detectorOnnx(id) }));
  const userFolder = await writeUserModels(await mkdtemp(join(root, 'models-')), models);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  // Of one value in each direction in which a mistake could go, except for blue: 230 everywhere.
  const image = pictureOf(width, height, (_x, _y, channel) => [10, 90, 230][channel]!);
  const detector = await openPublishedDetector(store, { models: ids, ...looks });
  return await detector.detect(image, { minimumScore: 0.3 });
}

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(NORMALISE));
});

describe('conformance of face detectors', () => {
  // The picture is twice as large as the input allows: 96 x 128 becomes 48 x 64, and everything comes back doubled.
  it.each(ENTRIES)('%s: order of colours, normalisation, box and points', async (id) => {
    const [face, ...others] = await detect([id], {});
    expect(others).toEqual([]);
    expect(face!.score).toBeCloseTo(NORMALISE[id]!(230), 4);
    for (const [side, value] of Object.entries({ x0: 32, y0: 16, x1: 96, y1: 80 })) {
      expect(face!.box[side as keyof typeof face.box], side).toBeCloseTo(value, 3);
    }
    expect([...face!.landmarks5!]).toEqual(POINTS.map((value) => expect.closeTo(value * 2, 3)));
    expect([face!.leftEye, face!.rightEye]).toEqual([
      [expect.closeTo(40, 3), expect.closeTo(24, 3)],
      [expect.closeTo(48, 3), expect.closeTo(24, 3)],
    ]);
  });

  it.each(ENTRIES)('%s: a small picture is not enlarged, and a margin moves it', async (id) => {
    const [face] = await detect([id], {}, 40, 30);
    expect(face!.box.x0).toBeCloseTo(16, 3);
    // A tenth of 40 and of 30 at the left and at the top: half of 20 percent.
    const [moved] = await detect([id], { margin: [20, 0, 0, 20] }, 40, 30);
    expect(moved!.box.x0).toBeCloseTo(16 - 4, 3);
    expect(moved!.box.y0).toBeCloseTo(8 - 3, 3);
  });

  it.each(ENTRIES)('%s: a picture that is turned, and the face that comes back', async (id) => {
    // Turned by half, a point (x, y) of the 96 x 128 picture lies at (96 - x, 128 - y).
    const [face] = await detect([id], { angles: [180] });
    expect(face!.box.x0).toBeCloseTo(96 - 96, 2);
    expect(face!.box.y0).toBeCloseTo(128 - 80, 2);
    expect(face!.leftEye[0]).toBeCloseTo(96 - 40, 2);
  });

  it('many: the same face of three models is one, with the best score', async () => {
    const faces = await detect(['retinaface', 'scrfd', 'yolo_face'], {});
    expect(faces).toHaveLength(1);
    expect(faces[0]!.score).toBeCloseTo(NORMALISE.yolo_face!(230), 4);
  });
});
