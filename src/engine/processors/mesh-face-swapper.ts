/** The built-in `mesh` of `face_swapper`: draws the source's face on the dense mesh of the target. */
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/image.ts';
import { UNTIMED } from '../../core/stage-timer.ts';
import { poseOf } from '../faces/pose.ts';
import { createPresence, type PresenceLimits } from '../faces/presence.ts';
import type { Picture } from '../frames/picture.ts';
import { createFaceHands } from '../hands/face-hands.ts';
import type { HandMatte } from '../hands/hand-matte.ts';
import type { BorderOptions } from '../mesh-swap/border-mask.ts';
import { faceWidth, meshRegion } from '../mesh-swap/geometry.ts';
import { handCover } from '../mesh-swap/hand-cover.ts';
import { MeshSwapper } from '../mesh-swap/mesh-swapper.ts';
import { scorePhoto } from '../mesh-swap/photo-score.ts';
import type { FaceRig } from '../mesh-swap/rig.ts';
import { createSourceModel, type SourceModel } from '../mesh-swap/source-model.ts';
import { openCropLimiter } from './crop-limiter.ts';
import { openFaceRig } from './open-face-rig.ts';
import type {
  FaceOutcome,
  FaceProcessor,
  FrameTime,
  LeftAloneReason,
  Note,
  ProcessorContext,
  SourcePhoto,
  TargetFace,
} from './processor.ts';

/** Which faces are swapped: those that reach `enter`, until they are past `leave`. */
const LIMITS = {
  /** Width in pixels: below there is nothing to recognise and the mesh trembles. */
  small: { enter: 24, leave: 20 },
  /** Yaw in degrees: beyond the far half of the mesh is a guess and its drawing a smear. */
  turned: { enter: 75, leave: 80 },
  /** Mesh score: below it the model itself does not believe in the face. */
  uncertain: { enter: 0.1, leave: 0.05 },
} as const satisfies Partial<Record<LeftAloneReason, PresenceLimits>>;
/** Weight where none is given. */
const MESH_WEIGHT = 0.8;
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

/** What is kept of a person: a texture with its levels, and some of them softened. */
interface SourceStudy {
  readonly model: SourceModel;
  readonly notes: readonly Note[];
}
const STUDY_BYTES = 30e6;

function studySources(rig: FaceRig, sources: readonly SourcePhoto[], border: BorderOptions): SourceStudy {
  const photos = sources.map(({ image, face }) => ({ image, mesh: face.mesh }));
  const model = createSourceModel(rig, photos, border);
  const notes = sources.flatMap(({ image, face }, i) => {
    const { score, faults } = scorePhoto(rig, image, face.mesh, model.trust[i]);
    if (score >= POOR_PHOTO) return [];
    return faults.map(({ code, message }) => ({
      code: `source-${code}`,
      message: `Source ${i + 1} of ${sources.length}: ${message}`,
    }));
  });
  return { model, notes };
}

interface MeshFaceSwapperState {
  readonly tracks: unknown;
  readonly presence: unknown;
  readonly hands: unknown;
}

/** @throws what opening the models of the mesh and of hands throws */
export async function createMeshFaceSwapper(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options, sources, timer = UNTIMED } = context;
  const rig = await openFaceRig(store);
  const border = borderOptions(context);
  const ids = sources.map(({ id }) => id);
  const study = async (): Promise<SourceStudy> => studySources(rig, sources, border);
  const { model, notes: found } = await (ids.includes(undefined)
    ? study()
    : store.study(['mesh swap source', ids, border], STUDY_BYTES, study));
  const notes = [...found];
  if (options.faceSwapperPixelBoost !== undefined) {
    notes.push({
      code: 'pixel-boost-unused',
      message: 'The swapper mesh draws at the size of the target; --face-swapper-pixel-boost has no effect on it.',
      hint: 'Leave it away, or choose another --face-swapper-model.',
    });
  }
  const { faceMaskTypes, faceOccluderModel } = options;
  // Its own occlusion knows hands, and what differs from a face; a model that the user has chosen takes its place.
  const occlusion = faceMaskTypes.includes('occlusion') && faceOccluderModel === 'hands';
  const cropMasks = faceMaskTypes.filter((type) => type === 'region' || (type === 'occlusion' && !occlusion));
  const limit = cropMasks.length > 0 ? await openCropLimiter(store, options, cropMasks) : undefined;
  const swapper = new MeshSwapper(rig, model, {
    shapeWeight: (options.faceSwapperWeight ?? MESH_WEIGHT) * SHAPE_GAIN,
    occlusion,
    timer,
  });
  const pixels = swapper.createPixels();
  const presence = createPresence({ limits: LIMITS });
  const hands = createFaceHands(store, options.faceMaskQuality);
  let picture: Picture | undefined;
  let region: Region | undefined;

  const findHand = async (face: TargetFace, time: FrameTime): Promise<HandMatte | null> => {
    if (!occlusion || !picture || !region) return null;
    const bounds = meshRegion(face.mesh, 0, pixels.before.width, pixels.before.height);
    const { x0, y0 } = region;
    const inPicture = { x0: bounds.x0 + x0, y0: bounds.y0 + y0, x1: bounds.x1 + x0, y1: bounds.y1 + y0 };
    const cue = swapper.coveredShare(face.trackId) > HAND_CUE;
    timer.enter('hands');
    const { trackId } = face;
    const matte = await hands.update({ trackId, picture, bounds: inPicture, cue, timeSeconds: time.timeSeconds });
    timer.enter('swap');
    return matte;
  };
  return {
    kind: 'face',
    id: 'face_swapper',
    notes,
    regionOf: (face, { width, height }) => swapper.regionOf(face.mesh, width, height),
    takePixels(from, part) {
      picture = from;
      region = part;
      timer.enter('convert');
      pixels.load(from, part);
      return pixels;
    },
    async processFace(lent, face, time): Promise<FaceOutcome> {
      if (lent !== pixels) throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      timer.enter('swap');
      const reason = presence.step(face.trackId, {
        small: faceWidth(face.mesh),
        turned: Math.abs(poseOf(face.mesh).yawDegrees),
        uncertain: face.meshScore,
      });
      if (reason) return { kind: 'left-alone', reason };
      const hand = await findHand(face, time);
      swapper.apply(face.trackId, pixels, face.mesh, hand && region ? handCover(hand, region) : undefined);
      if (limit && !(await limit(pixels.before, pixels.out, face))) {
        return { kind: 'left-alone', reason: 'invalid-output' };
      }
      return { kind: 'changed' };
    },
    forget(trackId) {
      swapper.forget(trackId);
      presence.forget(trackId);
      hands.forget(trackId);
    },
    save: (): MeshFaceSwapperState => ({
      tracks: swapper.save(),
      presence: presence.save(),
      hands: hands.save(),
    }),
    async restore(state) {
      const saved = state as MeshFaceSwapperState;
      swapper.restore(saved.tracks);
      presence.restore(saved.presence);
      await hands.restore(saved.hands);
    },
    async [Symbol.asyncDispose]() {},
  };
}
