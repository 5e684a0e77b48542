/** Loads libraries, models and tables before anybody waits for them. */
import { throwIfAborted } from '../core/abort.ts';
import { CPU_ONLY } from '../engine/inference/execution.ts';
import { defaultModelDirectory, openModelStore } from '../engine/inference/session.ts';
import { openFaceRig } from '../engine/processors/open-face-rig.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { openC2pa } from '../trust/credentials/c2pa-library.ts';
import type { RunContext } from './run-context.ts';

/** What a swap in a photo or a video takes with default options, and looking at faces. */
const MODELS = [
  ...['face_detection_full_range', 'face_mesh_attention', 'face_recognition', 'age_gender'],
  ...['nsfw_mobilenet_v2_mid', 'palm_detection_lite', 'hand_landmark_lite'],
];
/** Edges of the texture and light maps of the swapper. */
const RIG_SIZES = [512, 64];

/**
 * Does nothing that a run would see: without `sessions` of the context all of it would be gone again.
 * @returns number of models that are loaded
 * @throws what opening a model throws, CANCELLED
 */
export async function warmUp({ signal, sessions, modelDirectory, logger }: RunContext): Promise<number> {
  const libraries = loadLibraries();
  // Whoever needs a library that is not there says so in a run.
  libraries.catch(() => {});
  await using store = await openModelStore({
    directory: modelDirectory ?? defaultModelDirectory(),
    // As runs of services on the processor open them.
    ...{ intraOpThreads: 1, execution: CPU_ONLY, sessions },
    ...(logger ? { logger } : {}),
  });
  for (const id of MODELS) {
    throwIfAborted(signal);
    await store.session(id);
  }
  const rig = await openFaceRig(store);
  for (const size of RIG_SIZES) rig.masks(size);
  await libraries.catch(() => {});
  return MODELS.length;
}

/** In a function of its own: beside `await using`, TypeScript 6 leaves the endings of imported files as they are. */
const loadLibraries = (): Promise<unknown> =>
  Promise.all([import('./process.ts'), import('./preview.ts'), openC2pa(), findFfmpeg()]);
