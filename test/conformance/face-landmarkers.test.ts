/** Every published landmarker on graphs whose points are known and whose score is a pixel of their input. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { landmarks68Of } from '../../src/engine/faces/landmarks.ts';
import { type KnownFace, openPublishedLandmarker } from '../../src/engine/faces/published/published-landmarker.ts';
import { createFaceTracker } from '../../src/engine/faces/track.ts';
import { WARP_TEMPLATES } from '../../src/engine/frames/warp-templates.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import { FACE_LANDMARKERS } from '../../src/engine/models/catalogue/face-landmarkers.ts';
import { processImage } from '../../src/runner/process.ts';
import { pictureOf } from '../helpers/aligned-face.ts';
import { LARGEST_MARK, largestDifference } from '../helpers/beyond-mark.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { readSampleFrames, samplePhotoPath } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const EXPECTED: Readonly<Record<string, 'heat' | 'points' | 'lift'>> = {
  '2dfan4': 'heat',
  peppa_wutz: 'points',
  fan_68_5: 'lift',
};
const ENTRIES = FACE_LANDMARKERS.map(({ id }) => id);
const LOOKING = ENTRIES.filter((id) => EXPECTED[id] !== 'lift');
const SIZE = 256;
/** Pixel of the model's input whose blue is its score. */
const [PX, PY] = [40, 70];
/** Where the models put all points but for the first, in their input. */
const [U, V] = [80, 48];

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-landmarkers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** @param sure what its score is multiplied with */
function landmarkerOnnx(id: string, sure = 1): Uint8Array {
  const graph = new OnnxGraph();
  if (EXPECTED[id] === 'lift') {
    const which = graph.int64(Array.from({ length: 68 }, (_, at) => at % 5));
    const points = graph.node('Gather', [graph.input('input', [1, 5, 2]), which], { axis: 1 });
    graph.output('landmarks', graph.node('Add', [points, graph.float32([0.1, 0], [1, 1, 2])]), [1, 68, 2]);
    return graph.toBytes();
  }
  const input = graph.input('input', [1, 3, SIZE, SIZE]);
  const blue = graph.node('Reshape', [
    graph.node('Slice', [input, graph.int64([0, PY, PX]), graph.int64([1, PY + 1, PX + 1]), graph.int64([1, 2, 3])]),
    graph.int64([1]),
  ]);
  const score = graph.node('Mul', [blue, graph.scalar(sure)]);
  const triples = new Float32Array(204);
  const thirds = new Float32Array(204);
  for (let at = 0; at < 68; at++) {
    triples.set(at === 0 ? [0, 0, 0] : [U / 4, V / 4, 0], at * 3);
    thirds[at * 3 + 2] = 1;
  }
  const withScores = (shape: readonly number[]): TensorName =>
    graph.node('Add', [graph.float32(triples, shape), graph.node('Mul', [graph.float32(thirds, shape), score])]);
  if (EXPECTED[id] === 'points') {
    graph.output('landmarks', withScores([1, 204]), [1, 204]);
    return graph.toBytes();
  }
  // In each map one place is as high as the score, and all others are half of it.
  const map = new Float32Array(64 * 64).fill(0.5);
  map[777] = 1;
  const maps = graph.node('Mul', [
    graph.float32(
      Float32Array.from({ length: 68 * 64 * 64 }, (_, at) => map[at % 4096]!),
      [1, 68, 64, 64],
    ),
    score,
  ]);
  graph.output('landmarks', withScores([1, 68, 3]), [1, 68, 3]);
  graph.output('heatmaps', maps, [1, 68, 64, 64]);
  return graph.toBytes();
}

async function openStore(models: Readonly<Record<string, Uint8Array>>): Promise<ModelStore> {
  const list = Object.entries(models).map(([id, bytes]) => ({ id, bytes }));
  return openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, licensePolicy: 'any' },
    userFolder: await writeUserModels(await mkdtemp(join(root, 'models-')), list),
  });
}

/** A face of 195 pixels, so that one pixel of the picture is one of the crop, which begins at (22, 12). */
const _CROP = { x: 22, y: 12 };
const box = { x0: 52, y0: 42, x1: 248, y1: 238 };
/** The jaw runs in this direction. */
const faceTowards = (dx: number, dy: number): KnownFace => {
  const landmarks68 = new Float32Array(136);
  landmarks68.set([dx * 100, dy * 100], 32);
  const landmarks5 = Float32Array.from(WARP_TEMPLATES.ffhq_512, (value) => value * 200 + 30);
  return { box: { ...box, x1: box.x0 + 195, y1: box.y0 + 195 }, landmarks5, landmarks68 };
};
/** Grey but for one pixel, whose blue is given. */
const pictureWith = (x: number, y: number, blue: number, grey = 128): RgbImage =>
  pictureOf(320, 300, (px, py, channel) => (px === x && py === y ? [10, 90, blue][channel]! : grey));
const AT: readonly [number, number] = [21.5 + PX, 11.5 + PY];
/** (256 - 299) / 2 is no whole number: the crop lies half a pixel off, so a square of pixels holds the score. */
const scored = (blue: number): RgbImage =>
  pictureOf(320, 300, (x, y, channel) => {
    const isNear = Math.abs(x - AT[0]) < 1 && Math.abs(y - AT[1]) < 1;
    return isNear ? [10, 90, blue][channel]! : 128;
  });

async function find(
  models: Readonly<Record<string, Uint8Array>>,
  picture: RgbImage,
  minimumScore: number,
  face = faceTowards(1, 0),
) {
  await using store = await openStore(models);
  const landmarker = await openPublishedLandmarker(store, { models: Object.keys(models), minimumScore });
  return await landmarker.find(picture, face);
}

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of face landmarkers', () => {
  const SURE: Readonly<Record<string, number>> = { heat: 0.9, points: 0.95 };

  // Fails for: RGB, another range or place of the crop, a score that is not divided, another map than the highest.
  it.each(LOOKING)('%s: crop, order of colours, range and score', async (id) => {
    const models = { [id]: landmarkerOnnx(id) };
    const score = 153 / 255 / SURE[EXPECTED[id]!]!;
    expect(await find(models, scored(153), score - 0.003)).toBeDefined();
    expect(await find(models, scored(153), score + 0.003)).toBeUndefined();
  });

  it.each(LOOKING)('%s: points come back into the picture', async (id) => {
    const points = await find({ [id]: landmarkerOnnx(id) }, scored(255), 0.5);
    expect(points).toHaveLength(136);
    expect([...points!.subarray(0, 4)]).toEqual([21.5, 11.5, 21.5 + U, 11.5 + V].map((v) => expect.closeTo(v, 3)));
  });

  // Turned by 90 degrees, a point (x, y) of the crop lies at (y, 256 - x), and back.
  it.each(LOOKING)('%s: a face that lies is turned upright', async (id) => {
    const lying = faceTowards(0, 1);
    const near = (x: number, y: number): boolean =>
      Math.abs(x - (21.5 + 256 - PY)) < 1 && Math.abs(y - (11.5 + PX)) < 1;
    const picture = pictureOf(320, 300, (x, y, channel) => (near(x, y) ? [10, 90, 255][channel]! : 128));
    const points = await find({ [id]: landmarkerOnnx(id) }, picture, 0.9, lying);
    expect([...points!.subarray(2, 4)]).toEqual([21.5 + 256 - V, 11.5 + U].map((v) => expect.closeTo(v, 3)));
    expect(await find({ [id]: landmarkerOnnx(id) }, picture, 0.9, faceTowards(1, 0))).toBeUndefined();
  });

  it.each(LOOKING)('%s: numbers that are none are no landmarks', async (id) => {
    expect(await find({ [id]: landmarkerOnnx(id, Number.NaN) }, scored(255), 0)).toBeUndefined();
  });

  it.each(ENTRIES.filter((id) => EXPECTED[id] === 'lift'))('%s: five points become 68', async (id) => {
    const points = await find({ [id]: landmarkerOnnx(id) }, pictureWith(0, 0, 0), 0.5);
    const { landmarks5 } = faceTowards(1, 0);
    for (let at = 0; at < 68; at++) {
      expect(points![at * 2]).toBeCloseTo(landmarks5[(at % 5) * 2]! + 0.1 * 200, 2);
      expect(points![at * 2 + 1]).toBeCloseTo(landmarks5[(at % 5) * 2 + 1]!, 2);
    }
  });

  it('many: the second counts only where it is surer by a fifth', async () => {
    const with2dfan = (sure: number) =>
      find({ '2dfan4': landmarkerOnnx('2dfan4', sure), peppa_wutz: other }, scored(180), 0);
    const other = elsewhere();
    // 180 / 255 / 0.95 is 0.743: more than 0.2 above 0.5 * 180 / 255 / 0.9 = 0.392, less above 0.75 * ...
    expect((await with2dfan(0.5))![2]).toBeCloseTo(21.5 + 200, 3);
    expect((await with2dfan(0.75))![2]).toBeCloseTo(21.5 + U, 3);
  });

  /** peppa_wutz with its points at 200. */
  function elsewhere(): Uint8Array {
    const graph = new OnnxGraph();
    const input = graph.input('input', [1, 3, SIZE, SIZE]);
    const blue = graph.node('Reshape', [
      graph.node('Slice', [input, graph.int64([0, PY, PX]), graph.int64([1, PY + 1, PX + 1]), graph.int64([1, 2, 3])]),
      graph.int64([1]),
    ]);
    const points = new Float32Array(204).map((_, at) => (at % 3 === 2 ? 0 : 50));
    const thirds = new Float32Array(204).map((_, at) => (at % 3 === 2 ? 1 : 0));
    const scores = graph.node('Mul', [graph.float32(thirds, [1, 204]), blue]);
    graph.output('landmarks', graph.node('Add', [graph.float32(points, [1, 204]), scores]), [1, 204]);
    return graph.toBytes();
  }
});

describe('landmarkers in a run', () => {
  it('move landmarks of a video with the mesh, steadily, and from a saved state alike', async () => {
    await using store = await openStore({ fan_68_5: landmarkerOnnx('fan_68_5') });
    const landmarker = { models: ['fan_68_5'], minimumScore: 0.5 };
    const frames = readSampleFrames('cap12_edit', 4, 8);
    const tracker = await createFaceTracker(store, { minimumScore: 0.5, landmarker });
    const plain = await createFaceTracker(store, { minimumScore: 0.5 });
    let saved: unknown;
    const seen = [];
    for (const [at, frame] of frames.entries()) {
      if (at === 4) saved = structuredClone(tracker.save());
      const [face] = await tracker.update(frame, at / 25);
      const [bare] = await plain.update(frame, at / 25);
      expect(bare!.landmarkOffsets).toBeUndefined();
      expect(face!.mesh).toEqual(bare!.mesh);
      expect(face!.landmarkOffsets).toHaveLength(136);
      // Of the left corner of the mouth, which is point 48 and here the fourth of five moved by a tenth of a face.
      const eyes = landmarks68Of(face!.mesh);
      const width = Math.hypot(eyes[90]! - eyes[72]!, eyes[91]! - eyes[73]!);
      expect(face!.landmarkOffsets![(48 + 5) * 2]! / width).toBeLessThan(1);
      seen.push(face!.landmarkOffsets);
    }
    const again = await createFaceTracker(store, { minimumScore: 0.5, landmarker });
    again.restore(saved);
    for (let at = 4; at < 8; at++) {
      expect((await again.update(frames[at]!, at / 25))[0]!.landmarkOffsets).toEqual(seen[at]);
    }
  });

  it('show in what a processor of aligned crops does, and a low score leaves the mesh its word', async () => {
    const folder = createRunFolder();
    try {
      const target = folder.at('target.png');
      await sharp(samplePhotoPath(4)).resize(600).png().toFile(target);
      const modelFolder = folder.at('models');
      await writeUserModels(modelFolder, [{ id: 'peppa_wutz', bytes: landmarkerOnnx('peppa_wutz') }]);
      const run = async (name: string, options: object): Promise<Buffer> => {
        const outputPath = folder.at(name);
        await processImage({
          ...{ targetPath: target, outputPath, modelFolder, licensePolicy: 'any', faceSelectorMode: 'many' },
          ...{ processors: ['face_debugger'], faceDebuggerItems: ['face-landmark-68'], ...options },
        });
        return sharp(outputPath).removeAlpha().raw().toBuffer();
      };
      const mesh = await run('mesh.png', {});
      const own = await run('own.png', { faceLandmarkerModel: 'peppa_wutz', faceLandmarkerScore: 0 });
      const unsure = await run('unsure.png', { faceLandmarkerModel: 'peppa_wutz', faceLandmarkerScore: 1 });
      // Each run has a mark of its own.
      expect(largestDifference(unsure, mesh)).toBeLessThanOrEqual(2 * LARGEST_MARK);
      expect(largestDifference(own, mesh)).toBeGreaterThan(50);
    } finally {
      folder.remove();
    }
  });
});
