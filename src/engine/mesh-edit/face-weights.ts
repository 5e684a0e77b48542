/** How much each vertex of the mesh takes part in a movement, by where it lies in UV space: the same for every face. */
import { LIP_VERTICES } from '../faces/attention-indices.ts';
import { clamp, smoothstep } from '../mesh-swap/curves.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from '../mesh-swap/rig.ts';
import { BROWS, EYE_OPENINGS, FACE_OVAL, LIPS_OUTER } from '../mesh-swap/vertex-sets.ts';

/** Middle of the closed mouth in UV space, and half the distance of its corners. */
export const MOUTH = { u: 0.5, v: 0.694, halfWidth: 0.118 } as const;
/** Where the nose ends and the upper lip begins. */
const NOSE_BASE = { u: 0.5, v: 0.575 } as const;

type Pair = readonly [Float32Array, Float32Array];

/** 468 numbers each, 0..1 but for `u` and `v`. */
export interface FaceWeights {
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** Brows and the skin around them: left, right. */
  readonly brows: Pair;
  /** The mouth and what moves along with it. */
  readonly mouth: Float32Array;
  /** The lips themselves, with a narrow border. */
  readonly lips: Float32Array;
  /** The corners of the mouth and the cheeks beside them: left, right. */
  readonly corners: Pair;
  /** What follows the edge of the upper and of the lower lip. */
  readonly upperLip: Float32Array;
  readonly lowerLip: Float32Array;
  /** What follows the jaw when the mouth opens. */
  readonly jaw: Float32Array;
  /** What follows the upper and the lower lid: left eye, right eye. */
  readonly upperLids: Pair;
  readonly lowerLids: Pair;
}

/** Vertices of lips below and above their opening: four rings of twenty, each from corner to corner and back. */
const sideOfLip = new Map<number, 'upper' | 'lower'>(
  LIP_VERTICES.map((vertex, at) => [vertex, at % 20 === 0 || at % 20 > 10 ? 'upper' : 'lower'] as const),
);

/** Distance outside of the lids over which skin follows them, in UV units: up to the brow, down to the cheek. */
const UPPER_LID_REACH = 0.085;
const LOWER_LID_REACH = 0.06;

export function createFaceWeights(rig: FaceRig): FaceWeights {
  const make = (weigh: (u: number, v: number, vertex: number) => number): Float32Array =>
    Float32Array.from({ length: SURFACE_VERTEX_COUNT }, (_, i) => weigh(rig.uv[i * 2], rig.uv[i * 2 + 1], i));
  const both = (weigh: (side: 0 | 1, u: number, v: number, vertex: number) => number): Pair => [
    make((u, v, i) => weigh(0, u, v, i)),
    make((u, v, i) => weigh(1, u, v, i)),
  ];
  const outside = (polygon: readonly number[], u: number, v: number): number => -rig.distance(polygon, u, v);
  const fromBorder = (u: number, v: number): number => smoothstep(0, 0.07, -outside(FACE_OVAL, u, v));
  const fromNose = (u: number, v: number): number =>
    smoothstep(0.035, 0.095, Math.hypot((u - NOSE_BASE.u) * 0.75, v - NOSE_BASE.v)) * smoothstep(0.5, 0.6, v);
  const isUpper = (v: number, vertex: number): boolean =>
    (sideOfLip.get(vertex) ?? (v < MOUTH.v ? 'upper' : 'lower')) === 'upper';

  const brows = both((side, u, v) => {
    const lids = Math.min(...EYE_OPENINGS.map((eye) => outside(eye, u, v)));
    return smoothstep(0.11, 0.005, outside(BROWS[side], u, v)) * smoothstep(0.012, 0.055, lids) * fromBorder(u, v);
  });
  const lid = (upper: boolean): Pair =>
    both((side, u, v) => {
      const eye = EYE_OPENINGS[side];
      const [outer, inner] = [eye[0] * 2, eye[8] * 2];
      const t = (u - rig.uv[outer]) / (rig.uv[inner] - rig.uv[outer]);
      const line = rig.uv[outer + 1] + t * (rig.uv[inner + 1] - rig.uv[outer + 1]);
      if (t < -0.25 || t > 1.25) return 0;
      const distance = Math.max(0, outside(eye, u, v));
      if (v <= line !== upper) return 0;
      return clamp(1 - distance / (upper ? UPPER_LID_REACH : LOWER_LID_REACH), 0, 1);
    });
  const lipSide = (upper: boolean, reach: number): Float32Array =>
    make((u, v, vertex) => {
      if (isUpper(v, vertex) !== upper) return 0;
      return smoothstep(reach, 0, Math.max(0, outside(LIPS_OUTER, u, v))) * (upper ? fromNose(u, v) : 1);
    });
  return {
    u: make((u) => u),
    v: make((_, v) => v),
    brows,
    mouth: make(
      (u, v) => smoothstep(0.15, 0, Math.max(0, outside(LIPS_OUTER, u, v))) * fromNose(u, v) * fromBorder(u, v),
    ),
    lips: make((u, v) => smoothstep(0.045, 0, Math.max(0, outside(LIPS_OUTER, u, v)))),
    corners: both((side, u, v) => {
      const dx = (u - (MOUTH.u + (side === 0 ? -1 : 1) * MOUTH.halfWidth)) / 0.085;
      const dy = (v - MOUTH.v) / 0.075;
      return Math.exp(-(dx * dx + dy * dy) / 2) * fromNose(u, v) * fromBorder(u, v);
    }),
    upperLip: lipSide(true, 0.05),
    lowerLip: lipSide(false, 0.12),
    jaw: make((u, v, vertex) =>
      isUpper(v, vertex) ? 0 : smoothstep(MOUTH.v, 0.78, v) * smoothstep(0.34, 0.1, Math.abs(u - MOUTH.u)),
    ),
    upperLids: lid(true),
    lowerLids: lid(false),
  };
}
