/** Every published frame enhancer, and what is built in, on graphs and pictures whose answer is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { openEsrgan } from '../../src/engine/enhance/esrgan.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { FRAME_ENHANCERS } from '../../src/engine/models/catalogue/frame-enhancers.ts';
import { frameEnhancer } from '../../src/engine/processors/frame-enhancer.ts';
import type { WholePicture } from '../../src/engine/processors/processor.ts';
import { pictureOf } from '../helpers/aligned-face.ts';
import { readSamplePhoto } from '../helpers/sample-media.ts';
import { type TinyUserModel, writeUserModels } from '../helpers/user-model-folder.ts';

const SMALL = [128, 8, 4] as const;
const LARGE = [256, 16, 8] as const;
/** Tile, border, overlap and factor, once more. */
const EXPECTED: Readonly<Record<string, readonly [tile: readonly [number, number, number], scale: number]>> = {
  clear_reality_x4: [SMALL, 4],
  face_dat_x4: [SMALL, 4],
  nomos8k_sc_x4: [SMALL, 4],
  real_esrgan_x2: [LARGE, 2],
  real_esrgan_x2_fp16: [LARGE, 2],
  real_esrgan_x4: [LARGE, 4],
  real_esrgan_x4_fp16: [LARGE, 4],
  real_esrgan_x8: [LARGE, 8],
  real_esrgan_x8_fp16: [LARGE, 8],
  real_hatgan_x4: [LARGE, 4],
  real_web_photo_x4: [[64, 4, 2], 4],
  realistic_rescaler_x4: [SMALL, 4],
  remacri_x4: [SMALL, 4],
  siax_x4: [SMALL, 4],
  span_kendata_x4: [SMALL, 4],
  swin2_sr_x4: [SMALL, 4],
  tghq_face_x8: [SMALL, 8],
  ultra_sharp_x4: [SMALL, 4],
  ultra_sharp_2_x4: [[1024, 64, 32], 4],
};
const ENTRIES = FRAME_ENHANCERS.map(({ id }) => id);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-enlargers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Repeats each pixel, after `paint`. */
function enlargerOnnx(id: string, paint: (graph: OnnxGraph, picture: TensorName) => TensorName): Uint8Array {
  const [[size], scale] = EXPECTED[id]!;
  const graph = new OnnxGraph();
  const painted = paint(graph, graph.input('input', [1, 3, size, size]));
  const sizes = graph.float32([1, 1, scale, scale]);
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const large = graph.node('Resize', [painted, '', sizes], attributes);
  graph.output('output', large, [1, 3, size * scale, size * scale]);
  return graph.toBytes();
}

async function enlarge(models: readonly TinyUserModel[], picture: WholePicture, options: object) {
  const userFolder = await writeUserModels(await mkdtemp(join(root, 'models-')), models);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  await using processor = await frameEnhancer.create({
    ...{ store, sources: [], logger: silentLogger },
    options: parseProcessOptions({
      ...{ targetPath: 'b', outputPath: 'c', processors: ['frame_enhancer'], frameEnhancerBlend: 100, ...options },
    }),
  });
  const outcome = await processor.processFrame(picture, [], { frameIndex: 0, timeSeconds: 0, isStill: true });
  return { outcome, notes: processor.notes, scale: processor.scale };
}

/** No two pixels near each other are alike, so that a tile at a wrong place shows. */
const pattern = (width: number, height: number): RgbImage =>
  pictureOf(width, height, (x, y, channel) => (x * 7 + y * 13 + channel * 50 + ((x * y) % 11) * 5) % 256);

function worst(large: RgbImage, picture: RgbImage, scale: number, gain: readonly number[] = [1, 1, 1]): number {
  let largest = 0;
  for (let y = 0; y < large.height; y++) {
    for (let x = 0; x < large.width; x++) {
      const from = (Math.floor(y / scale) * picture.width + Math.floor(x / scale)) * 3;
      const to = (y * large.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const expected = picture.data[from + channel]! * gain[channel]!;
        largest = Math.max(largest, Math.abs(large.data[to + channel]! - expected));
      }
    }
  }
  return largest;
}

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of frame enhancers', () => {
  // Fails for: BGR, another range, tiles of another size, a tile at a wrong place.
  it.each(ENTRIES)('%s: colours, and tiles of pictures of any size', async (id) => {
    const [[size, , overlap], scale] = EXPECTED[id]!;
    const gain = [1, 0.5, 0.25];
    const bytes = enlargerOnnx(id, (graph, picture) => graph.node('Mul', [picture, graph.float32(gain, [1, 3, 1, 1])]));
    const step = size - 2 * overlap;
    // Smaller than a tile; and, of the small tiles, several and no multiple of the step.
    const sizes = size > 256 ? [[37, 21]] : [[37, 21], [step + 3, 30], ...(scale < 8 ? [[20, 2 * step]] : [])];
    for (const [width, height] of sizes) {
      const picture = pattern(width!, height!);
      const { outcome } = await enlarge([{ id, bytes }], picture, { frameEnhancerModel: id });
      if (outcome.kind !== 'changed') throw new Error('Expected a picture.');
      expect([outcome.picture.width, outcome.picture.height]).toEqual([width! * scale, height! * scale]);
      expect(worst(outcome.picture, picture, scale, gain)).toBeLessThanOrEqual(1);
    }
  });

  // Fails for: another step, border or overlap, which a model that looks at single pixels does not show.
  it.each(ENTRIES)('%s: each pixel comes from the place in a tile that the contract names', async (id) => {
    const [[size, pad, overlap], scale] = EXPECTED[id]!;
    const ramp = (x: number, y: number): number => (x * 7 + y * 3) % 256;
    const places = Float32Array.from({ length: size * size }, (_, at) => ramp(at % size, Math.floor(at / size)) / 255);
    const bytes = enlargerOnnx(id, (graph, picture) =>
      graph.node('Add', [graph.node('Mul', [picture, graph.scalar(0)]), graph.float32(places, [1, 1, size, size])]),
    );
    const step = size - 2 * overlap;
    const { outcome } = await enlarge([{ id, bytes }], pattern(size > 128 ? 37 : step + 3, 21), {
      frameEnhancerModel: id,
    });
    if (outcome.kind !== 'changed') throw new Error('Expected a picture.');
    const { data, width, height } = outcome.picture;
    const inTile = (at: number): number => ((Math.floor(at / scale) + pad) % step) + overlap;
    let largest = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        largest = Math.max(largest, Math.abs(data[(y * width + x) * 3]! - ramp(inTile(x), inTile(y))));
      }
    }
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('blends with the picture enlarged plainly, takes alpha along and says that the size will not stay', async () => {
    const id = 'real_web_photo_x4';
    const bytes = enlargerOnnx(id, (graph, picture) => graph.node('Mul', [picture, graph.scalar(0)]));
    const grey = pictureOf(9, 8, () => 200);
    const alpha = Uint8Array.from({ length: 72 }, (_, at) => (at % 9 < 4 ? 0 : 255));
    const { outcome, notes, scale } = await enlarge(
      [{ id, bytes }],
      { ...grey, alpha },
      {
        ...{ frameEnhancerModel: id, frameEnhancerBlend: 25 },
      },
    );
    if (outcome.kind !== 'changed') throw new Error('Expected a picture.');
    expect(new Set(outcome.picture.data)).toEqual(new Set([150]));
    expect([outcome.picture.alpha![0], outcome.picture.alpha![35]]).toEqual([0, 255]);
    expect(notes.map(({ code }) => code)).toEqual(['enhanced-then-scaled']);
    expect(scale).toBe(4);
    const wide = await enlarge([{ id, bytes }], grey, { frameEnhancerModel: id, outputImageScale: 4 });
    expect(wide.notes).toEqual([]);
  });

  it('leaves a frame alone whose picture is none', async () => {
    const id = 'real_web_photo_x4';
    const bytes = enlargerOnnx(id, (graph, picture) =>
      graph.node('Log', [graph.node('Sub', [picture, graph.scalar(2)])]),
    );
    const { outcome } = await enlarge([{ id, bytes }], pattern(9, 8), { frameEnhancerModel: id });
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
  });
});

describe('what is built in', () => {
  it.each(['esrgan_x2', 'esrgan_x3', 'esrgan_x4', 'esrgan_x8'])('%s shows no seam between tiles', async (model) => {
    const photo = await readSamplePhoto(1, 220);
    const { outcome, scale } = await enlarge([], photo, { frameEnhancerModel: model });
    if (outcome.kind !== 'changed') throw new Error('Expected a picture.');
    await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
    const whole = await (await openEsrgan(store, scale as 2 | 3 | 4 | 8))(photo);
    let [largest, sum] = [0, 0];
    // The border of the picture is mirrored for tiles, which a whole picture is not.
    const edge = 32 * scale;
    const { width, height } = outcome.picture;
    let count = 0;
    for (let y = edge; y < height - edge; y++) {
      for (let at = (y * width + edge) * 3; at < (y * width + width - edge) * 3; at++) {
        const difference = Math.abs(outcome.picture.data[at]! - whole!.data[at]!);
        largest = Math.max(largest, difference);
        sum += difference;
        count++;
      }
    }
    expect(largest).toBeLessThanOrEqual(1);
    expect(sum / count).toBeLessThan(0.01);
  });
});
