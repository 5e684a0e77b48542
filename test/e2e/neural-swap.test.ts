/** A published swapper from end to end, as a file that the user has brought: here one that exchanges red and blue. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import { isAppError } from '../../src/core/errors.ts';
import { detectFaces } from '../../src/runner/detect-faces.ts';
import { planRun } from '../../src/runner/plan-run.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { LARGEST_MARK, largestDifference } from '../helpers/beyond-mark.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { readPhoto, samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const folder = createRunFolder();
const modelFolder = folder.at('models');
const target = folder.at('target.png');
const SOURCE = samplePhotoPath(1);

function inswapperOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const shape = [1, 3, 128, 128];
  graph.input('source', [1, 512]);
  const target = graph.input('target', shape);
  graph.output('output', graph.node('Gather', [target, graph.int64([2, 1, 0])], { axis: 1 }), shape);
  graph.float32(new Float32Array(512 * 512).fill(0.01), [512, 512]);
  return graph.toBytes();
}

function arcfaceOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const flat = graph.node('Reshape', [graph.input('input', [1, 3, 112, 112]), graph.int64([1, -1])]);
  const some = graph.int64(Array.from({ length: 512 }, (_, i) => i * 70));
  graph.output('output', graph.node('Gather', [flat, some], { axis: 1 }), [1, 512]);
  return graph.toBytes();
}

beforeAll(async () => {
  await sharp(samplePhotoPath(4)).resize(900).png().toFile(target);
  await writeUserModels(modelFolder, [
    { id: 'inswapper_128', bytes: inswapperOnnx() },
    { id: 'arcface', bytes: arcfaceOnnx() },
    {
      id: 'custom/mine',
      like: 'inswapper_128',
      bytes: inswapperOnnx(),
      licence: { name: 'MIT', commercialUse: 'allowed' },
    },
  ]);
});
afterAll(() => folder.remove());

const options = (outputName: string) => ({
  sourcePaths: [SOURCE],
  targetPath: target,
  outputPath: folder.at(outputName),
  faceSelectorMode: 'many',
  faceSwapperModel: 'inswapper_128',
  modelFolder,
});

describe('a swapper of the user', () => {
  it('changes the faces of a photo, and the result names it and its licence', async () => {
    const result = await processImage({
      ...options('out.png'),
      licensePolicy: 'any',
      faceSwapperPixelBoost: '256x256',
    });
    expect(result).toMatchObject({ outcome: 'completed', frames: { changed: 1 } });
    for (const id of ['inswapper_128', 'arcface']) {
      expect(result.models).toContainEqual(expect.objectContaining({ id, commercialUse: false, unverified: true }));
    }
    const [before, after] = [await readPhoto(target), await readPhoto(result.outputPath)];
    const { faces } = await detectFaces(target);
    expect(faces).toHaveLength(4);
    for (const { box } of faces) {
      // The middle of the face.
      let worst = 0;
      const [x0, y0] = [Math.round((box.x0 + box.x1) / 2), Math.round((box.y0 + box.y1) / 2)];
      for (let y = y0 - 3; y <= y0 + 3; y++) {
        for (let x = x0 - 3; x <= x0 + 3; x++) {
          const p = (y * before.width + x) * 3;
          for (const [channel, other] of [
            [0, 2],
            [2, 0],
          ] as const) {
            worst = Math.max(worst, Math.abs(after.data[p + channel]! - before.data[p + other]!));
          }
        }
      }
      // Sampled twice, and marked.
      expect(worst).toBeLessThan(12 + LARGEST_MARK);
    }
    // A corner is nobody's face.
    const corner = largestDifference(after.data.subarray(0, 300), before.data);
    expect(corner).toBeLessThanOrEqual(LARGEST_MARK);
  });

  it('changes the face of a video', async () => {
    const call = { ...options('out.mp4'), targetPath: sampleVideoPath('cap12_edit'), trimFrameEnd: 12 };
    const result = await processVideo({ ...call, licensePolicy: 'any', faceSwapperWeight: 0.2 });
    expect(result).toMatchObject({ outcome: 'completed', frames: { total: 12, changed: 12 } });
  });

  it('may be one of their own, like a published one', async () => {
    const call = { ...options('mine.png'), faceSwapperModel: 'custom/mine' };
    const result = await processImage({ ...call, licensePolicy: 'any' });
    expect(result.frames.changed).toBe(1);
    expect(result.models).toContainEqual(expect.objectContaining({ id: 'custom/mine', commercialUse: true }));
    // Its own licence allows to sell what it makes; that of the recogniser, which it needs as well, does not.
    await expect(processImage({ ...call, outputPath: folder.at('sold.png') })).rejects.toMatchObject({
      code: 'LICENSE_FORBIDS_COMMERCIAL_USE',
      message: expect.stringContaining('arcface'),
    });
  });

  it('is refused where its licence forbids to sell what it makes', async () => {
    const error: unknown = await processImage(options('refused.png')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LICENSE_FORBIDS_COMMERCIAL_USE', exitCode: 8 });
    expect(isAppError(error) && error.message).toMatch(/inswapper_128|arcface/);
    expect(folder.list()).not.toContain('refused.png');
  });

  it('must have been added, with what it needs', async () => {
    const call = { ...options('x.png'), licensePolicy: 'any' };
    await expect(processImage({ ...call, faceSwapperModel: 'ghost_1_256' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining('facefusion models add ghost_1_256'),
    });
    const withoutRecogniser = await writeUserModels(folder.at('half'), [
      { id: 'inswapper_128', bytes: inswapperOnnx() },
    ]);
    await expect(processImage({ ...call, modelFolder: withoutRecogniser })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining('facefusion models add arcface'),
    });
  });

  it('takes no pixel boost that is no multiple of its size', async () => {
    const call = { ...options('x.png'), licensePolicy: 'any', faceSwapperPixelBoost: '200x200' };
    // Before anything is loaded: a plan says so too.
    for (const attempt of [processImage, planRun]) {
      await expect(attempt(call)).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('256x256'),
      });
    }
    expect(folder.list()).not.toContain('x.png');
  });
});
