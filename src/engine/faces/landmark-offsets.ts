/**
 * Landmarks of a landmarker as distances from those of the mesh: so they follow a mesh that is smoothed, or bridged
 * where a face was missed.
 */
import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from './face.ts';
import { landmarks5Of68, landmarks68Of } from './landmarks.ts';
import { createOneEuro, type OneEuroSettings } from './one-euro.ts';

/** 68 x (x, y) in pixels. */
export type LandmarkOffsets = Float32Array;

/** Owned by the caller. @param landmarks68 found in the picture in which `mesh` was found */
export function offsetsFrom(mesh: FaceMesh, landmarks68: ArrayLike<number>): LandmarkOffsets {
  return landmarks68Of(mesh).map((value, at) => landmarks68[at]! - value);
}

/** The landmarks that stand for a mesh, with its offsets where it has some. Owned by the caller. */
export function landmarksBy(
  mesh: FaceMesh,
  offsets: LandmarkOffsets,
): { readonly landmarks5: Float32Array; readonly landmarks68: Float32Array } {
  const landmarks68 = landmarks68Of(mesh).map((value, at) => value + offsets[at]!);
  return { landmarks68, landmarks5: landmarks5Of68(landmarks68) };
}

/** That of the shape of a mesh, in sizes of the face; see `createMeshSmoother`. */
const FILTER: OneEuroSettings = { minimumCutoff: 2, beta: 12 };
const LONGEST_GAP_SECONDS = 0.5;

/** Smooths the offsets of one face over time. */
export interface OffsetSmoother extends Stateful {
  /**
   * @param size of the face in pixels
   * @returns owned by the caller
   */
  step(offsets: LandmarkOffsets, size: number, timeSeconds: number): LandmarkOffsets;
  reset(): void;
}

interface OffsetSmootherState {
  readonly filter: unknown;
  readonly lastTime: number;
}

/** Creates a smoother that has seen nothing. */
export function createOffsetSmoother(): OffsetSmoother {
  const filter = createOneEuro(68 * 2, FILTER);
  let lastTime = Number.NaN;
  return {
    step(offsets, size, timeSeconds) {
      const elapsed = timeSeconds - lastTime;
      lastTime = timeSeconds;
      if (!(elapsed > 0 && elapsed <= LONGEST_GAP_SECONDS)) filter.reset();
      const unit = Math.max(size, 1);
      const scaled = Float64Array.from(offsets, (value) => value / unit);
      return Float32Array.from(filter.step(scaled, elapsed), (value) => value * unit);
    },
    reset() {
      lastTime = Number.NaN;
    },
    save: (): OffsetSmootherState => ({ filter: filter.save(), lastTime }),
    restore(saved) {
      const from = saved as OffsetSmootherState;
      filter.restore(from.filter);
      lastTime = from.lastTime;
    },
  };
}
