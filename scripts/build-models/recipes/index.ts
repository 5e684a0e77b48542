import type { Recipe } from '../recipe.ts';
import { ESRGAN } from './esrgan.ts';
import { FACE_API } from './face-api.ts';
import { FACEPLUGIN } from './faceplugin.ts';
import { MEDIAPIPE } from './mediapipe.ts';
import { MEDIAPIPE_HANDS } from './mediapipe-hands.ts';
import { MESH_TOPOLOGY } from './mesh-topology.ts';
import { NSFWJS } from './nsfwjs.ts';

/** Every model that the product carries, in the order of the manifest. */
export const RECIPES: readonly Recipe[] = [
  ...MEDIAPIPE,
  ...MEDIAPIPE_HANDS,
  MESH_TOPOLOGY,
  ...FACE_API,
  ...NSFWJS,
  ...ESRGAN,
  ...FACEPLUGIN,
];
