import type { ModelContract } from '../contract.ts';
import { convertTflite } from '../convert-tflite.ts';
import type { OnnxRecipe, SourceFile } from '../recipe.ts';
import { MEDIAPIPE_LICENCE } from './mediapipe.ts';

const HANDS_ASSETS = 'hands_solution_packed_assets.data';

const PALM_CONTRACT: ModelContract = {
  inputs: [{ name: 'input', shape: [1, 192, 192, 3], meaning: 'RGB, v / 255; whole picture or a part, letterboxed' }],
  outputs: [
    {
      name: 'boxes',
      from: 'Identity',
      shape: [1, 2016, 18],
      meaning:
        'cx, cy, w, h and seven points (x, y), input pixels; relative to the cell: 24 x 24 cells twice, 12 x 12 six times',
    },
    { name: 'scores', from: 'Identity_1', shape: [1, 2016], meaning: 'before the sigmoid' },
  ],
};

const HAND_CONTRACT: ModelContract = {
  inputs: [{ name: 'input', shape: [1, 224, 224, 3], meaning: 'RGB, v / 255; square around the hand, fingers up' }],
  outputs: [
    { name: 'landmarks', from: 'Identity', shape: [1, 21, 3], meaning: 'x, y, z in input pixels' },
    { name: 'presence', from: 'Identity_1', shape: [1, 1], meaning: 'is this a hand, 0..1' },
    { name: 'handedness', from: 'Identity_2', shape: [1, 1], meaning: 'right hand, 0..1, in a mirrored picture' },
    { name: 'world_landmarks', from: 'Identity_3', shape: [1, 21, 3], meaning: 'x, y, z in metres' },
  ],
};

function handRecipe(id: string, task: string, source: SourceFile, contract: ModelContract): OnnxRecipe {
  return {
    id,
    kind: 'onnx',
    task,
    package: '@mediapipe/hands',
    source,
    licence: MEDIAPIPE_LICENCE,
    contract,
    convert: ([file], wanted) => convertTflite(file, wanted),
  };
}

export const MEDIAPIPE_HANDS: readonly OnnxRecipe[] = [
  handRecipe(
    'palm_detection_full',
    'palm_detector',
    {
      file: HANDS_ASSETS,
      byteRange: [11, 2_341_291],
      sha256: '2f25e740121983f68ffc05f99991d524dc0ea812134f6316a26125816941ee85',
    },
    PALM_CONTRACT,
  ),
  handRecipe(
    'palm_detection_lite',
    'palm_detector',
    {
      file: HANDS_ASSETS,
      byteRange: [2_341_291, 4_326_731],
      sha256: 'e9a4aaddf90dda56a87235303cf00e4c2d3fb28725f68fd88772997dac905c18',
    },
    PALM_CONTRACT,
  ),
  handRecipe(
    'hand_landmark_full',
    'hand_landmarker',
    {
      file: 'hand_landmark_full.tflite',
      sha256: '8c026882c9ec059ce0f8e75266bee5a9a23c341a40e0000df755374d3d1b9b68',
    },
    HAND_CONTRACT,
  ),
  handRecipe(
    'hand_landmark_lite',
    'hand_landmarker',
    {
      file: 'hand_landmark_lite.tflite',
      sha256: 'd7fde8ac11f8ce03f8663775bfc323f4fc9f2a38062b4f4efa142874ef5b2a48',
    },
    HAND_CONTRACT,
  ),
];
