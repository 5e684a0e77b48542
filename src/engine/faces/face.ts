import type { Region } from '../../core/image.ts';

/** Vertices of the attention mesh: 468 of the face, then five for each iris (image-left first). */
export const MESH_VERTEX_COUNT = 478;

/**
 * Dense landmarks: `Float32Array(478 * 3)` of x, y, z. x and y are pixels of the image (centre of the first pixel is
 * 0, 0); z is in the same scale, smaller is nearer.
 */
export type FaceMesh = Float32Array;

/** A detector's answer, in pixels of the image. */
export interface FaceDetection {
  readonly box: Region;
  /** 0..1 */
  readonly score: number;
  /** Image-left eye, image-right eye: enough for the roll of the head. */
  readonly leftEye: readonly [number, number];
  readonly rightEye: readonly [number, number];
  /** 5 x (x, y), where the detector gives them. */
  readonly landmarks5?: Float32Array;
}

/** The rotated square in which the mesh model looks. `angle` in radians, clockwise, 0 upright. */
export interface MeshRegion {
  readonly centreX: number;
  readonly centreY: number;
  readonly size: number;
  readonly angle: number;
}

/** Degrees; yaw > 0 towards the image's right, pitch > 0 downwards, roll > 0 clockwise. */
export interface Pose {
  readonly yawDegrees: number;
  readonly pitchDegrees: number;
  readonly rollDegrees: number;
}

export type Gender = 'female' | 'male';

/** One face of one image. Owned by the caller; never written to afterwards. */
export interface Face {
  readonly box: Region;
  /** Detector score, 0..1. */
  readonly score: number;
  /** How sure the mesh model is that it looks at a face, 0..1. */
  readonly meshScore: number;
  readonly mesh: FaceMesh;
  /** 68 x (x, y), iBUG order. */
  readonly landmarks68: Float32Array;
  /** 5 x (x, y): image-left eye, image-right eye, nose tip, left and right mouth corner. */
  readonly landmarks5: Float32Array;
  /** True where a landmarker of the user's has found them; else they are read off the mesh. */
  readonly hasOwnLandmarks?: boolean;
  readonly pose: Pose;
  /** Identity, unit length: 128 dimensions of the embedded recogniser, or what the chosen one gives. Only where asked for. */
  readonly embedding?: Float32Array;
  readonly ageYears?: number;
  /** `[from, to)`, where the classifier gives no more than that. */
  readonly ageRange?: readonly [number, number];
  readonly gender?: Gender;
}
