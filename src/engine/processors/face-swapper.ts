/** `face_swapper`: replaces the identity of target faces by the source's. */
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/image.ts';
import { faceSwapperOptions } from '../../core/options.ts';
import { poseOf } from '../faces/pose.ts';
import type { Picture } from '../frames/picture.ts';
import type { HandMatte } from '../hands/hand-matte.ts';
import { createHandTracker, type HandTracker } from '../hands/hand-tracker.ts';
import type { BorderOptions } from '../mesh-swap/border-mask.ts';
import { faceWidth, meshRegion } from '../mesh-swap/geometry.ts';
import { handCover } from '../mesh-swap/hand-cover.ts';
import { MeshSwapper } from '../mesh-swap/mesh-swapper.ts';
import { scorePhoto } from '../mesh-swap/photo-score.ts';
import { FaceRig, type MeshTopology } from '../mesh-swap/rig.ts';
import { createSourceModel } from '../mesh-swap/source-model.ts';
import {
  defineProcessor,
  type FaceOutcome,
  type FaceProcessor,
  type FrameTime,
  type Note,
  type ProcessorContext,
  type TargetFace,
} from './processor.ts';

/** Beyond this yaw the far half of the mesh is a guess and its drawing a smear. */
const LARGEST_YAW_DEGREES = 75;
/** Below this face width, in pixels, there is nothing to recognise and the mesh trembles. */
const SMALLEST_FACE = 24;
/** A mesh score below this means that the model itself does not believe in the face. */
const LOWEST_MESH_SCORE = 0.1;
/** The shape difference at weight 1. Above 1 because the difference is measured short: expression is taken out of it. */
const SHAPE_GAIN = 1.2;
/** Share of the inner face that must look covered before hands are searched for sooner than usual. */
const HAND_CUE = 0.04;
/** A source photo below this score is worth a warning. */
const POOR_PHOTO = 60;

function borderOptions({ options }: ProcessorContext): BorderOptions {
  const [top, right = top, bottom = top, left = right] = options.faceMaskPadding.map((percent) => percent / 100) as [
    number,
    number?,
    number?,
    number?,
  ];
  return {
    blur: options.faceMaskTypes.includes('box') ? options.faceMaskBlur : 0,
    padding: [top, right, bottom, left],
    ...(options.faceMaskTypes.includes('area') ? { areas: options.faceMaskAreas } : {}),
  };
}

async function create(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options, sources } = context;
  const rig = new FaceRig(await store.table<MeshTopology>('face_mesh_topology'));
  const photos = sources.map(({ image, face }) => ({ image, mesh: face.mesh }));
  const model = createSourceModel(rig, photos, borderOptions(context));
  const notes: Note[] = [];
  sources.forEach(({ image, face }, i) => {
    const { score, faults } = scorePhoto(rig, image, face.mesh, model.trust[i]);
    if (score >= POOR_PHOTO) return;
    for (const { code, message } of faults) {
      notes.push({ code: `source-${code}`, message: `Source ${i + 1} of ${sources.length}: ${message}` });
    }
  });
  const occlusion = options.faceMaskTypes.includes('occlusion');
  const swapper = new MeshSwapper(rig, model, { shapeWeight: options.faceSwapperWeight * SHAPE_GAIN, occlusion });
  const pixels = swapper.createPixels();
  // One tracker a face: promises, so that a face is not handed to two.
  const hands = new Map<number, Promise<HandTracker>>();
  let picture: Picture | undefined;
  let region: Region | undefined;

  const findHand = async (face: TargetFace, time: FrameTime): Promise<HandMatte | null> => {
    if (!occlusion || !picture || !region) return null;
    let tracker = hands.get(face.trackId);
    if (!tracker) hands.set(face.trackId, (tracker = createHandTracker(store)));
    const bounds = meshRegion(face.mesh, 0, pixels.before.width, pixels.before.height);
    const { x0, y0 } = region;
    const inFrame = { x0: bounds.x0 + x0, y0: bounds.y0 + y0, x1: bounds.x1 + x0, y1: bounds.y1 + y0 };
    const cue = swapper.coveredShare(face.trackId) > HAND_CUE;
    return (await tracker).update(picture, inFrame, cue, time.timeSeconds);
  };
  return {
    id: 'face_swapper',
    notes,
    regionOf: (face, { width, height }) => swapper.regionOf(face.mesh, width, height),
    takePixels(from, part) {
      picture = from;
      region = part;
      pixels.load(from, part);
      return pixels;
    },
    async processFace(lent, face, time): Promise<FaceOutcome> {
      if (lent !== pixels) throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      if (faceWidth(face.mesh) < SMALLEST_FACE) return { kind: 'left-alone', reason: 'small' };
      if (Math.abs(poseOf(face.mesh).yawDegrees) > LARGEST_YAW_DEGREES) return { kind: 'left-alone', reason: 'turned' };
      if (face.meshScore < LOWEST_MESH_SCORE) return { kind: 'left-alone', reason: 'uncertain' };
      const hand = await findHand(face, time);
      swapper.apply(face.trackId, pixels, face.mesh, hand && region ? handCover(hand, region) : undefined);
      return { kind: 'changed' };
    },
    forget(trackId) {
      swapper.forget(trackId);
      hands.delete(trackId);
    },
    async [Symbol.asyncDispose]() {},
  };
}

export const faceSwapper = defineProcessor({
  id: 'face_swapper',
  options: faceSwapperOptions,
  needsSource: true,
  create,
});
