import { convertTfjsLayers } from '../convert-tfjs-layers.ts';
import type { OnnxRecipe } from '../recipe.ts';

function esrganRecipe(factor: number, hashes: { readonly weights: string; readonly model: string }): OnnxRecipe {
  const folder = `models/x${factor}`;
  return {
    id: `esrgan_slim_x${factor}`,
    kind: 'onnx',
    task: 'frame_enhancer',
    package: '@upscalerjs/esrgan-slim',
    source: { file: `${folder}/group1-shard1of1.bin`, sha256: hashes.weights },
    companions: [{ file: `${folder}/model.json`, sha256: hashes.model }],
    licence: {
      spdx: 'MIT',
      holder: 'Kevin Scott',
      tier: 'documented',
      basis:
        "published by UpscalerJS' author in a package of its own, under its licence; the training data is not listed",
    },
    contract: {
      inputs: [{ name: 'input', shape: [1, 'height', 'width', 3], meaning: 'RGB, 0..255; any size' }],
      outputs: [
        {
          name: 'output',
          from: 'SR',
          shape: [1, 'output_height', 'output_width', 3],
          meaning: `RGB, ${factor} times as large; may leave 0..255, so clamp it`,
        },
      ],
    },
    convert: ([weights, model], contract) => convertTfjsLayers(model, weights, contract),
  };
}

export const ESRGAN: readonly OnnxRecipe[] = [
  esrganRecipe(2, {
    weights: '5cb464ae4d390ce0a771afd5feaf60fbfcdb18ab48a56db98cdf6b88202369de',
    model: '8efb488c2caed0196a6163e3f06798f9245e92623ffd50654a26c372e09150ea',
  }),
  esrganRecipe(3, {
    weights: '9d344609abd1e29bd3924f9c4e9ffaa1aee6be7c3586bab0f52863597858a2ba',
    model: '642208758cf6c42a4f88745894b45cc03776681a46027b85963f01fe003e9917',
  }),
  esrganRecipe(4, {
    weights: '82637daaf3ba024df5e9da2389e8992e7a6e8a992ba6268ce6bc490c92e9516e',
    model: '3a2eaa642232567e7d2a2e7638c9704f42f63f355fc656c18aa78bf2da1d903d',
  }),
  esrganRecipe(8, {
    weights: '0c5fe31649784135a431733f0f295838c5330f8f38011c10d29d36bd8dd7c293',
    model: 'd4278813adf94b7dff96c756b97f95a41f56ff7e85b4ecec25dc06ddea1d49b6',
  }),
];
