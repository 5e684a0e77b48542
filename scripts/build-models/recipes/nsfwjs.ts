import { convertTfjsGraph } from '../convert-tfjs-graph.ts';
import { evaluateCommonJs } from '../evaluate-common-js.ts';
import type { OnnxRecipe } from '../recipe.ts';

const FOLDER = 'dist/models/mobilenet_v2_mid';

export const NSFWJS: readonly OnnxRecipe[] = [
  {
    id: 'nsfw_mobilenet_v2_mid',
    kind: 'onnx',
    task: 'content_analyser',
    package: 'nsfwjs',
    source: {
      file: `${FOLDER}/model.min.js`,
      sha256: 'a7a9e701491e2449b221dab7c424957f853e700602b5575da33cfd745616f964',
    },
    companions: [
      {
        file: `${FOLDER}/group1-shard1of2.min.js`,
        sha256: 'f2e79a209e44d668220ec5f1533a98f2be954e3953685bf074d201b82fefc29a',
      },
      {
        file: `${FOLDER}/group1-shard2of2.min.js`,
        sha256: 'f291df992a0131741372506a6072fb9f1645bff7c973c983fd6276f5f9625d5e',
      },
    ],
    licence: {
      spdx: 'MIT',
      holder: 'Infinite Red, Inc. (weights: Gant Laborde)',
      tier: 'documented',
      basis: 'trained by Gant Laborde (nsfw_model) and published with the code under its licence',
    },
    contract: {
      inputs: [{ name: 'input', shape: [1, 224, 224, 3], meaning: 'RGB, v / 255; whole picture, stretched' }],
      outputs: [
        {
          name: 'scores',
          from: 'Identity',
          shape: [1, 5],
          meaning: 'probabilities of drawing, hentai, neutral, porn, sexy',
        },
      ],
    },
    // The package wraps its files in JavaScript: the model as an object, the weights as base64 text.
    convert: ([model, ...shards], contract) => {
      const weights = Buffer.concat(shards.map((shard) => Buffer.from(String(evaluateCommonJs(shard)), 'base64')));
      return convertTfjsGraph(evaluateCommonJs(model), weights, contract);
    },
  },
];
