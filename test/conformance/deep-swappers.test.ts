/** The deep swapper's contract on graphs whose answer is known by arithmetic, as a model of the user's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { matchColourWhereAlike } from '../../src/engine/frames/match-colour.ts';
import { unsharp } from '../../src/engine/frames/unsharp.ts';
import { catalogueIds } from '../../src/engine/models/catalogue/catalogue.ts';
import { DEEP_SWAPPERS } from '../../src/engine/models/catalogue/deep-swappers.ts';
import { deepSwapper } from '../../src/engine/processors/deep-swapper.ts';
import { checkModels } from '../../src/runner/check-models.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { refusal } from '../helpers/make-media.ts';
import { type FaceModelResult, runFaceModel } from '../helpers/run-face-model.ts';

const ENTRIES = DEEP_SWAPPERS.map(({ id }) => id);
const SIZE = 64;
const OFFSET = { x: 22, y: 14 };
const SHAPE = [1, SIZE, SIZE, 3];
const MASK_SHAPE = [1, SIZE, SIZE, 1];
const FULL = new Float32Array(SIZE * SIZE).fill(1);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-deep-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface DeepGraph {
  /** Makes the picture, 0..1, BGR, channels last. */
  readonly paint: (graph: OnnxGraph, face: TensorName, morph: TensorName) => TensorName;
  readonly morph?: boolean;
  readonly targetMask?: Float32Array;
  readonly sourceMask?: Float32Array;
}

function deepOnnx({ paint, morph = false, targetMask = FULL, sourceMask = FULL }: DeepGraph): Uint8Array {
  const graph = new OnnxGraph();
  const face = graph.input('in_face:0', SHAPE);
  const morphed = morph ? graph.input('morph_value:0', [1]) : graph.scalar(0);
  const picture = paint(graph, face, morphed);
  // Masks must depend on an input; one channel of the picture, by 0, and the mask.
  const nothing = graph.node('Mul', [graph.node('Gather', [face, graph.int64([0])], { axis: 3 }), graph.scalar(0)]);
  const mask = (values: Float32Array): TensorName => graph.node('Add', [nothing, graph.float32(values, MASK_SHAPE)]);
  graph.output('out_face_mask:0', mask(targetMask), MASK_SHAPE);
  graph.output('out_celeb_face:0', graph.node('Identity', [picture]), SHAPE);
  graph.output('out_celeb_face_mask:0', mask(sourceMask), MASK_SHAPE);
  return graph.toBytes();
}

const run = (id: string, graph: DeepGraph, target: RgbImage, options: object = {}): Promise<FaceModelResult> =>
  runFaceModel({
    ...{ processor: deepSwapper, root, target },
    models: [{ id: 'custom/somebody', like: id, bytes: deepOnnx(graph) }],
    face: { ...alignedFace({ template: 'dfl_whole_face', size: SIZE, ...OFFSET }), landmarks68: new Float32Array(136) },
    options: { processors: ['deep_swapper'], deepSwapperModel: 'custom/somebody', ...options },
  });

const flat = (red: number, green: number, blue: number): RgbImage =>
  pictureOf(SIZE + 40, SIZE + 30, (_x, _y, channel) => [red, green, blue][channel]!);
const at = ({ data, width }: RgbImage, x: number, y: number, channel: number): number =>
  data[((OFFSET.y + y) * width + OFFSET.x + x) * 3 + channel]!;
/** The same colour everywhere, whatever the input. */
const colour =
  (...bgr: number[]) =>
  (graph: OnnxGraph, face: TensorName): TensorName =>
    graph.node('Add', [graph.node('Mul', [face, graph.scalar(0)]), graph.float32(bgr, [1, 1, 1, 3])]);

/** Of two pictures of one colour each, in different bins of 3000: their histograms correlate by -1/2999. */
const UNLIKE = (1 - 1 / 2999) / 2;
const ONE_LEVEL = 1.05;
const MIDDLE = SIZE / 2;

describe('conformance of deep swappers', () => {
  // Fails for: RGB for BGR on the way out, a colour match that is missing, whole or the wrong way round.
  it.each(ENTRIES)('%s: colour of the output, half matched to a picture that is unlike', async (id) => {
    const target = flat(40, 100, 200);
    const { results, outcomes } = await run(id, { paint: colour(0.2, 0.4, 0.8) }, target);
    expect(outcomes).toEqual([{ kind: 'changed' }]);
    for (const [channel, made] of [0.8, 0.4, 0.2].entries()) {
      const expected = made * 255 * (1 - UNLIKE) + at(target, MIDDLE, MIDDLE, channel) * UNLIKE;
      expect(Math.abs(at(results[0]!, MIDDLE, MIDDLE, channel) - expected)).toBeLessThanOrEqual(ONE_LEVEL);
    }
    const above = OFFSET.y * target.width * 3;
    expect(Buffer.compare(results[0]!.data.subarray(0, above), target.data.subarray(0, above))).toBe(0);
  });

  // Fails for: RGB for BGR on the way in, another range, channels first.
  it.each(ENTRIES)('%s: order and range of the input', async (id) => {
    const target = flat(40, 100, 200);
    for (const [channel, seen] of [200, 100, 40].entries()) {
      const { results } = await run(
        id,
        {
          paint: (graph, face) =>
            graph.node('Tile', [
              graph.node('Gather', [face, graph.int64([channel])], { axis: 3 }),
              graph.int64([1, 1, 1, 3]),
            ]),
        },
        target,
      );
      const expected = seen * (1 - UNLIKE) + at(target, MIDDLE, MIDDLE, 0) * UNLIKE;
      expect(Math.abs(at(results[0]!, MIDDLE, MIDDLE, 0) - expected)).toBeLessThanOrEqual(ONE_LEVEL);
    }
  });

  // Fails for: another template or size, a picture that is turned, a crop that is not sharpened, or matched to what was.
  it.each(ENTRIES)('%s: crop, sharpened, matched where alike, and paste', async (id) => {
    const target = pictureOf(SIZE + 40, SIZE + 30, (x, y) => 60 + 30 * (((x >> 3) + (y >> 4)) % 3) + (x % 8));
    const crop = pictureOf(SIZE, SIZE, (x, y, channel) => at(target, x, y, channel));
    const sharp = unsharp(crop, 0.75, 2);
    const expected = matchColourWhereAlike(crop, sharp);
    const { results } = await run(id, { paint: (_graph, face) => face }, target);
    let worst = 0;
    let sharpened = 0;
    // The mask of the model is soft to half a kernel of 51, and the crop's own border is masked out.
    for (let y = 28; y < SIZE - 28; y++) {
      for (let x = 28; x < SIZE - 28; x++) {
        const got = at(results[0]!, x, y, 0);
        worst = Math.max(worst, Math.abs(got - expected.data[(y * SIZE + x) * 3]!));
        sharpened = Math.max(sharpened, Math.abs(got - at(target, x, y, 0)));
      }
    }
    expect(worst).toBeLessThanOrEqual(ONE_LEVEL);
    expect(sharpened).toBeGreaterThan(5);
  });

  // Fails for: only one of the masks, one that is larger than the smaller, turned, not eroded, or hard.
  it.each(ENTRIES)('%s: what both masks leave, smaller by two pixels and soft', async (id) => {
    const half = (isIn: (x: number, y: number) => boolean): Float32Array =>
      Float32Array.from({ length: SIZE * SIZE }, (_, n) => (isIn(n % SIZE, Math.floor(n / SIZE)) ? 1 : 0));
    const right = half((x) => x >= 20);
    const low = half((_x, y) => y >= 30);
    for (const [targetMask, sourceMask] of [
      [right, low],
      [low, right],
    ]) {
      const { results } = await run(id, { paint: colour(0, 1, 0), targetMask, sourceMask }, flat(200, 0, 0));
      const full = 255 * (1 - UNLIKE);
      const shown = (x: number, y: number): number => at(results[0]!, x, y, 1) / full;
      // Sigma 6.25 about edges at 21.5 and 31.5: the normal distribution.
      const across = [14, 18, 22, 26, 30].map((x) => shown(x, 55));
      const expected = [0.1151, 0.2877, 0.5319, 0.7642, 0.9131];
      for (const [n, value] of across.entries()) expect(Math.abs(value - expected[n]!)).toBeLessThan(0.02);
      const down = [24, 28, 32, 36, 40].map((y) => shown(50, y));
      for (const [n, value] of down.entries()) expect(Math.abs(value - expected[n]!)).toBeLessThan(0.02);
      expect(shown(5, 10)).toBeLessThan(0.01);
    }
  });

  // Fails for: percent in place of a share, or a morph that is not passed on.
  it.each(ENTRIES)('%s: morph, where a graph takes one', async (id) => {
    const target = flat(0, 0, 200);
    const paint: DeepGraph['paint'] = (graph, face, morph) =>
      graph.node('Add', [
        graph.node('Mul', [face, graph.scalar(0)]),
        graph.node('Mul', [morph, graph.float32([0, 1, 0], [1, 1, 1, 3])]),
      ]);
    for (const deepSwapperMorph of [100, 60]) {
      const { results } = await run(id, { paint, morph: true }, target, { deepSwapperMorph });
      const expected = (deepSwapperMorph / 100) * 255 * (1 - UNLIKE);
      expect(Math.abs(at(results[0]!, MIDDLE, MIDDLE, 1) - expected)).toBeLessThanOrEqual(ONE_LEVEL);
    }
  });

  // Fails for: a black face where a model gives no picture.
  it.each(ENTRIES)('%s: an output that is not finite leaves the face alone', async (id) => {
    const target = flat(40, 100, 200);
    const { results, outcomes } = await run(id, { paint: colour(Number.NaN, 0, 0) }, target);
    expect(outcomes).toEqual([{ kind: 'left-alone', reason: 'invalid-output' }]);
    expect(Buffer.compare(results[0]!.data, target.data)).toBe(0);
    const hole = FULL.slice();
    hole[99] = Number.POSITIVE_INFINITY;
    const masked = await run(id, { paint: colour(0, 0, 0), sourceMask: hole }, target);
    expect(masked.outcomes).toEqual([{ kind: 'left-alone', reason: 'invalid-output' }]);
  });

  // Fails for: a built-in likeness, or a contract that is taken for a model.
  it.each(ENTRIES)('%s: is a contract, no model', async (id) => {
    expect(catalogueIds('deep-swapper')).toEqual([]);
    const options = (rest: object) =>
      parseProcessOptions({
        processors: ['deep_swapper'],
        targetPath: 'b',
        outputPath: 'c',
        modelFolder: root,
        ...rest,
      });
    const chosen = await refusal(checkModels(options({ deepSwapperModel: id })));
    expect(chosen).toMatchObject({ code: 'OPTION_INVALID' });
    expect(chosen.message).toContain('a model of your own');
    expect(await refusal(checkModels(options({})))).toMatchObject({ code: 'OPTION_MISSING' });
    const missing = await refusal(checkModels(options({ deepSwapperModel: 'custom/nobody' })));
    expect(missing).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});
