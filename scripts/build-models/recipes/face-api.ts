import type { ModelLicence } from '../../../src/engine/models/manifest.ts';
import type { OutputContract } from '../contract.ts';
import { convertFaceApi, type FaceApiNetwork } from '../convert-face-api.ts';
import type { OnnxRecipe } from '../recipe.ts';

const MIT = { spdx: 'MIT', tier: 'documented' } as const;

const FACE_API_LICENCE: ModelLicence = {
  ...MIT,
  holder: 'Vincent Mühler, Vladimir Mandic',
  basis: "published by face-api.js' author with the code, under its licence; the training data is not listed",
};

const DLIB_LICENCE: ModelLicence = {
  ...MIT,
  holder: 'Davis E. King (weights), Vincent Mühler, Vladimir Mandic',
  basis:
    "face-api's conversion of dlib_face_recognition_resnet_model_v1, which its author released into the public domain; half of its training images come from FaceScrub and VGG Face",
};

function faceApiRecipe(
  id: string,
  task: string,
  network: FaceApiNetwork,
  file: string,
  hashes: { readonly weights: string; readonly manifest: string },
  inputSize: number,
  outputs: readonly OutputContract[],
  licence: ModelLicence = FACE_API_LICENCE,
  crop = 'square around the face',
): OnnxRecipe {
  return {
    id,
    kind: 'onnx',
    task,
    package: '@vladmandic/face-api',
    source: { file: `model/${file}.bin`, sha256: hashes.weights },
    companions: [{ file: `model/${file}-weights_manifest.json`, sha256: hashes.manifest }],
    licence,
    contract: {
      inputs: [{ name: 'input', shape: [1, inputSize, inputSize, 3], meaning: `RGB, 0..255; ${crop}` }],
      outputs,
    },
    convert: ([weights, manifest], contract) => convertFaceApi(network, weights, manifest, contract),
  };
}

export const FACE_API: readonly OnnxRecipe[] = [
  faceApiRecipe(
    'face_recognition',
    'face_recognizer',
    'recognition',
    'face_recognition_model',
    {
      weights: 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
      manifest: 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
    },
    150,
    [{ name: 'output', from: 'output', shape: [1, 128], meaning: 'embedding, not normalised' }],
    DLIB_LICENCE,
    "dlib's five-point alignment",
  ),
  faceApiRecipe(
    'age_gender',
    'face_classifier',
    'age-gender',
    'age_gender_model',
    {
      weights: '49f92bbc0afef2342c4385e4a2b0acb6d7a727c6f0aa539499719a81acf9abaa',
      manifest: '74b60bf3ebf981bf4e661e9cca3a185614e10b25d797118b62e2a68d3ff2569f',
    },
    112,
    [
      { name: 'age', from: 'age', shape: [1, 1], meaning: 'years' },
      { name: 'gender', from: 'gender', shape: [1, 2], meaning: 'probabilities of male, female' },
    ],
  ),
  faceApiRecipe(
    'face_landmark_68',
    'face_landmarker',
    'landmarks',
    'face_landmark_68_model',
    {
      weights: '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
      manifest: 'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
    },
    112,
    [{ name: 'output', from: 'output', shape: [1, 68, 2], meaning: 'x, y in 0..1 of the crop, iBUG order' }],
  ),
];
