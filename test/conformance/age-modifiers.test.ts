/** Every published age modifier on graphs whose answer is known by arithmetic: ages, crops, masks, colours, paste. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { boundsOf } from '../../src/engine/faces/boxes.ts';
import { openFaceClassifier } from '../../src/engine/faces/classify.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { WARP_TEMPLATES } from '../../src/engine/frames/warp-templates.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { AGE_MODIFIERS } from '../../src/engine/models/catalogue/age-modifiers.ts';
import { ageModifier } from '../../src/engine/processors/age-modifier.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { type FaceModelResult, type FaceModelRun, runFaceModel } from '../helpers/run-face-model.ts';

const EXPECTED: Readonly<Record<string, { readonly type: 'fran' | 'styleganex' }>> = {
  fran: { type: 'fran' },
  styleganex_age: { type: 'styleganex' },
};
const ENTRIES = AGE_MODIFIERS.map(({ id }) => id);
const FRAN = ENTRIES.filter((id) => EXPECTED[id]?.type === 'fran');
const STYLEGANEX = ENTRIES.filter((id) => EXPECTED[id]?.type === 'styleganex');
const OFFSET = { x: 16, y: 10 };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-age-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (id: string, bytes: Uint8Array, rest: Pick<FaceModelRun, 'target' | 'face'> & Partial<FaceModelRun>) =>
  runFaceModel({
    ...{ processor: ageModifier, models: [{ id, bytes }], root },
    ...rest,
    options: { processors: ['age_modifier'], ageModifierModel: id, ...rest.options },
  }) satisfies Promise<FaceModelResult>;

const at = ({ data, width }: RgbImage, x: number, y: number, channel: number): number =>
  data[((OFFSET.y + y) * width + OFFSET.x + x) * 3 + channel]!;
const ONE_LEVEL = 1.05;
const noLandmarks68 = { landmarks68: new Float32Array(136) };

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of fran', () => {
  const SIZE = 1024;
  const face = { ...alignedFace({ template: 'ffhq_512', size: SIZE, ...OFFSET }), ...noLandmarks68 };
  const slope = (x: number, y: number, channel: number): number => 20 + 30 * channel + x / 12 + y / 14;
  const target = pictureOf(SIZE + 30, SIZE + 26, slope);

  /** A model whose picture, 0..1, is made of its inputs. */
  function franOnnx(paint: (graph: OnnxGraph, picture: TensorName, ages: TensorName) => TensorName): Uint8Array {
    const shape = [1, 3, SIZE, SIZE];
    const graph = new OnnxGraph();
    const picture = graph.input('target', shape);
    const ages = graph.node('Reshape', [graph.input('direction', [2]), graph.int64([1, 2, 1, 1])]);
    graph.output('output', graph.node('Identity', [paint(graph, picture, ages)]), shape);
    return graph.toBytes();
  }

  // Fails for: BGR, another range, template or size, a picture that is turned.
  it.each(FRAN)('%s: crop, normalisation and paste', async (id) => {
    const gains = [1, 0.5, 0.25];
    const bytes = franOnnx((graph, picture, ages) => {
      const none = graph.node('ReduceSum', [graph.node('Mul', [ages, graph.scalar(0)])], { keepdims: 0 });
      const gain = graph.node('Add', [graph.float32(gains, [1, 3, 1, 1]), none]);
      return graph.node('Mul', [picture, gain]);
    });
    const { results, outcomes } = await run(id, bytes, { target, face });
    expect(outcomes).toEqual([{ kind: 'changed' }]);
    let worst = 0;
    for (let y = 2; y < SIZE - 2; y += 3) {
      for (let x = 2; x < SIZE - 2; x += 3) {
        for (const [channel, gain] of gains.entries()) {
          worst = Math.max(worst, Math.abs(at(results[0]!, x, y, channel) - at(target, x, y, channel) * gain));
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(ONE_LEVEL);
  });

  // Fails for: years in place of hundreds, one age for the other, a direction that is cut at the wrong place, and an age
  // that is not that of the face in the picture.
  it.each(FRAN)('%s: the age of the face, and the age that is wanted', async (id) => {
    const bytes = franOnnx((graph, picture, ages) => {
      const both = graph.node('Concat', [ages, graph.float32([0], [1, 1, 1, 1])], { axis: 1 });
      return graph.node('Add', [graph.node('Mul', [picture, graph.scalar(0)]), both]);
    });
    await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
    const { ageYears } = await (await openFaceClassifier(store)).classify(target, {
      box: boundsOf(face.mesh),
      landmarks5: face.landmarks5,
    });
    const clip = (value: number): number => Math.min(1, Math.max(0, value));
    for (const ageModifierDirection of [-100, -10, 0, 20, 100]) {
      const { results } = await run(id, bytes, { target, face, options: { ageModifierDirection } });
      const ages = [ageYears, ageYears + ageModifierDirection];
      for (const [channel, age] of ages.entries()) {
        expect(Math.abs(at(results[0]!, 500, 500, channel) - clip(age / 100) * 255)).toBeLessThanOrEqual(1.5);
      }
    }
  });
});

describe('conformance of styleganex', () => {
  const SIZE = 384;
  const GREY = [90, 120, 150] as const;
  /** Stripes in what the model makes, 256 wide: finer than the 16 x 16 at which colours are matched. */
  const PERIOD = 8;

  /** A face whose enlarged crop of 384 pixels is one to one with the picture: landmarks are moved about the nose. */
  const [noseX, noseY] = [
    OFFSET.x + WARP_TEMPLATES.styleganex_384[4] * SIZE,
    OFFSET.y + WARP_TEMPLATES.styleganex_384[5] * SIZE,
  ];
  const aligned = alignedFace({ template: 'styleganex_384', size: SIZE, ...OFFSET });
  const landmarks5 = aligned.landmarks5.map((value, n) => {
    const nose = n % 2 === 0 ? noseX : noseY;
    return nose + (value - nose) / 0.875;
  });
  const face: Pick<Face, 'mesh' | 'landmarks5' | 'landmarks68'> = { mesh: aligned.mesh, landmarks5, ...noLandmarks68 };
  const flat = pictureOf(SIZE + 30, SIZE + 26, (_x, _y, channel) => GREY[channel]!);

  /**
   * A model that makes grey stripes, -amount and amount about 0 of -1..1, in which `amount` is one number or one a
   * channel, made of the inputs.
   */
  function stripedOnnx(
    amount: (graph: OnnxGraph, inputs: { target: TensorName; around: TensorName; direction: TensorName }) => TensorName,
    directionShape: readonly number[] = [],
  ): Uint8Array {
    const graph = new OnnxGraph();
    const inputs = {
      target: graph.input('target', [1, 3, 256, 256]),
      around: graph.input('target_with_background', [1, 3, SIZE, SIZE]),
      direction: graph.input('direction', directionShape),
    };
    const used = Object.values(inputs).map((input) => {
      const sum = graph.node('ReduceSum', [input], { keepdims: 0 });
      return graph.node('Mul', [sum, graph.scalar(0)]);
    });
    const nothing = graph.node('Sum', used);
    const stripes = Float32Array.from({ length: 256 }, (_, x) => (x % PERIOD < PERIOD / 2 ? 1 : -1));
    const wide = graph.node('Tile', [graph.float32(stripes, [1, 1, 1, 256]), graph.int64([1, 3, 256, 1])]);
    const picture = graph.node('Mul', [wide, graph.node('Add', [amount(graph, inputs), nothing])]);
    graph.output('output', graph.node('Identity', [picture]), [1, 3, 256, 256]);
    return graph.toBytes();
  }

  /** How strong the stripes are in the middle of the picture, in levels, and the colour between them. */
  function stripesOf(picture: RgbImage, channel: number): { amount: number; colour: number } {
    // Of the 256 columns that the model made, each is one and a half pixels of the picture; middles of stripes.
    const shown = (column: number): number => at(picture, Math.round((column + 0.5) * 1.5 - 0.5), 190, channel);
    const [light, dark] = [shown(129), shown(133)];
    return { amount: (light - dark) / 2, colour: (light + dark) / 2 };
  }

  // Fails for: percent in place of the model's scale, the other sign, or a scalar in the wrong shape.
  it.each(STYLEGANEX)('%s: direction, as a scalar or a row of one', async (id) => {
    for (const [ageModifierDirection, shape] of [
      [-100, []],
      [40, []],
      [100, [1]],
      [0, [1]],
    ] as const) {
      const bytes = stripedOnnx((graph, { direction }) => graph.node('Mul', [direction, graph.scalar(0.1)]), shape);
      const { results } = await run(id, bytes, { target: flat, face, options: { ageModifierDirection } });
      const wanted = (-2.5 * ageModifierDirection) / 100;
      for (const channel of [0, 1, 2]) {
        const { amount, colour } = stripesOf(results[0]!, channel);
        // Both ends of a stripe are cut to bytes twice on the way.
        expect(Math.abs(amount - wanted * 0.1 * 127.5)).toBeLessThanOrEqual(2);
        // Fails for: colours that are not matched to the picture.
        expect(Math.abs(colour - GREY[channel]!)).toBeLessThanOrEqual(2);
      }
    }
  });

  // Fails for: another template or size of either crop, one for the other, no scale about the nose, BGR, another range.
  it.each(STYLEGANEX)('%s: the face, and the head with its surroundings', async (id) => {
    // A slope: the mean of a crop tells where its middle lies.
    const slope = (x: number, y: number, channel: number): number =>
      20 + 25 * channel + x * 0.35 + y * 0.03 * (channel + 1);
    const target = pictureOf(SIZE + 30, SIZE + 26, slope);
    const means = async (input: 'target' | 'around'): Promise<number[]> => {
      // The mean of the first half of the columns less that of the second tells the scale, and the mean the place.
      const amounts: number[] = [];
      for (const half of [0, 1]) {
        const bytes = stripedOnnx((graph, inputs) => {
          const edge = input === 'target' ? 256 : SIZE;
          const [from, to] = half === 0 ? [0, edge / 2] : [edge / 2, edge];
          const part = graph.node('Slice', [inputs[input], graph.int64([from]), graph.int64([to]), graph.int64([3])]);
          const mean = graph.node('ReduceMean', [part], { axes: [2, 3], keepdims: 1 });
          return graph.node('Mul', [mean, graph.scalar(0.5)]);
        });
        const { results } = await run(id, bytes, { target, face });
        for (const channel of [0, 1, 2]) amounts.push(stripesOf(results[0]!, channel).amount * 2);
      }
      return amounts;
    };
    /** Mean of half a crop, as a level about 127.5; a slope's mean is its value in the middle. */
    const expected = (middleX: number, middleY: number, edge: number): number[] =>
      [-1, 1].flatMap((side) =>
        [0, 1, 2].map((channel) => slope(middleX + (side * edge) / 4, middleY, channel) - 127.5),
      );
    const around = await means('around');
    const wholeCrop = expected(OFFSET.x + SIZE / 2 - 0.5, OFFSET.y + SIZE / 2 - 0.5, SIZE);
    for (const [n, value] of around.entries()) expect(Math.abs(value - wholeCrop[n]!)).toBeLessThanOrEqual(4);
    // The other crop: the least-squares similarity from the landmarks to its template, at the middle.
    const inner = await means('target');
    const { x, y, edge } = innerCrop();
    const face256 = expected(x, y, edge);
    for (const [n, value] of inner.entries()) expect(Math.abs(value - face256[n]!)).toBeLessThanOrEqual(4);
    // Both are told apart.
    expect(Math.max(...inner.map((value, n) => Math.abs(value - wholeCrop[n]!)))).toBeGreaterThan(10);
  });

  /** Where the crop `ffhq_512` of 256 pixels lies in the picture: by the distance and the middle of the eyes and mouth. */
  function innerCrop(): { x: number; y: number; edge: number } {
    const template = WARP_TEMPLATES.ffhq_512;
    const mean = (values: ArrayLike<number>, axis: number): number =>
      Array.from({ length: 5 }, (_, n) => values[2 * n + axis]!).reduce((sum, value) => sum + value, 0) / 5;
    const spread = (values: ArrayLike<number>): number =>
      Math.hypot(...Array.from({ length: 10 }, (_, n) => values[n]! - mean(values, n % 2)));
    const scale = spread(landmarks5) / spread(template);
    const middle = (axis: number): number => mean(landmarks5, axis) + (0.5 - mean(template, axis)) * scale;
    return { x: middle(0), y: middle(1), edge: scale };
  }

  // Fails for: a result that is laid anywhere but where the head with its surroundings was, or that has no soft border.
  it.each(STYLEGANEX)('%s: paste over the whole of the surroundings', async (id) => {
    const bytes = stripedOnnx((graph) => graph.scalar(0.5));
    const { results } = await run(id, bytes, { target: flat, face, options: { faceMaskBlur: 0.3 } });
    const result = results[0]!;
    const row = OFFSET.y * flat.width * 3;
    expect(Buffer.compare(result.data.subarray(0, row), flat.data.subarray(0, row))).toBe(0);
    const changed = (x: number): number => Math.abs(at(result, x, 190, 1) - GREY[1]);
    // Middles of stripes, at the border and inside of the feather, which is 28 pixels wide on either side of its middle.
    expect(changed(1)).toBeLessThan(8);
    expect(changed(SIZE - 2)).toBeLessThan(8);
    expect(stripesOf(result, 1).amount).toBeGreaterThan(60);
  });
});

describe('conformance of age modifiers', () => {
  // Fails for: a black face where a model gives no picture.
  it.each(ENTRIES)('%s: an output that is not finite leaves the face alone', async (id) => {
    const graph = new OnnxGraph();
    const isFran = EXPECTED[id]?.type === 'fran';
    const shape = isFran ? [1, 3, 1024, 1024] : [1, 3, 256, 256];
    const picture = graph.input('target', shape);
    if (!isFran) graph.input('target_with_background', [1, 3, 384, 384]);
    graph.input('direction', isFran ? [2] : []);
    const nothing = graph.node('Mul', [picture, graph.scalar(0)]);
    graph.output('output', graph.node('Div', [nothing, nothing]), shape);
    const target = pictureOf(300, 300, (x, y) => x / 2 + y / 3);
    const face = { ...alignedFace({ template: 'ffhq_512', size: 200, x: 40, y: 40 }), ...noLandmarks68 };
    const { results, outcomes } = await run(id, graph.toBytes(), { target, face });
    expect(outcomes).toEqual([{ kind: 'left-alone', reason: 'invalid-output' }]);
    expect(Buffer.compare(results[0]!.data, target.data)).toBe(0);
  });
});
