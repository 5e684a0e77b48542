import type { ModelLicence } from '../../../src/engine/models/manifest.ts';
import { convertTflite } from '../convert-tflite.ts';
import type { OnnxRecipe } from '../recipe.ts';

/** Of all MediaPipe models. */
export const MEDIAPIPE_LICENCE: ModelLicence = {
  spdx: 'Apache-2.0',
  holder: 'The MediaPipe Authors',
  tier: 'documented',
  basis: 'published by Google in packages that declare it, as part of MediaPipe, which is under the same licence',
};

const FACE_MESH_ASSETS = 'face_mesh_solution_packed_assets.data';

/** The face mesh models see this square. */
const MESH_INPUT = {
  name: 'input',
  shape: [1, 192, 192, 3],
  meaning: 'RGB, v / 255; square of 1.5 x the face, turned so that the eye line is level',
};

export const MEDIAPIPE: readonly OnnxRecipe[] = [
  {
    id: 'face_detection_full_range',
    kind: 'onnx',
    task: 'face_detector',
    package: '@mediapipe/face_detection',
    source: {
      file: 'face_detection_full_range.tflite',
      sha256: '99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3',
    },
    licence: MEDIAPIPE_LICENCE,
    contract: {
      inputs: [{ name: 'input', shape: [1, 192, 192, 3], meaning: 'RGB, v / 127.5 - 1; whole picture, letterboxed' }],
      outputs: [
        {
          name: 'boxes',
          from: 'reshaped_regressor_face_4',
          shape: [1, 2304, 16],
          meaning:
            'cx, cy, w, h and six points (x, y), input pixels; positions relative to the cell, 48 x 48 cells by rows',
        },
        { name: 'scores', from: 'reshaped_classifier_face_4', shape: [1, 2304], meaning: 'before the sigmoid' },
      ],
    },
    convert: ([file], contract) => convertTflite(file, contract),
  },
  {
    id: 'face_detection_short_range',
    kind: 'onnx',
    task: 'face_detector',
    package: '@mediapipe/face_detection',
    source: {
      file: 'face_detection_short_range.tflite',
      sha256: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
    },
    licence: MEDIAPIPE_LICENCE,
    contract: {
      inputs: [{ name: 'input', shape: [1, 128, 128, 3], meaning: 'RGB, v / 127.5 - 1; whole picture, letterboxed' }],
      outputs: [
        {
          name: 'boxes',
          from: 'regressors',
          shape: [1, 896, 16],
          meaning:
            'cx, cy, w, h and six points (x, y), input pixels; relative to the cell: 16 x 16 cells twice, 8 x 8 six times',
        },
        { name: 'scores', from: 'classificators', shape: [1, 896], meaning: 'before the sigmoid' },
      ],
    },
    convert: ([file], contract) => convertTflite(file, contract),
  },
  {
    id: 'face_mesh_attention',
    kind: 'onnx',
    task: 'face_mesh',
    package: '@mediapipe/face_mesh',
    source: {
      file: FACE_MESH_ASSETS,
      byteRange: [0, 2_495_952],
      sha256: '883b7411747bac657c30c462d305d312e9dec6adbf8b85e2f5d8d722fca9455d',
    },
    licence: MEDIAPIPE_LICENCE,
    contract: {
      inputs: [MESH_INPUT],
      outputs: [
        { name: 'mesh', from: 'output_mesh_identity', shape: [1, 468, 3], meaning: 'x, y, z in input pixels' },
        { name: 'lips', from: 'output_lips', shape: [1, 80, 2], meaning: 'x, y in input pixels, refined' },
        { name: 'left_eye', from: 'output_left_eye', shape: [1, 71, 2], meaning: 'lids and brow, image left' },
        { name: 'right_eye', from: 'output_right_eye', shape: [1, 71, 2], meaning: 'lids and brow, image right' },
        { name: 'left_iris', from: 'output_left_iris', shape: [1, 5, 2], meaning: 'centre, then four on its edge' },
        { name: 'right_iris', from: 'output_right_iris', shape: [1, 5, 2], meaning: 'centre, then four on its edge' },
        { name: 'face_flag', from: 'conv_faceflag', shape: [1, 1], meaning: 'is this a face, before the sigmoid' },
      ],
    },
    convert: ([file], contract) => convertTflite(file, contract),
  },
  {
    id: 'face_mesh',
    kind: 'onnx',
    task: 'face_mesh',
    package: '@mediapipe/face_mesh',
    source: {
      file: FACE_MESH_ASSETS,
      byteRange: [2_495_952, 3_737_848],
      sha256: 'c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1',
    },
    licence: MEDIAPIPE_LICENCE,
    contract: {
      inputs: [MESH_INPUT],
      outputs: [
        { name: 'mesh', from: 'conv2d_21', shape: [1, 468, 3], meaning: 'x, y, z in input pixels' },
        { name: 'face_flag', from: 'conv2d_31', shape: [1, 1], meaning: 'is this a face, before the sigmoid' },
      ],
    },
    convert: ([file], contract) => convertTflite(file, contract),
  },
  {
    id: 'selfie_segmentation',
    kind: 'onnx',
    task: 'background_remover',
    package: '@mediapipe/selfie_segmentation',
    source: {
      file: 'selfie_segmentation.tflite',
      sha256: '8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27',
    },
    licence: MEDIAPIPE_LICENCE,
    contract: {
      inputs: [{ name: 'input', shape: [1, 256, 256, 3], meaning: 'RGB, v / 255; whole picture, stretched' }],
      outputs: [{ name: 'mask', from: 'activation_10', shape: [1, 256, 256, 1], meaning: 'person, 0..1' }],
    },
    convert: ([file], contract) => convertTflite(file, contract),
  },
];
