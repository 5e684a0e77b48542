/** What the built-in enhancers make of photos: against pictures that were looked at, and what may never happen to a face. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { softnessOf } from '../../src/engine/enhance/add-detail.ts';
import { createFaceAnalyser } from '../../src/engine/faces/analyse.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { resizeArea, resizeBilinear } from '../../src/engine/frames/resize-image.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { faceEnhancer } from '../../src/engine/processors/face-enhancer.ts';
import { frameEnhancer } from '../../src/engine/processors/frame-enhancer.ts';
import { psnr } from '../../src/evaluate/metrics/psnr.ts';
import { ssim } from '../../src/evaluate/metrics/ssim.ts';
import { openFrameProcessor } from '../helpers/frame-processors.ts';
import { expectGolden } from '../helpers/golden.ts';
import { runFaceModel } from '../helpers/run-face-model.ts';
import { readSamplePhoto } from '../helpers/sample-media.ts';

let root: string;
/** One face of a sharp photo with its surroundings. */
let sharpFace: RgbImage;
/** The same, as if it had been filmed from far away. */
let softFace: RgbImage;
let face: Face;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-embedded-'));
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const photo = await readSamplePhoto(6);
  const [first] = [...(await analyser.analyse(photo, {}))].sort((a, b) => a.box.x0 - b.box.x0);
  const { x0, y0, x1, y1 } = first!.box;
  const [dx, dy] = [(x1 - x0) * 0.5, (y1 - y0) * 0.5];
  sharpFace = crop(photo, Math.max(0, x0 - dx), Math.max(0, y0 - dy), x1 + dx, y1 + dy);
  const { width, height } = sharpFace;
  const small = resizeArea(sharpFace, Math.round(width * 0.3), Math.round(height * 0.3));
  softFace = resizeBilinear(small, width, height);
  face = (await analyser.analyse(sharpFace, {}))[0]!;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function crop(image: RgbImage, left: number, top: number, right: number, bottom: number): RgbImage {
  const [x0, y0] = [Math.round(left), Math.round(top)];
  const width = Math.min(image.width, Math.round(right)) - x0;
  const height = Math.min(image.height, Math.round(bottom)) - y0;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y0 + y) * image.width + x0) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { data, width, height };
}

async function enhance(target: RgbImage, faceEnhancerBlend = 100): Promise<RgbImage> {
  const { results, outcomes } = await runFaceModel({
    ...{ processor: faceEnhancer, models: [], root, target, face },
    options: { processors: ['face_enhancer'], faceEnhancerModel: 'esrgan', faceEnhancerBlend, faceMaskBlur: 0.3 },
  });
  expect(outcomes).toEqual([{ kind: 'changed' }]);
  return results[0]!;
}

async function enlarge(picture: RgbImage, frameEnhancerModel: string): Promise<RgbImage> {
  await using opened = await openFrameProcessor(frameEnhancer, { frameEnhancerModel });
  const time = { frameIndex: 0, timeSeconds: 0, isStill: true };
  const outcome = await opened.processor.processFrame(picture, [], time);
  if (outcome.kind !== 'changed') throw new Error(`Expected a change, received ${outcome.reason}.`);
  return outcome.picture;
}

const meanOf = ({ data }: RgbImage, channel: number): number => {
  let sum = 0;
  for (let at = channel; at < data.length; at += 3) sum += data[at]!;
  return (sum * 3) / data.length;
};

describe('face_enhancer with what is built in', () => {
  it('gives the golden picture of a soft face', async () => {
    await expectGolden(await enhance(softFace), 'face-enhancer-esrgan', 48);
  });

  it('makes a soft face sharper, without a change of colour', async () => {
    const result = await enhance(softFace);
    expect(softnessOf(result)).toBeLessThan(softnessOf(softFace) * 0.9);
    for (const channel of [0, 1, 2]) {
      expect(Math.abs(meanOf(result, channel) - meanOf(softFace, channel))).toBeLessThan(0.5);
    }
    // Detail that is made up looks sharper than it is true: the distance to the true face may hardly grow. Measured: 0.011.
    expect(ssim(result, sharpFace)).toBeGreaterThan(ssim(softFace, sharpFace) - 0.02);
  });

  it('does no harm to a sharp face', async () => {
    const result = await enhance(sharpFace);
    expect(ssim(result, sharpFace)).toBeGreaterThan(0.97);
    expect(psnr(result, sharpFace)).toBeGreaterThan(34);
    expect(softnessOf(result)).toBeLessThanOrEqual(softnessOf(sharpFace) + 0.01);
  });

  it('adds nothing where the blend is nothing', async () => {
    const result = await enhance(softFace, 0);
    expect(Buffer.compare(result.data, softFace.data)).toBe(0);
  });
});

describe('frame_enhancer with what is built in', () => {
  it.each(['esrgan_x2', 'esrgan_x4'])('gives the golden picture: %s', async (model) => {
    const small = await readSamplePhoto(3, 96);
    await expectGolden(await enlarge(small, model), `frame-enhancer-${model.replace('_', '-')}`, 48);
  });

  it('is nearer to the truth than a plain enlargement', async () => {
    const truth = await readSamplePhoto(3, 320);
    const small = resizeArea(truth, truth.width >> 1, truth.height >> 1);
    const large = await enlarge(small, 'esrgan_x2');
    const whole = crop(truth, 0, 0, large.width, large.height);
    const plain = resizeBilinear(small, large.width, large.height);
    expect(ssim(large, whole)).toBeGreaterThan(ssim(plain, whole));
  });
});
