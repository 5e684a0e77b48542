/** Converted networks give the numbers of the runtime they came from, to a thousandth of the range of the output. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import { loadOriginalFaceApi, type RunFaceApi } from '../helpers/original-face-api.ts';

// Keeps TensorFlow.js from advertising its native backend.
tf.env().set('IS_TEST', true);

let store: ModelStore;

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

/** Something like a picture: waves of several lengths under noise; 0..255, always the same. */
function pictureLike(width: number, height: number): Float32Array {
  const pixels = new Float32Array(width * height * 3);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    const wave = Math.sin(x / 9 + (i % 3)) + Math.cos(y / 14);
    pixels[i] = Math.min(255, Math.max(0, Math.round(128 + 50 * wave + (state / 2 ** 32 - 0.5) * 40)));
  }
  return pixels;
}

async function runConverted(id: string, data: Float32Array, dims: readonly number[]) {
  const session = await store.session(id);
  return session.run({ input: { data, dims } });
}

function expectAlike(converted: Float32Array, original: Float32Array): void {
  expect(converted.length).toBe(original.length);
  const range = Math.max(...original) - Math.min(...original) || Math.abs(original[0]);
  expect(range).toBeGreaterThan(0);
  const error = Math.max(...original.map((value, i) => Math.abs(value - converted[i])));
  expect(error / range).toBeLessThan(1e-3);
}

describe('face-api', () => {
  let runOriginal: RunFaceApi;

  beforeAll(async () => {
    runOriginal = await loadOriginalFaceApi();
  });

  it.each([
    ['face_recognition', 'faceRecognitionNet', 'face_recognition_model', 150],
    ['age_gender', 'ageGenderNet', 'age_gender_model', 112],
    ['face_landmark_68', 'faceLandmark68Net', 'face_landmark_68_model', 112],
  ] as const)('%s', async (id, network, weights, size) => {
    const pixels = pictureLike(size, size);
    const converted = await runConverted(id, pixels, [1, size, size, 3]);
    const original = runOriginal(network, weights, pixels, size);
    expect(Object.keys(converted).sort()).toEqual(Object.keys(original).sort());
    for (const name in original) expectAlike(converted[name].data, original[name]);
  });
});

describe('TensorFlow.js', () => {
  const packages = new URL('../../node_modules/', import.meta.url);

  it('graph: nsfw_mobilenet_v2_mid', async () => {
    const require = createRequire(import.meta.url);
    // By path: the package does not export these files.
    const folder = fileURLToPath(new URL('nsfwjs/dist/models/mobilenet_v2_mid/', packages));
    const load = (file: string) => require(`${folder}${file}.min.js`);
    const { modelTopology, weightsManifest } = load('model');
    const shards = ['group1-shard1of2', 'group1-shard2of2'].map((file) => Buffer.from(load(file), 'base64'));
    const model = await loadGraphModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: new Uint8Array(Buffer.concat(shards)).buffer,
      }),
    );
    const pixels = pictureLike(224, 224).map((value) => value / 255);
    const original = model.predict(tf.tensor4d(pixels, [1, 224, 224, 3])) as tf.Tensor;
    const converted = await runConverted('nsfw_mobilenet_v2_mid', pixels, [1, 224, 224, 3]);
    expectAlike(converted.scores.data, original.dataSync<'float32'>());
  });

  it.each([2, 3, 4, 8])('layers: esrgan_slim_x%i', async (factor) => {
    const folder = new URL(`@upscalerjs/esrgan-slim/models/x${factor}/`, packages);
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(new URL('model.json', folder), 'utf8'));
    const model = await loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: new Uint8Array(readFileSync(new URL('group1-shard1of1.bin', folder))).buffer,
      }),
    );
    const [width, height] = [14, 10];
    const pixels = pictureLike(width, height);
    const original = model.predict(tf.tensor4d(pixels, [1, height, width, 3])) as tf.Tensor;
    const { output } = await runConverted(`esrgan_slim_x${factor}`, pixels, [1, height, width, 3]);
    expect(output.dims).toEqual([1, height * factor, width * factor, 3]);
    expect(original.shape).toEqual(output.dims);
    expectAlike(output.data, original.dataSync<'float32'>());
  });
});
