/**
 * Every published face swapper on graphs whose answer is known by arithmetic: the whole way from a picture, through the
 * recogniser, the converter and the swapper, back into the picture. What is expected of each model stands here once
 * more, by itself, so that a wrong line of the catalogue fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { meshInRegion, pointsInRegion } from '../../src/engine/faces/mesh-in-region.ts';
import type { WarpTemplate } from '../../src/engine/frames/warp-templates.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { FACE_SWAPPERS } from '../../src/engine/models/catalogue/face-swappers.ts';
import { faceSwapper } from '../../src/engine/processors/face-swapper.ts';
import type { FaceOutcome, SourcePhoto } from '../../src/engine/processors/processor.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { type TinyUserModel, writeUserModels } from '../helpers/user-model-folder.ts';

interface Expected {
  readonly template: WarpTemplate;
  readonly size: number;
  readonly type: 'blendswap' | 'ghost' | 'hififace' | 'hyperswap' | 'inswapper' | 'simswap' | 'uniface';
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
  readonly converter?: string;
}

const HALF = [0.5, 0.5, 0.5];
const ghost: Expected = {
  ...{ template: 'arcface_112_v1', size: 256, type: 'ghost', mean: HALF, deviation: HALF },
  converter: 'crossface_ghost',
};
const hyperswap: Expected = { template: 'arcface_128', size: 256, type: 'hyperswap', mean: HALF, deviation: HALF };
const EXPECTED: Readonly<Record<string, Expected>> = {
  blendswap_256: { template: 'ffhq_512', size: 256, type: 'blendswap' },
  ghost_1_256: ghost,
  ghost_2_256: ghost,
  ghost_3_256: ghost,
  hififace_unofficial_256: {
    ...{ template: 'mtcnn_512', size: 256, type: 'hififace', mean: HALF, deviation: HALF },
    converter: 'crossface_hififace',
  },
  hyperswap_1a_256: hyperswap,
  hyperswap_1b_256: hyperswap,
  hyperswap_1c_256: hyperswap,
  inswapper_128: { template: 'arcface_128', size: 128, type: 'inswapper' },
  inswapper_128_fp16: { template: 'arcface_128', size: 128, type: 'inswapper' },
  simswap_256: {
    ...{ template: 'arcface_112_v1', size: 256, type: 'simswap' },
    ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
    converter: 'crossface_simswap',
  },
  simswap_unofficial_512: {
    ...{ template: 'arcface_112_v1', size: 512, type: 'simswap', converter: 'crossface_simswap' },
  },
  uniface_256: { template: 'ffhq_512', size: 256, type: 'uniface', mean: HALF, deviation: HALF },
};
const ENTRIES = FACE_SWAPPERS.map(({ id }) => id);
/** Types whose output is normalised like their input. */
const NORMALISED_OUTPUT = ['ghost', 'hififace', 'hyperswap', 'uniface'];
const LENGTH = 512;
/** Where the crop lies in the target. */
const OFFSET = { x: 22, y: 14 };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-swappers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sourceShape = ({ type }: Expected): number[] =>
  type === 'blendswap' ? [1, 3, 112, 112] : type === 'uniface' ? [1, 3, 256, 256] : [1, LENGTH];
const takesVector = ({ type }: Expected): boolean => type !== 'blendswap' && type !== 'uniface';

/** A swapper whose picture, 0..1, is made of its inputs. */
function swapperOnnx(
  wanted: Expected,
  paint: (graph: OnnxGraph, target: TensorName, source: TensorName) => TensorName,
): Uint8Array {
  const { size, mean = [0, 0, 0], deviation = [1, 1, 1], type } = wanted;
  const shape = [1, 3, size, size];
  const graph = new OnnxGraph();
  const source = graph.input('source', sourceShape(wanted));
  const input = graph.input('target', shape);
  const [means, deviations] = [mean, deviation].map((values) => graph.float32(values, [1, 3, 1, 1]));
  const target = graph.node('Add', [graph.node('Mul', [input, deviations!]), means!]);
  const picture = paint(graph, target, source);
  const output = NORMALISED_OUTPUT.includes(type)
    ? graph.node('Div', [graph.node('Sub', [picture, means!]), deviations!])
    : graph.node('Identity', [picture]);
  graph.output('output', output, shape);
  // Not for anybody.
  if (type === 'hyperswap') graph.output('mask', graph.node('ReduceMean', [input], { axes: [1] }), [1, 1, size, size]);
  // The last tensor of the file, which is all that it is there for.
  if (type === 'inswapper') graph.float32(EMAP, [LENGTH, LENGTH]);
  return graph.toBytes();
}

/** Number `i` of a vector goes to `placeOf(i)`, times `scaleOf(i)`. */
const placeOf = (i: number): number => (i * 5 + 3) % LENGTH;
const scaleOf = (i: number): number => 1 + i / LENGTH;
const EMAP = new Float32Array(LENGTH * LENGTH);
for (let i = 0; i < LENGTH; i++) EMAP[i * LENGTH + placeOf(i)] = scaleOf(i);

/** Which numbers of its input the recogniser gives: some of each channel. */
const SAMPLES = Array.from({ length: LENGTH }, (_, i) => (i * 73 + 5) % (3 * 112 * 112));
function arcfaceOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const flat = graph.node('Reshape', [graph.input('input', [1, 3, 112, 112]), graph.int64([1, -1])]);
  graph.output('output', graph.node('Gather', [flat, graph.int64(SAMPLES)], { axis: 1 }), [1, LENGTH]);
  return graph.toBytes();
}
const embeddingOf = (valueAt: (x: number, y: number, channel: number) => number): number[] =>
  SAMPLES.map((at) => valueAt(at % 112, Math.floor(at / 112) % 112, Math.floor(at / 112 / 112)) / 127.5 - 1);

/** A converter: the vector backwards, by 0.5, and 0.1 more. */
function converterOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const backwards = graph.int64(Array.from({ length: LENGTH }, (_, i) => LENGTH - 1 - i));
  const turned = graph.node('Gather', [graph.input('input', [1, LENGTH]), backwards], { axis: 1 });
  const half = graph.node('Mul', [turned, graph.scalar(0.5)]);
  graph.output('output', graph.node('Add', [half, graph.scalar(0.1)]), [1, LENGTH]);
  return graph.toBytes();
}
const convert = (vector: readonly number[]): number[] => vector.map((_, i) => vector[LENGTH - 1 - i]! * 0.5 + 0.1);

const lengthOf = (vector: readonly number[]): number => Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0));
const unit = (vector: readonly number[]): number[] => vector.map((value) => value / lengthOf(vector));
const mean = (vectors: readonly (readonly number[])[]): number[] =>
  vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);

/** The vector that a swapper gets from the embeddings of its sources. */
function identityOf({ type }: Expected, embeddings: readonly number[][]): number[] {
  const raw = mean(embeddings);
  switch (type) {
    case 'inswapper': {
      const projected: number[] = [];
      raw.forEach((value, i) => {
        projected[placeOf(i)] = (value * scaleOf(i)) / lengthOf(raw);
      });
      return projected;
    }
    case 'hyperswap':
      return mean(embeddings.map(unit));
    case 'ghost':
      return convert(raw);
    default:
      return unit(convert(raw));
  }
}

/** Shows the vector in every row: a number `v` is 0.5 + gain * v. */
const GAIN = 2;
const showVector =
  (size: number, gain: number) =>
  (graph: OnnxGraph, _target: TensorName, source: TensorName): TensorName => {
    const rows = graph.node('Reshape', [source, graph.int64([1, 1, LENGTH / size, size])]);
    const tiled = graph.node('Tile', [rows, graph.int64([1, 3, (size * size) / LENGTH, 1])]);
    return graph.node('Add', [graph.node('Mul', [tiled, graph.scalar(gain)]), graph.scalar(0.5)]);
  };

interface Run {
  readonly result: RgbImage;
  readonly outcome: FaceOutcome;
  /** Codes of what the user is told. */
  readonly notes: readonly string[];
}

async function run(
  id: string,
  swapper: Uint8Array,
  target: RgbImage,
  sources: readonly SourcePhoto[],
  options: Readonly<Record<string, unknown>> = {},
  factor = 1,
): Promise<Run> {
  const { template, size, converter } = EXPECTED[id]!;
  const models: TinyUserModel[] = [
    { id, bytes: swapper },
    { id: 'arcface', bytes: arcfaceOnnx() },
    ...(converter ? [{ id: converter, bytes: converterOnnx() }] : []),
  ];
  const userFolder = await writeUserModels(mkdtempSync(join(root, 'models-')), models);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  await using processor = await faceSwapper.create({
    ...{ store, sources, logger: silentLogger },
    options: parseProcessOptions({
      ...{ sourcePaths: ['a'], targetPath: 'b', outputPath: 'c', faceSwapperModel: id },
      ...{ faceMaskTypes: ['box'], faceMaskBlur: 0 },
      ...options,
    }),
  });
  const result: RgbImage = { ...target, data: target.data.slice() };
  const face = { trackId: 0, ...alignedFace({ template, size: size * factor, ...OFFSET }) };
  const region = processor.regionOf(face, result);
  const pixels = processor.takePixels(result, region, target);
  const outcome = await processor.processFace(
    pixels,
    { ...face, mesh: meshInRegion(face.mesh, region), landmarks5: pointsInRegion(face.landmarks5, region) },
    { frameIndex: 0, timeSeconds: 0, isStill: true },
  );
  if (outcome.kind === 'changed') pixels.writeBack();
  return { result, outcome, notes: processor.notes.map(({ code }) => code) };
}

/** Photos whose crop for the identity begins at their pixel (9, 11). */
function sourceOf(wanted: Expected, valueAt: (x: number, y: number, channel: number) => number): SourcePhoto {
  const [template, size] =
    wanted.type === 'uniface' ? (['ffhq_512', 256] as const) : (['arcface_112_v2', 112] as const);
  const image = pictureOf(300, 300, (x, y, channel) => valueAt(x - 9, y - 11, channel));
  return { path: 'source.png', image, face: alignedFace({ template, size, x: 9, y: 11 }) };
}
const pattern = (x: number, y: number, channel: number): number => 20 + ((x * 7 + y * 13 + channel * 41 + 3000) % 200);
const otherPattern = (x: number, y: number, channel: number): number =>
  90 + ((x * 11 + y * 3 + channel * 17 + 3000) % 60);

/** Largest difference inside of the crop, without the border that the mask leaves out. */
function worstError(
  { data, width }: RgbImage,
  size: number,
  expectedAt: (x: number, y: number, channel: number) => number,
): number {
  let worst = 0;
  for (let y = 2; y < size - 2; y++) {
    for (let x = 2; x < size - 2; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const got = data[((y + OFFSET.y) * width + x + OFFSET.x) * 3 + channel]!;
        worst = Math.max(worst, Math.abs(got - expectedAt(x, y, channel)));
      }
    }
  }
  return worst;
}
/** What is behind the point of a byte is cut off, so that one level more or less is none. */
const ONE_LEVEL = 1.05;

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of face swappers', () => {
  // Fails for: another template or size, RGB for BGR, a wrong range, mean or deviation, a picture that is turned.
  it.each(ENTRIES)('%s: crop, normalisation and paste', async (id) => {
    const wanted = EXPECTED[id]!;
    const { size } = wanted;
    const gainAt = (x: number, y: number, channel: number): number =>
      channel === 0 ? 1 - x / (2 * size) : channel === 1 ? 1 - y / (2 * size) : 0.25;
    const gains = Float32Array.from({ length: 3 * size * size }, (_, at) =>
      gainAt(at % size, Math.floor(at / size) % size, Math.floor(at / size / size)),
    );
    const bytes = swapperOnnx(wanted, (graph, target) =>
      graph.node('Mul', [target, graph.float32(gains, [1, 3, size, size])]),
    );
    const target = pictureOf(size + 40, size + 30, pattern);
    const { result, outcome } = await run(id, bytes, target, [sourceOf(wanted, pattern)]);
    expect(outcome.kind).toBe('changed');
    const before = (x: number, y: number, channel: number): number => pattern(x + OFFSET.x, y + OFFSET.y, channel);
    expect(worstError(result, size, (x, y, c) => before(x, y, c) * gainAt(x, y, c))).toBeLessThanOrEqual(ONE_LEVEL);
    // Outside of the crop nothing is touched.
    const above = OFFSET.y * target.width * 3;
    expect(Buffer.compare(result.data.subarray(0, above), target.data.subarray(0, above))).toBe(0);
  });

  // Fails for: an embedding in BGR or of another range, a missing or transposed projection, a length too many or too few.
  it.each(ENTRIES.filter((id) => takesVector(EXPECTED[id]!)))('%s: identity of two sources', async (id) => {
    const wanted = EXPECTED[id]!;
    const { size } = wanted;
    const gain = wanted.type === 'ghost' ? 0.5 : GAIN;
    const target = pictureOf(size + 40, size + 30, pattern);
    const sources = [sourceOf(wanted, pattern), sourceOf(wanted, otherPattern)];
    const { result } = await run(id, swapperOnnx(wanted, showVector(size, gain)), target, sources);
    const vector = identityOf(wanted, [embeddingOf(pattern), embeddingOf(otherPattern)]);
    const shown = (x: number, y: number): number => 255 * (0.5 + gain * vector[(y * size + x) % LENGTH]!);
    expect(worstError(result, size, shown)).toBeLessThanOrEqual(ONE_LEVEL);
  });

  // Fails for: a share of another size or sign, a target that is projected, converted or not brought to unit length.
  it.each(
    ENTRIES.filter((id) => takesVector(EXPECTED[id]!)).flatMap(
      (id) =>
        [
          [id, 0, 0.35],
          [id, 1, -0.35],
        ] as const,
    ),
  )('%s: weight %d', async (id, faceSwapperWeight, share) => {
    const wanted = EXPECTED[id]!;
    const { size, template } = wanted;
    const gain = wanted.type === 'ghost' ? 0.3 : 1.5;
    // Even slopes: sampled anywhere, between pixels too, their value is known.
    const slope = (x: number, y: number, channel: number): number =>
      40 + 20 * channel + ((90 + 20 * channel) * x + (50 - 30 * channel) * y) / size;
    const target = pictureOf(size + 40, size + 30, (x, y, c) => Math.round(slope(x, y, c)));
    const source = sourceOf(wanted, pattern);
    const options = { faceSwapperWeight };
    const { result } = await run(id, swapperOnnx(wanted, showVector(size, gain)), target, [source], options);
    const inTarget = similarityOf('arcface_112_v2', 112, alignedFace({ template, size, ...OFFSET }).landmarks5);
    const raw = embeddingOf((x, y, channel) => slope(...inTarget(x, y), channel));
    const other = wanted.type === 'ghost' ? raw : unit(raw);
    const vector = identityOf(wanted, [embeddingOf(pattern)]).map((v, i) => v * (1 - share) + other[i]! * share);
    const shown = (x: number, y: number): number => 255 * (0.5 + gain * vector[(y * size + x) % LENGTH]!);
    // Half a level of the target's bytes is left in the target's part.
    expect(worstError(result, size, shown)).toBeLessThanOrEqual(ONE_LEVEL + 0.1);
  });

  // Fails for: another template or size, BGR, a picture that is normalised, the second photo for the first.
  it.each(ENTRIES.filter((id) => !takesVector(EXPECTED[id]!)))('%s: picture of the first source', async (id) => {
    const wanted = EXPECTED[id]!;
    const edge = wanted.type === 'uniface' ? 256 : 112;
    const pad = wanted.size - edge;
    const bytes = swapperOnnx(wanted, (graph, _target, source) =>
      graph.node('Pad', [source, graph.int64([0, 0, 0, 0, 0, 0, pad, pad])]),
    );
    const target = pictureOf(wanted.size + 40, wanted.size + 30, () => 99);
    const sources = [sourceOf(wanted, pattern), sourceOf(wanted, otherPattern)];
    // A weight changes nothing here.
    const { result, notes } = await run(id, bytes, target, sources, { faceSwapperWeight: 1 });
    expect(worstError(result, edge, pattern)).toBeLessThanOrEqual(ONE_LEVEL);
    expect(notes).toEqual(['sources-unused', 'weight-unused']);
  });

  // Fails for: tiles in place of every second pixel, parts in another order, and parts that are mixed up.
  it.each(ENTRIES)('%s: pixel boost of two', async (id) => {
    const wanted = EXPECTED[id]!;
    const edge = wanted.size * 2;
    // One colour a phase, and a model that gives the mean of what it sees, by 0.5 where that is dark.
    const phase = (x: number, y: number, channel: number): number => 40 + 50 * ((x & 1) + 2 * (y & 1)) + 10 * channel;
    const bytes = swapperOnnx(wanted, (graph, target) => {
      const average = graph.node('ReduceMean', [target], { axes: [2, 3], keepdims: 1 });
      const even = graph.node('Expand', [average, graph.int64([1, 3, wanted.size, wanted.size])]);
      return graph.node('Mul', [even, even]);
    });
    const target = pictureOf(edge + 40, edge + 30, (x, y, c) => phase(x - OFFSET.x, y - OFFSET.y, c));
    const options = { faceSwapperPixelBoost: `${edge}x${edge}` };
    const { result } = await run(id, bytes, target, [sourceOf(wanted, pattern)], options, 2);
    expect(worstError(result, edge, (x, y, c) => phase(x, y, c) ** 2 / 255)).toBeLessThanOrEqual(ONE_LEVEL);
  });

  it.each(ENTRIES)('%s: a face is left alone where the model gives no numbers', async (id) => {
    const wanted = EXPECTED[id]!;
    const bytes = swapperOnnx(wanted, (graph, target) => graph.node('Div', [target, graph.scalar(0)]));
    const target = pictureOf(wanted.size + 40, wanted.size + 30, pattern);
    const { outcome, result } = await run(id, bytes, target, [sourceOf(wanted, pattern)]);
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
    expect(Buffer.compare(result.data, target.data)).toBe(0);
  });

  it.each(ENTRIES)('%s: sizes of the pixel boost', async (id) => {
    const wanted = EXPECTED[id]!;
    const bytes = swapperOnnx(wanted, (graph, target) => graph.node('Identity', [target]));
    const target = pictureOf(wanted.size + 40, wanted.size + 30, pattern);
    const { size } = wanted;
    const faceSwapperPixelBoost = `${size * 1.5}x${size * 1.5}`;
    await expect(run(id, bytes, target, [sourceOf(wanted, pattern)], { faceSwapperPixelBoost })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(`${size * 2}x${size * 2}`),
    });
  });
});

/** Least-squares similarity from a template's crop into the picture, by complex numbers. */
function similarityOf(
  template: WarpTemplate,
  size: number,
  landmarks5: ArrayLike<number>,
): (x: number, y: number) => [number, number] {
  const from = alignedFace({ template, size, x: 0, y: 0 }).landmarks5;
  const middle = (points: ArrayLike<number>, axis: number): number =>
    Array.from({ length: 5 }, (_, i) => points[i * 2 + axis]!).reduce((sum, value) => sum + value / 5, 0);
  const [fx, fy, tx, ty] = [middle(from, 0), middle(from, 1), middle(landmarks5, 0), middle(landmarks5, 1)];
  let [real, imaginary, square] = [0, 0, 0];
  for (let i = 0; i < 5; i++) {
    const [a, b] = [landmarks5[i * 2]! - tx, landmarks5[i * 2 + 1]! - ty];
    const [c, d] = [from[i * 2]! - fx, from[i * 2 + 1]! - fy];
    // The crop's matrix goes from the picture to the template, so that is what is fitted, and then inverted.
    real += a * c + b * d;
    imaginary += a * d - b * c;
    square += a * a + b * b;
  }
  const [p, q] = [real / square, imaginary / square];
  const norm = p * p + q * q;
  return (x, y) => {
    const [u, v] = [x - fx, y - fy];
    return [tx + (p * u + q * v) / norm, ty + (p * v - q * u) / norm];
  };
}
