import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from '../faces/face.ts';
import { blend } from './curves.ts';
import { procrustes, type Similarity3 } from './procrustes.ts';
import type { FaceRig } from './rig.ts';
import { type IdentityShape, identityShape, shapeDifference } from './shape.ts';
import { RIGID } from './vertex-sets.ts';

/** After the first frames the target's shape is measured only every so often: people do not change. */
const FIRST_FRAMES = 3;
const EVERY_FRAMES = 6;
const SHAPE_AVERAGE = 0.12;
const DIFFERENCE_AVERAGE = 0.3;

interface TargetShapeState {
  readonly shape: IdentityShape | undefined;
  readonly difference: Float32Array | undefined;
  readonly frame: number;
}

/** Follows a target's proportions and how they differ from the source's; one a track. */
export class TargetShape implements Stateful {
  readonly #rig: FaceRig;
  readonly #source: IdentityShape;
  #shape: IdentityShape | undefined;
  #difference: Float32Array | undefined;
  #frame = 0;

  constructor(rig: FaceRig, source: IdentityShape) {
    this.#rig = rig;
    this.#source = source;
  }

  /** @returns the difference in the target's canonical frame, lent until the next call, and that frame's pose */
  update(mesh: FaceMesh): { readonly difference: Float32Array; readonly pose: Similarity3 } {
    const frame = this.#frame++;
    if (frame < FIRST_FRAMES || frame % EVERY_FRAMES === 0) {
      const shape = identityShape(this.#rig, mesh);
      if (this.#shape) blend(this.#shape, shape, Math.max(SHAPE_AVERAGE, 1 / (frame + 1)));
      else this.#shape = shape;
      const difference = shapeDifference(this.#rig, this.#source, this.#shape);
      if (this.#difference) blend(this.#difference, difference, DIFFERENCE_AVERAGE);
      else this.#difference = difference;
    }
    return { difference: this.#difference!, pose: procrustes(this.#shape!, mesh, RIGID) };
  }

  save(): TargetShapeState {
    return structuredClone({ shape: this.#shape, difference: this.#difference, frame: this.#frame });
  }

  restore(state: unknown): void {
    const { shape, difference, frame } = structuredClone(state as TargetShapeState);
    this.#shape = shape;
    this.#difference = difference;
    this.#frame = frame;
  }
}
