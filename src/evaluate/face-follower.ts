/** Follows one face through a target and its result at once, unsmoothed, to see which of the two trembles more. */
import type { I420Frame } from '../core/image.ts';
import type { FaceMesh, MeshRegion } from '../engine/faces/face.ts';
import { type MeshFinder, meshRegionOf } from '../engine/faces/mesh.ts';
import { meshInRegion } from '../engine/faces/mesh-in-region.ts';
import { createKernels } from '../engine/kernels/kernels.ts';
import { RegionPixels } from '../engine/kernels/region-pixels.ts';
import { meshRegion } from '../engine/mesh-swap/geometry.ts';
import { flicker, lumaAtVertices, meshJitter } from './metrics/jitter.ts';

/** Frames that are followed at most: two seconds and more of usual footage. */
export const FOLLOWED_FRAMES = 150;
/** Below this the mesh model has lost the face, and the face is followed no further. */
const LOST_SCORE = 0.5;
/** Pixels around the mesh that sampling may touch. */
const PADDING = 4;

/** Ratios result over target; `undefined` where fewer than three frames in a row show the face. */
export interface Steadiness {
  readonly frames: number;
  readonly jitter: number | undefined;
  readonly flicker: number | undefined;
}

export class FaceFollower {
  readonly #finder: MeshFinder;
  readonly #pixels = new RegionPixels(createKernels());
  #region: MeshRegion;
  #ended = false;
  readonly #meshes: { target: FaceMesh; result: FaceMesh }[] = [];
  readonly #luma: { target: Float32Array; result: Float32Array }[] = [];

  /** @param start the face in the first frame that will be given to `step` */
  constructor(finder: MeshFinder, start: FaceMesh) {
    this.#finder = finder;
    this.#region = meshRegionOf(start);
  }

  get isDone(): boolean {
    return this.#ended || this.#meshes.length >= FOLLOWED_FRAMES;
  }

  /** Takes one more frame; both are read only during the call. Does nothing when `isDone`. */
  async step(target: I420Frame, result: I420Frame): Promise<void> {
    if (this.isDone) return;
    const before = await this.#finder.find(target, this.#region);
    const after = await this.#finder.find(result, this.#region);
    if (before.score < LOST_SCORE || after.score < LOST_SCORE) {
      this.#ended = true;
      return;
    }
    this.#meshes.push({ target: before.mesh, result: after.mesh });
    // Both are sampled at the target's mesh, so that its tremble weighs on both alike.
    this.#luma.push({ target: this.#sample(target, before.mesh), result: this.#sample(result, before.mesh) });
    this.#region = meshRegionOf(before.mesh);
  }

  #sample(frame: I420Frame, mesh: FaceMesh): Float32Array {
    const region = meshRegion(mesh, PADDING, frame.width, frame.height);
    this.#pixels.load(frame, region);
    return lumaAtVertices(this.#pixels.before, meshInRegion(mesh, region));
  }

  /** What was seen up to now. */
  steadiness(): Steadiness {
    const jitter = (side: 'target' | 'result'): number | undefined =>
      meshJitter(this.#meshes.map((pair) => pair[side]));
    const light = (side: 'target' | 'result'): number | undefined => flicker(this.#luma.map((pair) => pair[side]));
    return {
      frames: this.#meshes.length,
      jitter: ratio(jitter('result'), jitter('target')),
      flicker: ratio(light('result'), light('target')),
    };
  }
}

/** 1 where neither moves; a target that stands still while the result does not has no ratio. */
function ratio(result: number | undefined, target: number | undefined): number | undefined {
  if (result === undefined || target === undefined) return undefined;
  if (target === 0) return result === 0 ? 1 : Number.MAX_VALUE;
  return result / target;
}
