/**
 * Every published model that makes masks, on graphs whose answer is known: the crop goes to the model, its mask back to
 * the crop, and with a swapper that paints one colour into the picture, where it can be read off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { meshInRegion, pointsInRegion } from '../../src/engine/faces/mesh-in-region.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { FACE_MASKERS } from '../../src/engine/models/catalogue/face-maskers.ts';
import { faceSwapper } from '../../src/engine/processors/face-swapper.ts';
import type { FaceOutcome } from '../../src/engine/processors/processor.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { type TinyUserModel, writeUserModels } from '../helpers/user-model-folder.ts';

const OCCLUDERS = ['xseg_1', 'xseg_2', 'xseg_3'];
const PARSERS = ['bisenet_resnet_18', 'bisenet_resnet_34'];
const SWAPPER = 'blendswap_256';
const SIZE = 256;
const OFFSET = { x: 18, y: 26 };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-maskers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A swapper that gives the same picture whatever it sees, in values 0..1 by channel, row and column. */
function paintingOnnx(valueAt: (x: number, channel: number) => number): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('source', [1, 3, 112, 112]);
  const target = graph.input('target', [1, 3, SIZE, SIZE]);
  const picture = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, at) =>
    valueAt(at % SIZE, Math.floor(at / SIZE / SIZE)),
  );
  const nothing = graph.node('Mul', [target, graph.scalar(0)]);
  const output = graph.node('Add', [nothing, graph.float32(picture, [1, 3, SIZE, SIZE])]);
  graph.output('output', output, [1, 3, SIZE, SIZE]);
  return graph.toBytes();
}

/** An occluder whose mask is one channel of what it sees, taken by `factor`. */
function occluderOnnx(channel: number, factor = 1): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 256, 256, 3]);
  const one = graph.node('Gather', [input, graph.int64([channel])], { axis: 3 });
  graph.output('output', graph.node('Mul', [one, graph.scalar(factor)]), [1, 256, 256, 1]);
  return graph.toBytes();
}

/** Levels of red between two classes. */
const CLASS_LEVELS = 13;
const CLASSES = 19;
/** A parser that sees class `k` where red is 13 k: the scores are those of the nearest level. */
function parserOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, 512, 512]);
  const first = graph.node('Gather', [input, graph.int64([0])], { axis: 1 });
  const red = graph.node('Add', [graph.node('Mul', [first, graph.scalar(0.229)]), graph.scalar(0.485)]);
  const levels = Array.from({ length: CLASSES }, (_, k) => (k * CLASS_LEVELS) / 255);
  const twice = graph.float32(
    levels.map((level) => 2 * level),
    [1, CLASSES, 1, 1],
  );
  const squares = graph.float32(
    levels.map((level) => level * level),
    [1, CLASSES, 1, 1],
  );
  const scores = graph.node('Sub', [graph.node('Mul', [red, twice]), squares]);
  graph.output('output', scores, [1, CLASSES, 512, 512]);
  return graph.toBytes();
}

interface Run {
  readonly result: RgbImage;
  readonly outcome: FaceOutcome;
}

async function run(
  models: readonly TinyUserModel[],
  target: RgbImage,
  options: Readonly<Record<string, unknown>>,
  factor = 1,
): Promise<Run> {
  const userFolder = await writeUserModels(mkdtempSync(join(root, 'models-')), models);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  const face = { trackId: 0, ...alignedFace({ template: 'ffhq_512', size: SIZE * factor, ...OFFSET }) };
  await using processor = await faceSwapper.create({
    ...{ store, logger: silentLogger },
    sources: [{ path: 'a.png', image: target, face }],
    options: parseProcessOptions({
      ...{ sourcePaths: ['a'], targetPath: 'b', outputPath: 'c', faceSwapperModel: SWAPPER, ...options },
      ...(factor === 1 ? {} : { faceSwapperPixelBoost: `${SIZE * factor}x${SIZE * factor}` }),
    }),
  });
  const result: RgbImage = { ...target, data: target.data.slice() };
  const region = processor.regionOf(face, result);
  const pixels = processor.takePixels(result, region);
  const outcome = await processor.processFace(
    pixels,
    { ...face, mesh: meshInRegion(face.mesh, region), landmarks5: pointsInRegion(face.landmarks5, region) },
    { frameIndex: 0, timeSeconds: 0, isStill: true },
  );
  if (outcome.kind === 'changed') pixels.writeBack();
  return { result, outcome };
}

/** Blurred with sigma 5, its upper half stretched: all masks here are the same in every row. */
function sharpened(row: readonly number[]): number[] {
  const weights = Array.from({ length: 41 }, (_, i) => Math.exp(-((i - 20) ** 2) / 50));
  const sum = weights.reduce((a, b) => a + b);
  const last = row.length - 1;
  const mirrored = (x: number): number => row[x < 0 ? -x : x > last ? 2 * last - x : x]!;
  return row.map((_, x) => {
    const blurred = weights.reduce((total, weight, i) => total + weight * mirrored(x + i - 20), 0) / sum;
    return (Math.min(Math.max(blurred, 0.5), 1) - 0.5) * 2;
  });
}

/** A row resized with pixel centres at half pixels. */
const resized = (row: readonly number[], size: number): number[] =>
  Array.from({ length: size }, (_, x) => {
    const at = Math.min(Math.max(((x + 0.5) * row.length) / size - 0.5, 0), row.length - 1);
    const low = Math.floor(at);
    return row[low]! * (1 - (at - low)) + row[Math.min(low + 1, row.length - 1)]! * (at - low);
  });

/** Largest difference of one channel inside of the crop, in some rows. */
function worstError({ data, width }: RgbImage, channel: number, expected: readonly number[]): number {
  let worst = 0;
  for (const y of [3, expected.length >> 1, expected.length - 4]) {
    for (let x = 1; x < expected.length - 1; x++) {
      const got = data[((y + OFFSET.y) * width + x + OFFSET.x) * 3 + channel]!;
      worst = Math.max(worst, Math.abs(got - expected[x]!));
    }
  }
  return worst;
}
const ONE_LEVEL = 1.05;

const white = (): Uint8Array => paintingOnnx(() => 1);
/** Bands of one third of the crop: nothing, 180 and 255, each channel begun with another. */
const LEVELS = [0, 180, 255];
const levelAt = (x: number, size: number, begin: number): number =>
  LEVELS[(Math.min(2, Math.max(0, Math.floor((x * 3) / size))) + begin) % 3]!;
const BEGIN = { red: 1, green: 2, blue: 0 } as const;
const bands = (size: number): RgbImage =>
  pictureOf(size + 40, size + 50, (x, _y, channel) => levelAt(x - OFFSET.x, size, [1, 2, 0][channel]!));
const bandsOf = (begin: number, size: number): number[] =>
  Array.from({ length: size }, (_, x) => levelAt(x, size, begin) / 255);
/** White painted over green by a mask. */
const painted = (mask: readonly number[], size: number): number[] =>
  mask.map((m, x) => levelAt(x, size, BEGIN.green) * (1 - m) + 255 * m);

it('knows every entry', () => {
  expect(FACE_MASKERS.map(({ id }) => id)).toEqual([...OCCLUDERS, ...PARSERS]);
});

describe('conformance of occluders', () => {
  // Fails for: RGB, planes, another range, a mask that is turned over, blurred otherwise or taken after the swap.
  it.each(OCCLUDERS)('%s: mask of the crop', async (id) => {
    const models = [
      { id: SWAPPER, bytes: white() },
      { id, bytes: occluderOnnx(0) },
    ];
    const { result } = await run(models, bands(SIZE), { faceMaskTypes: ['occlusion'], faceOccluderModel: id });
    expect(worstError(result, 1, painted(sharpened(bandsOf(BEGIN.blue, SIZE)), SIZE))).toBeLessThanOrEqual(ONE_LEVEL);
  });

  // Fails for: nearest neighbours or means in place of bilinear samples, and for values that are not cut to 0..1.
  it.each(OCCLUDERS)('%s: crop of another size, numbers above one', async (id) => {
    const models = [
      { id: SWAPPER, bytes: white() },
      { id, bytes: occluderOnnx(0, 1.25) },
    ];
    const options = { faceMaskTypes: ['occlusion'], faceOccluderModel: id };
    const { result } = await run(models, bands(2 * SIZE), options, 2);
    const seen = resized(bandsOf(BEGIN.blue, 2 * SIZE), 256).map((v) =>
      Math.min(1, (1.25 * Math.round(v * 255)) / 255),
    );
    const mask = sharpened(resized(seen, 2 * SIZE));
    expect(worstError(result, 1, painted(mask, 2 * SIZE))).toBeLessThanOrEqual(ONE_LEVEL);
  });

  it('many: the smallest of three', async () => {
    const models = [
      { id: SWAPPER, bytes: white() },
      ...OCCLUDERS.map((id, channel) => ({ id, bytes: occluderOnnx(channel) })),
    ];
    // Lifted, or every band would be nothing in one of the three.
    const lifted = pictureOf(SIZE + 40, SIZE + 50, (x, _y, channel) =>
      Math.max(140, levelAt(x - OFFSET.x, SIZE, [1, 2, 0][channel]!) - 40 * channel),
    );
    const rows = [2, 1, 0].map((channel) =>
      Array.from({ length: SIZE }, (_, x) => lifted.data[(OFFSET.y * lifted.width + x + OFFSET.x) * 3 + channel]!),
    );
    const mask = sharpened(rows[0]!.map((value, x) => Math.min(value, rows[1]![x]!, rows[2]![x]!) / 255));
    const { result } = await run(models, lifted, { faceMaskTypes: ['occlusion'], faceOccluderModel: 'many' });
    const expected = mask.map((m, x) => rows[1]![x]! * (1 - m) + 255 * m);
    expect(worstError(result, 1, expected)).toBeLessThanOrEqual(ONE_LEVEL);
  });

  it.each(OCCLUDERS)('%s: a face is left alone where the mask has no numbers', async (id) => {
    const models = [
      { id: SWAPPER, bytes: white() },
      { id, bytes: occluderOnnx(0, Number.NaN) },
    ];
    const { outcome } = await run(models, bands(SIZE), { faceMaskTypes: ['occlusion'], faceOccluderModel: id });
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
  });
});

/** Width of a band of one class. */
const BAND = 13;
const classAt = (x: number): number => Math.min(CLASSES - 1, Math.floor(x / BAND));

describe('conformance of parsers', () => {
  // Fails for: BGR, another range, mean or deviation, a class too many or too few, a mask of the crop before the swap.
  it.each(
    PARSERS.flatMap((id) => [
      [id, 'every part', undefined, [1, 2, 3, 4, 5, 6, 10, 11, 12, 13]] as const,
      [id, 'two parts', ['nose', 'left-eye'], [4, 10]] as const,
    ]),
  )('%s: %s of the swapped crop', async (id, _name, faceMaskRegions, classes) => {
    const models = [
      { id: SWAPPER, bytes: paintingOnnx((x, channel) => (channel === 0 ? (classAt(x) * CLASS_LEVELS) / 255 : 1)) },
      { id, bytes: parserOnnx() },
    ];
    const options = { faceMaskTypes: ['region'], faceParserModel: id, faceMaskRegions };
    const { result } = await run(
      models,
      pictureOf(SIZE + 40, SIZE + 50, () => 0),
      options,
    );
    const members: readonly number[] = classes;
    const mask = sharpened(Array.from({ length: SIZE }, (_, x) => (members.includes(classAt(x)) ? 1 : 0)));
    const green = mask.map((m) => 255 * m);
    expect(worstError(result, 1, green)).toBeLessThanOrEqual(ONE_LEVEL);
  });

  it.each(PARSERS)('%s: the smallest of all masks counts', async (id) => {
    const models = [
      { id: SWAPPER, bytes: paintingOnnx((x, channel) => (channel === 0 ? (classAt(x) * CLASS_LEVELS) / 255 : 1)) },
      { id, bytes: parserOnnx() },
      { id: 'xseg_1', bytes: occluderOnnx(0) },
    ];
    const options = {
      ...{ faceMaskTypes: ['box', 'region', 'occlusion'], faceMaskBlur: 0, faceMaskPadding: [0, 40, 0, 0] },
      ...{ faceParserModel: id, faceOccluderModel: 'xseg_1' },
    };
    const { result } = await run(models, bands(SIZE), options);
    const right = SIZE - Math.trunc(SIZE * 0.4);
    const parts = sharpened(
      Array.from({ length: SIZE }, (_, x) => ([1, 2, 3, 4, 5, 6, 10, 11, 12, 13].includes(classAt(x)) ? 1 : 0)),
    );
    const free = sharpened(bandsOf(BEGIN.blue, SIZE));
    const mask = parts.map((m, x) => (x < right ? Math.min(m, free[x]!) : 0));
    expect(worstError(result, 1, painted(mask, SIZE))).toBeLessThanOrEqual(ONE_LEVEL);
  });
});
