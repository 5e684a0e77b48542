/** The built-in `mesh` of `face_editor`: moves the dense mesh and the pixels with it. */
import { AppError } from '../../core/errors.ts';
import { UNTIMED } from '../../core/stage-timer.ts';
import { poseOf } from '../faces/pose.ts';
import { createPresence, type PresenceLimits } from '../faces/presence.ts';
import { createKernels } from '../kernels/kernels.ts';
import { KernelImage, RegionPixels } from '../kernels/region-pixels.ts';
import { FaceEdit } from '../mesh-edit/edit-face.ts';
import { type HeadTurn, HeadWarp, TURN_MARGIN } from '../mesh-edit/head-turn.ts';
import { REDRAW_MARGIN } from '../mesh-edit/redraw.ts';
import { sliderEdit } from '../mesh-edit/slider-edit.ts';
import { faceWidth, meshRegion } from '../mesh-swap/geometry.ts';
import { openFaceRig } from './open-face-rig.ts';
import type { FaceOutcome, FaceProcessor, LeftAloneReason, ProcessorContext } from './processor.ts';

/** Which faces are edited: those that reach `enter`, until they are past `leave`. */
export const EDIT_LIMITS = {
  /** Width in pixels: below there is no lid to move. */
  small: { enter: 32, leave: 28 },
  /** Yaw in degrees: beyond, the far half of the mesh is a guess. */
  turned: { enter: 65, leave: 70 },
  /** Mesh score: below it the model itself does not believe in the face. */
  uncertain: { enter: 0.1, leave: 0.05 },
} as const satisfies Partial<Record<LeftAloneReason, PresenceLimits>>;

/** Of a slider at its end: more tears the picture, which knows nothing of the other side of the head. */
const LARGEST_TURN = (15 * Math.PI) / 180;

/** @throws what reading the mesh's topology throws */
export async function createMeshFaceEditor({
  store,
  options,
  timer = UNTIMED,
}: ProcessorContext): Promise<FaceProcessor> {
  const rig = await openFaceRig(store);
  const kernels = createKernels();
  const pixels = new RegionPixels(kernels);
  const between = new KernelImage(kernels.memory);
  const edit = sliderEdit(options);
  const turn: HeadTurn = {
    pitch: options.faceEditorHeadPitch * LARGEST_TURN,
    yaw: options.faceEditorHeadYaw * LARGEST_TURN,
    roll: options.faceEditorHeadRoll * LARGEST_TURN,
  };
  const isTurned = turn.pitch !== 0 || turn.yaw !== 0 || turn.roll !== 0;
  const margin = isTurned ? TURN_MARGIN : REDRAW_MARGIN;
  const face = new FaceEdit(rig);
  const warp = new HeadWarp(kernels);
  const presence = createPresence({ limits: EDIT_LIMITS });
  return {
    kind: 'face',
    id: 'face_editor',
    notes: [],
    regionOf: ({ mesh }, { width, height }) => meshRegion(mesh, faceWidth(mesh) * margin + 4, width, height),
    takePixels(picture, region) {
      timer.enter('convert');
      pixels.load(picture, region);
      return pixels;
    },
    async processFace(lent, { trackId, mesh, meshScore }): Promise<FaceOutcome> {
      if (lent !== pixels) throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      timer.enter('warp');
      const reason = presence.step(trackId, {
        small: faceWidth(mesh),
        turned: Math.abs(poseOf(mesh).yawDegrees),
        uncertain: meshScore,
      });
      if (reason) return { kind: 'left-alone', reason };
      const { before, out } = pixels;
      const moved = face.apply(before, out, mesh, edit);
      if (isTurned) {
        between.resize(out.width, out.height);
        between.data.set(out.data);
        warp.apply(between, out, moved, turn, pixels.touches);
      }
      return { kind: 'changed' };
    },
    forget: (trackId) => presence.forget(trackId),
    save: () => presence.save(),
    async restore(state) {
      presence.restore(state);
    },
    async [Symbol.asyncDispose]() {},
  };
}
