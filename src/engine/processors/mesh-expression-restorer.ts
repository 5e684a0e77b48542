/** The built-in `mesh` of `expression_restorer`: measures both expressions on the dense mesh and moves one to the other. */
import { AppError } from '../../core/errors.ts';
import { UNTIMED } from '../../core/stage-timer.ts';
import { meshRegionOf, openMeshFinder } from '../faces/mesh.ts';
import { createOneEuro, type OneEuro } from '../faces/one-euro.ts';
import { poseOf } from '../faces/pose.ts';
import { createPresence } from '../faces/presence.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { FaceEdit } from '../mesh-edit/edit-face.ts';
import { editTowards, MEASURE_COUNT, measureExpression } from '../mesh-edit/measure-expression.ts';
import { REDRAW_MARGIN } from '../mesh-edit/redraw.ts';
import { faceWidth, meshRegion } from '../mesh-swap/geometry.ts';
import { EDIT_LIMITS } from './mesh-face-editor.ts';
import { openFaceRig } from './open-face-rig.ts';
import type { FaceOutcome, FaceProcessor, FrameTime, ProcessorContext } from './processor.ts';

/** Of the measured difference: blinks must come through, the trembling of two meshes must not. */
const SMOOTHING = { minimumCutoff: 2.5, beta: 12 } as const;
/** Where a video's times do not say how long a frame lasted. */
const FRAME_SECONDS = 1 / 25;

interface Track {
  readonly filter: OneEuro;
  seconds: number | undefined;
}

interface RestorerState {
  readonly tracks: ReadonlyMap<number, { readonly filter: unknown; readonly seconds: number | undefined }>;
  readonly presence: unknown;
}

/** @throws what opening the model of the mesh throws */
export async function createMeshExpressionRestorer({
  store,
  options,
  timer = UNTIMED,
}: ProcessorContext): Promise<FaceProcessor> {
  const rig = await openFaceRig(store);
  const finder = await openMeshFinder(store);
  const pixels = new RegionPixels(createKernels());
  const untouched = new RegionPixels(createKernels());
  const face = new FaceEdit(rig);
  const factor = options.expressionRestorerFactor / 100;
  const areas = options.expressionRestorerAreas;
  const parts = { upper: areas.includes('upper-face'), lower: areas.includes('lower-face') };
  const presence = createPresence({ limits: EDIT_LIMITS });
  const tracks = new Map<number, Track>();
  const newTrack = (): Track => ({ filter: createOneEuro(MEASURE_COUNT, SMOOTHING), seconds: undefined });

  const smooth = (trackId: number, difference: Float64Array, time: FrameTime): ArrayLike<number> => {
    if (time.isStill) return difference;
    let track = tracks.get(trackId);
    if (!track) tracks.set(trackId, (track = newTrack()));
    const elapsed = time.timeSeconds - (track.seconds ?? time.timeSeconds);
    track.seconds = time.timeSeconds;
    return track.filter.step(difference, elapsed > 0 ? elapsed : FRAME_SECONDS);
  };

  return {
    kind: 'face',
    id: 'expression_restorer',
    notes: [],
    needsOriginal: true,
    regionOf: ({ mesh }, { width, height }) => meshRegion(mesh, faceWidth(mesh) * REDRAW_MARGIN + 4, width, height),
    takePixels(picture, region, original) {
      timer.enter('convert');
      pixels.load(picture, region);
      // What has grown has no original of its size: nothing is then restored.
      untouched.load(original ?? picture, region);
      return pixels;
    },
    async processFace(lent, { trackId, mesh, meshScore }, time): Promise<FaceOutcome> {
      if (lent !== pixels) throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      const reason = presence.step(trackId, {
        small: faceWidth(mesh),
        turned: Math.abs(poseOf(mesh).yawDegrees),
        uncertain: meshScore,
      });
      if (reason) return { kind: 'left-alone', reason };
      timer.enter('warp');
      const { before, out } = pixels;
      // Both are looked for in the same place, so that what the model gets wrong about this face cancels out.
      const place = meshRegionOf(mesh);
      const wanted = measureExpression((await finder.find(untouched.before, place)).mesh);
      const found = await finder.find(before, place);
      const now = measureExpression(found.mesh);
      const difference = smooth(
        trackId,
        wanted.map((value, at) => value - now[at]),
        time,
      );
      face.apply(before, out, found.mesh, editTowards(now, difference, factor, parts));
      return { kind: 'changed' };
    },
    forget(trackId) {
      tracks.delete(trackId);
      presence.forget(trackId);
    },
    save: (): RestorerState => ({
      tracks: new Map(Array.from(tracks, ([id, { filter, seconds }]) => [id, { filter: filter.save(), seconds }])),
      presence: presence.save(),
    }),
    async restore(state) {
      const saved = state as RestorerState;
      tracks.clear();
      for (const [id, { filter, seconds }] of saved.tracks) {
        const track = newTrack();
        track.filter.restore(filter);
        track.seconds = seconds;
        tracks.set(id, track);
      }
      presence.restore(saved.presence);
    },
    async [Symbol.asyncDispose]() {},
  };
}
