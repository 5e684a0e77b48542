/**
 * LivePortrait on graphs whose answer is known by arithmetic: what each slider does to which point, poses, limits,
 * retargeting, stitching, the share of another expression, pictures in and out. The tables stand here once more, by
 * themselves, so that a wrong number in the product fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { WARP_TEMPLATES } from '../../src/engine/frames/warp-templates.ts';
import { EXPRESSION_MAXIMUM, EXPRESSION_MINIMUM } from '../../src/engine/live-portrait/expression-limits.ts';
import { LIVE_PORTRAIT } from '../../src/engine/models/catalogue/live-portrait.ts';
import { expressionRestorer } from '../../src/engine/processors/expression-restorer.ts';
import { faceEditor } from '../../src/engine/processors/face-editor.ts';
import type { FaceOutcome } from '../../src/engine/processors/processor.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import {
  CELL,
  featureOnnx,
  GAINS,
  generatorOnnx,
  type MotionFacts,
  motionOnnx,
  nanFeatures,
  retargetOnnx,
  type Shown,
  spread,
  stitchOnnx,
  zeros,
} from '../helpers/portrait-graphs.ts';
import { runFaceModel } from '../helpers/run-face-model.ts';

const PARTS = ['feature_extractor', 'motion_extractor', 'eye_retargeter', 'lip_retargeter', 'stitcher', 'generator'];
const CROP = 512;
/** What is lost, on average, where a number is cut off once or twice. */
const CUT = 0.75;
const OFFSET = { x: 16, y: 10 };
const [X, Y, Z] = [0, 1, 2];

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-portrait-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly shown?: Shown;
  readonly motion?: MotionFacts;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Files that take the place of the plain ones. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly target?: RgbImage;
  readonly original?: RgbImage;
  readonly landmarks68?: Float32Array;
  readonly restore?: true;
}

const grey = pictureOf(CROP + 30, CROP + 26, () => 128);
const plain = (red: number, green: number, blue: number): RgbImage =>
  pictureOf(CROP + 30, CROP + 26, (_x, _y, channel) => [red, green, blue][channel]!);

/** Landmarks whose crop is the square at OFFSET: the editor moves them apart about the nose first. */
function faceFor(restore: boolean, landmarks68: Float32Array = new Float32Array(136)): Face {
  const face = alignedFace({ template: restore ? 'arcface_128' : 'ffhq_512', size: CROP, ...OFFSET });
  const five = face.landmarks5;
  const landmarks5 = restore ? five : five.map((value, k) => five[4 + (k % 2)]! + (value - five[4 + (k % 2)]!) / 1.5);
  return { ...face, landmarks5, landmarks68 };
}

async function run(request: Run): Promise<{ picture: RgbImage; outcome: FaceOutcome; numbers: Float64Array }> {
  const files: Record<string, Uint8Array> = {
    feature_extractor: featureOnnx(),
    motion_extractor: motionOnnx(request.motion ?? {}),
    eye_retargeter: retargetOnnx(66, () => 0),
    lip_retargeter: retargetOnnx(65, () => 0),
    stitcher: stitchOnnx(),
    generator: generatorOnnx(request.shown ?? 'difference'),
    ...request.files,
  };
  const restore = request.restore ?? false;
  const { results, outcomes } = await runFaceModel({
    processor: restore ? expressionRestorer : faceEditor,
    models: Object.entries(files).map(([part, bytes]) => ({ id: `live_portrait_${part}`, bytes })),
    ...{ root, target: request.target ?? grey, ...(request.original ? { original: request.original } : {}) },
    face: faceFor(restore, request.landmarks68),
    options: {
      ...(restore
        ? { processors: ['expression_restorer'], expressionRestorerModel: 'live_portrait' }
        : { processors: ['face_editor'], faceEditorModel: 'live_portrait' }),
      ...request.options,
    },
  });
  return { picture: results[0]!, outcome: outcomes[0]!, numbers: numbersOf(results[0]!) };
}

const at = ({ data, width }: RgbImage, x: number, y: number, channel: number): number =>
  data[((OFFSET.y + y) * width + OFFSET.x + x) * 3 + channel]!;

/** What a generator has painted, from the finest channel that could hold it. */
function numbersOf(picture: RgbImage): Float64Array {
  return Float64Array.from({ length: 63 }, (_, k) => {
    const [x, y] = [((k % 3) + 0.5) * CELL.width, (Math.floor(k / 3) + 0.5) * CELL.height];
    for (const channel of [2, 1, 0]) {
      const byte = at(picture, x, y, channel);
      // Cut off twice, when the crop becomes bytes and when it is laid back: the number lay up to two levels above.
      if (byte > 2 && byte < 252) return ((byte + 1) / 255 - 0.5) / GAINS[channel]!;
    }
    return Number.NaN;
  });
}

/** One level of the finest channel that can hold a number. */
const levelOf = (value: number): number => {
  const gain = [...GAINS].reverse().find((g) => Math.abs(value) * g < 0.475) ?? GAINS[0]!;
  return 1.1 / (255 * gain);
};

function expectNumbers(got: Float64Array, expected: ArrayLike<number>): void {
  for (let k = 0; k < 63; k++) {
    const where = `point ${Math.floor(k / 3)}, axis ${k % 3}: ${got[k]} for ${expected[k]}`;
    expect(Math.abs(got[k]! - expected[k]!), where).toBeLessThanOrEqual(levelOf(expected[k]!));
  }
}

type Change = readonly [point: number, axis: number, amount: number];
const limit = (values: readonly number[]): number[] =>
  values.map((value, k) => Math.min(Math.max(value, EXPRESSION_MINIMUM[k]!), EXPRESSION_MAXIMUM[k]!));
const changed = (changes: readonly Change[], slider: number): number[] => {
  const values = zeros(63);
  for (const [point, axis, amount] of changes) values[point * 3 + axis]! += amount * slider;
  return values;
};

/** Above 0 and below, as the contract has them. */
const SLIDERS: Readonly<Record<string, readonly [readonly Change[], readonly Change[]]>> = {
  EyebrowDirection: [
    [
      [1, Y, 0.015],
      [2, Y, -0.02],
    ],
    [
      [1, X, -0.015],
      [2, X, 0.02],
      [1, Y, 0.005],
      [2, Y, -0.005],
    ],
  ],
  EyeGazeHorizontal: [
    [
      [11, X, 0.015],
      [15, X, 0.02],
    ],
    [
      [11, X, 0.02],
      [15, X, 0.015],
    ],
  ],
  EyeGazeVertical: same([
    [1, Y, 0.0025],
    [2, Y, -0.0025],
    [11, Y, -0.01],
    [13, Y, -0.005],
    [15, Y, -0.01],
    [16, Y, -0.005],
  ]),
  MouthGrim: [
    [
      [17, Z, -0.005],
      [19, Z, 0.01],
      [20, Y, -0.06],
      [20, Z, -0.03],
    ],
    [
      [19, Y, -0.05],
      [19, Z, -0.02],
      [20, Z, -0.03],
    ],
  ],
  MouthPositionHorizontal: same([
    [19, X, 0.05],
    [20, X, 0.04],
  ]),
  MouthPositionVertical: [
    [
      [19, Y, -0.04],
      [20, Y, -0.02],
    ],
    [
      [19, Y, -0.05],
      [20, Y, -0.04],
    ],
  ],
  MouthPout: [
    [
      [19, Y, -0.022],
      [19, Z, 0.025],
      [20, Z, -0.002],
    ],
    [
      [19, Y, 0.022],
      [19, Z, 0.025],
      [20, Z, -0.002],
    ],
  ],
  MouthPurse: [
    [
      [19, Y, -0.04],
      [19, Z, -0.02],
    ],
    [
      [14, Y, -0.02],
      [17, Z, 0.01],
      [19, Z, -0.015],
      [20, Z, -0.002],
    ],
  ],
  MouthSmile: [
    [
      [20, Y, -0.015],
      [14, Y, -0.025],
      [17, Y, 0.01],
      [17, Z, 0.004],
      [3, Y, -0.0045],
      [7, Y, -0.0045],
    ],
    [
      [14, Y, -0.02],
      [17, Y, 0.003],
      [19, Y, 0.02],
      [19, Z, -0.005],
      [20, Z, 0.01],
      [3, Y, 0.0045],
      [7, Y, 0.0045],
    ],
  ],
};
function same(changes: readonly Change[]): readonly [readonly Change[], readonly Change[]] {
  return [changes, changes];
}

/** x, y, z turned by degrees about one axis after the other: x, y, z, which stay where they are. */
function turned(points: readonly number[], angles: readonly [number, number, number]): number[] {
  const out = [...points];
  for (const [axis, degrees] of angles.entries()) {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
    for (let p = 0; p < out.length; p += 3) {
      [out[p + i], out[p + j]] = [c * out[p + i]! - s * out[p + j]!, s * out[p + i]! + c * out[p + j]!];
    }
  }
  return out;
}

it('has a test for every entry', () => {
  expect(LIVE_PORTRAIT.map(({ id }) => id)).toEqual(PARTS.map((part) => `live_portrait_${part}`));
  // The editor's crop lies where its landmarks say.
  expect(WARP_TEMPLATES.ffhq_512[4]).toBeCloseTo(0.50123859, 8);
});

describe('conformance of LivePortrait', () => {
  // Fails for: BGR on either side, a range of 0..255 or -1..1, bilinear for area, a volume of the wrong crop or frame, a
  // crop by another template or factor about the nose, rows for columns, a result that is not laid back where it was.
  it.each(['editor', 'restorer'])('live_portrait_feature_extractor: crop and volume of the %s', async (which) => {
    const pattern = (x: number, y: number, channel: number): number => (x * 37 + y * 91 + channel * 57) % 251;
    const target = pictureOf(CROP + 30, CROP + 26, pattern);
    const original = plain(9, 9, 9);
    const { picture } = await run({
      shown: 'volume',
      target,
      original,
      ...(which === 'restorer' ? { restore: true } : {}),
    });
    let worst = 0;
    for (let y = 4; y < CROP - 4; y++) {
      for (let x = 4; x < CROP - 4; x++) {
        for (const [channel, gain] of [1, 0.5, 0.25].entries()) {
          let sum = 0;
          for (const [dx, dy] of [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ] as const) {
            sum += pattern(OFFSET.x + (x & ~1) + dx, OFFSET.y + (y & ~1) + dy, channel);
          }
          worst = Math.max(worst, Math.abs(at(picture, x, y, channel) + CUT - (sum / 4) * gain));
        }
      }
    }
    // Rounded once, and cut once or twice.
    expect(worst).toBeLessThanOrEqual(1.55);
    const above = OFFSET.y * target.width * 3;
    expect(Buffer.compare(picture.data.subarray(0, above), target.data.subarray(0, above))).toBe(0);
  });

  // Fails for: BGR, another range.
  it('live_portrait_motion_extractor: colour and range of its picture', async () => {
    const { numbers } = await run({ shown: 'target', motion: { fromPicture: true }, target: plain(20, 60, 110) });
    expectNumbers(
      numbers,
      Array.from({ length: 63 }, (_, k) => [20, 60, 110][k % 3]! / 255),
    );
  });

  // Fails for: outputs taken by name or in another order, points not multiplied by the transposed rotation, angles about
  // axes in another order or in radians, the expression turned along, the scale not over both.
  it('live_portrait_motion_extractor: pose, scale and translation', async () => {
    const [points, expression] = [spread(0.2, 1), spread(0.05, 2)];
    const motion = { pitch: 12, yaw: -25, roll: 7, scale: 1.4, translation: [0.02, -0.05, 0.08], points, expression };
    const { numbers } = await run({ shown: 'target', motion });
    const placed = turned(points, [12, -25, 7]).map(
      (value, k) => 1.4 * (value + expression[k]!) + [0.02, -0.05, 0.08][k % 3]!,
    );
    expectNumbers(numbers, placed);
  });

  // Fails for: a wrong point, axis, sign or amount, a slider that is not linear, one side taken for the other.
  it.each(
    Object.entries(SLIDERS).flatMap(([name, [above, below]]) => [
      { name, slider: 0.8, changes: above },
      { name, slider: -0.6, changes: below },
    ]),
  )('live_portrait_generator: $name at $slider', async ({ name, slider, changes }) => {
    const { numbers } = await run({ options: { [`faceEditor${name}`]: slider } });
    expectNumbers(numbers, limit(changed(changes, slider)));
  });

  // Fails for: sliders that overwrite each other, limits before the sliders, or none.
  it('live_portrait_generator: sliders add up, then limits', async () => {
    const options = { faceEditorMouthGrim: 0.5, faceEditorMouthPurse: 1, faceEditorMouthSmile: -0.5 };
    const parts = [
      changed(SLIDERS.MouthGrim![0], 0.5),
      changed(SLIDERS.MouthPurse![0], 1),
      changed(SLIDERS.MouthSmile![1], -0.5),
    ];
    const sum = zeros(63).map((_, k) => parts.reduce((total, part) => total + part[k]!, 0));
    expectNumbers((await run({ options })).numbers, limit(sum));
  });

  // Fails for: a limit of another point, minimum and maximum exchanged, the unedited points limited as well.
  it.each([1, -1])('live_portrait_generator: limits of an expression at %i', async (sign) => {
    const expression = zeros(63).map(() => 0.3 * sign);
    const limits = sign > 0 ? EXPRESSION_MAXIMUM : EXPRESSION_MINIMUM;
    expectNumbers((await run({ shown: 'source', motion: { expression } })).numbers, limits);
    expectNumbers((await run({ shown: 'target', motion: { expression } })).numbers, expression);
  });

  // Fails for: a wrong sign or amount of an angle, a limit that is not widened to where the head was, or is on both sides.
  it.each([
    { was: [10, -20, 5], sliders: [0.5, 0.5, -0.5], now: [0, -50, -2.5] },
    { was: [-15, -30, 12], sliders: [1, 1, 1], now: [-30, -60, 20] },
    { was: [35, 70, -25], sliders: [-1, -1, -1], now: [35, 70, -25] },
    { was: [35, 70, -25], sliders: [1, 1, 1], now: [15, 10, -10] },
  ] as const)('live_portrait_generator: head at $was turned by $sliders', async ({ was, sliders, now }) => {
    const points = spread(0.3, 3);
    const motion = { pitch: was[0], yaw: was[1], roll: was[2], points };
    const options = {
      ...{ faceEditorHeadPitch: sliders[0], faceEditorHeadYaw: sliders[1], faceEditorHeadRoll: sliders[2] },
    };
    expectNumbers((await run({ shown: 'source', motion, options })).numbers, turned(points, [...now]));
    expectNumbers((await run({ shown: 'target', motion, options })).numbers, turned(points, [...was]));
  });

  const landmarks68 = new Float32Array(136);
  const put = (point: number, x: number, y: number): void => landmarks68.set([x, y], point * 2);
  for (const [point, x, y] of [
    ...[
      [36, 200, 250],
      [39, 240, 250],
      [37, 215, 245],
      [40, 215, 257],
    ],
    ...[
      [42, 290, 250],
      [45, 340, 250],
      [43, 310, 246],
      [46, 310, 256],
    ],
    ...[
      [48, 230, 350],
      [54, 310, 350],
      [62, 270, 346],
      [66, 270, 366],
    ],
  ] as [number, number, number][])
    put(point, x, y);
  const RATIOS = { left: 12 / 40, right: 10 / 50, lips: 20 / 80 };

  // Fails for: ratios of the wrong eye or points, an order of the input, edited points for unedited, another target for
  // closed or open, a share that is not the slider's size, a delta that is scaled or limited.
  it.each([0.8, -0.5, 0])('live_portrait_eye_retargeter: eyes at %f', async (slider) => {
    const points = spread(0.2, 4);
    const weights = (from: number, to: number): number => {
      if (from < 63) return from === to ? 0.1 : 0;
      return [0.3, -0.2, 0.1][from - 63]! * (to % 3 === from - 63 ? 1 : 0);
    };
    const { numbers } = await run({
      ...{ landmarks68, motion: { points, scale: 1.3 }, files: { eye_retargeter: retargetOnnx(66, weights) } },
      options: { faceEditorEyeOpenRatio: slider, faceEditorMouthSmile: 0 },
    });
    const asked = [0.3 * RATIOS.left, -0.2 * RATIOS.right, 0.1 * (slider < 0 ? 0 : 0.6)];
    const expected = points.map((value, k) => (value * 1.3 * 0.1 + asked[k % 3]!) * Math.abs(slider));
    expectNumbers(numbers, expected);
  });

  // Fails for: as above.
  it.each([0.8, -0.5, 0])('live_portrait_lip_retargeter: lips at %f', async (slider) => {
    const points = spread(0.2, 5);
    const weights = (from: number, to: number): number => {
      if (from < 63) return from === to ? 0.1 : 0;
      return [0.4, 0.1][from - 63]! * (to % 3 === from - 63 ? 1 : 0);
    };
    const { numbers } = await run({
      ...{ landmarks68, motion: { points }, files: { lip_retargeter: retargetOnnx(65, weights) } },
      options: { faceEditorLipOpenRatio: slider },
    });
    const asked = [0.4 * RATIOS.lips, 0.1 * (slider < 0 ? 0 : 1), 0];
    expectNumbers(
      numbers,
      points.map((value, k) => (value * 0.1 + asked[k % 3]!) * Math.abs(slider)),
    );
  });

  // Fails for: source and target exchanged, no stitching, stitched points as the generator's target.
  it('live_portrait_stitcher: edited points and those that were', async () => {
    const points = spread(0.2, 6);
    const options = { faceEditorMouthPositionHorizontal: 0.5 };
    const files = { stitcher: stitchOnnx(0.5, 0.25) };
    const edit = limit(changed(SLIDERS.MouthPositionHorizontal![0], 0.5));
    const { numbers } = await run({ shown: 'source', motion: { points }, options, files });
    expectNumbers(
      numbers,
      points.map((value, k) => 0.5 * (value + edit[k]!) + 0.25 * value),
    );
    const { numbers: target } = await run({ shown: 'target', motion: { points }, options, files });
    expectNumbers(target, points);
  });

  const AREAS = {
    'upper-face': [1, 2, 6, 10, 11, 12, 13, 15, 16],
    'lower-face': [3, 7, 14, 17, 18, 19, 20],
  } as const;

  // Fails for: a factor up to 1, the pose of the original, the original for the working frame, a point in the wrong area,
  // no limits.
  it.each([
    { percent: 0, areas: ['upper-face', 'lower-face'] as const },
    { percent: 50, areas: ['upper-face', 'lower-face'] as const },
    { percent: 100, areas: ['upper-face', 'lower-face'] as const },
    { percent: 100, areas: ['upper-face'] as const },
    { percent: 80, areas: ['lower-face'] as const },
  ])('live_portrait_generator: expression of the original, $percent percent of $areas', async ({ percent, areas }) => {
    const { numbers } = await run({
      restore: true,
      motion: { fromPicture: true, expression: EXPRESSION_MAXIMUM },
      ...{ target: plain(51, 80, 90), original: plain(204, 10, 10) },
      options: { expressionRestorerFactor: percent, expressionRestorerAreas: areas },
    });
    const factor = (percent / 100) * 1.2;
    const points: readonly number[] = areas.flatMap((area) => AREAS[area]);
    const wanted = EXPRESSION_MAXIMUM.map((most, k) => {
      if (!points.includes(Math.floor(k / 3))) return 0;
      return Math.min(most, most * (0.8 * factor + 0.2 * (1 - factor))) - 0.2 * most;
    });
    expectNumbers(numbers, wanted);
  });

  // Fails for: a black face where a model gives no picture or no points.
  it.each(['motion_extractor', 'generator', 'stitcher'])(
    'live_portrait_%s: no numbers leave the face alone',
    async (part) => {
      const files = {
        motion_extractor: { motion_extractor: motionOnnx({ expression: zeros(63).map(() => Number.NaN) }) },
        generator: { feature_extractor: nanFeatures() },
        stitcher: { stitcher: stitchOnnx(Number.POSITIVE_INFINITY) },
      }[part];
      const { picture, outcome } = await run(files ? { files } : {});
      expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
      expect(Buffer.compare(picture.data, grey.data)).toBe(0);
    },
  );
});
