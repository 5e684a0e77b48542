/** The dense mesh: MediaPipe's face mesh with attention, 468 vertices and ten of the irises. */

import { cropPicture, type Picture } from '../frames/picture.ts';
import { type Affine, squareToImage } from '../frames/similarity.ts';
import type { ModelSession, ModelStore } from '../inference/session.ts';
import {
  LEFT_EYE_VERTICES,
  LEFT_IRIS,
  LID_VERTEX_COUNT,
  LIP_VERTICES,
  RIGHT_EYE_VERTICES,
  RIGHT_IRIS,
} from './attention-indices.ts';
import { type FaceDetection, type FaceMesh, MESH_VERTEX_COUNT, type MeshRegion } from './face.ts';

/** Edge of the model's input in pixels. */
const INPUT_SIZE = 192;
/** Vertices of the face itself, before the irises. */
const FACE_VERTEX_COUNT = 468;
/** The model was trained on squares 1.5 times the face (MediaPipe, `face_landmark_front_cpu.pbtxt`). */
const REGION_SCALE = 1.5;
/** Outer corners of the eyes: their line is the roll of the head. */
const LEFT_EYE_CORNER = 33;
const RIGHT_EYE_CORNER = 263;

/** A mesh and how sure the model is, 0..1, that it looked at a face. Owned by the caller. */
export interface FoundMesh {
  readonly mesh: FaceMesh;
  readonly score: number;
}

/** Finds meshes with buffers of its own; one call at a time. */
export interface MeshFinder {
  /** Looks once, into `region`. */
  find(picture: Picture, region: MeshRegion): Promise<FoundMesh>;
  /**
   * Looks again into the region that the last mesh gives, `rounds` times more: the first region comes from a detector
   * and sits loosely. For photos, and for the first frame of a track.
   */
  settle(picture: Picture, region: MeshRegion, rounds?: number): Promise<FoundMesh>;
}

export interface MeshFinderOptions {
  /** See `CropOptions.maximumSamples`; unbounded by default. */
  readonly maximumSamples?: number;
}

/**
 * Opens the mesh model.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openMeshFinder(store: ModelStore, options: MeshFinderOptions = {}): Promise<MeshFinder> {
  const session = await store.session('face_mesh_attention');
  const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
  const find = (picture: Picture, region: MeshRegion): Promise<FoundMesh> =>
    runMesh(session, input, picture, region, options);
  return {
    find,
    async settle(picture, region, rounds = 2) {
      let found = await find(picture, region);
      for (let i = 0; i < rounds; i++) found = await find(picture, meshRegionOf(found.mesh));
      return found;
    },
  };
}

/** Opens the model and looks once; `openMeshFinder` keeps its buffers for many looks. */
export async function findMesh(store: ModelStore, picture: Picture, region: MeshRegion): Promise<FoundMesh> {
  const finder = await openMeshFinder(store);
  return finder.find(picture, region);
}

async function runMesh(
  session: ModelSession,
  input: Float32Array,
  picture: Picture,
  region: MeshRegion,
  options: MeshFinderOptions,
): Promise<FoundMesh> {
  const matrix = squareToImage(region.centreX, region.centreY, region.size, region.angle, INPUT_SIZE);
  cropPicture(picture, matrix, INPUT_SIZE, input, 1 / 255, 0, options);
  const output = await session.run({ input: { data: input, dims: [1, INPUT_SIZE, INPUT_SIZE, 3] } });
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  mesh.set(output.mesh!.data);
  refine(mesh, LEFT_EYE_VERTICES, output.left_eye!.data);
  refine(mesh, RIGHT_EYE_VERTICES, output.right_eye!.data);
  refine(mesh, LIP_VERTICES, output.lips!.data);
  placeIris(mesh, LEFT_IRIS, LEFT_EYE_VERTICES, output.left_iris!.data);
  placeIris(mesh, RIGHT_IRIS, RIGHT_EYE_VERTICES, output.right_iris!.data);
  toImage(mesh, matrix, region.size / INPUT_SIZE);
  return { mesh, score: 1 / (1 + Math.exp(-output.face_flag!.data[0]!)) };
}

/** Replaces x and y of `vertices`; their depth stays the coarse mesh's. */
function refine(mesh: FaceMesh, vertices: readonly number[], points: Float32Array): void {
  for (let i = 0; i < vertices.length; i++) {
    mesh[vertices[i]! * 3] = points[i * 2]!;
    mesh[vertices[i]! * 3 + 1] = points[i * 2 + 1]!;
  }
}

/** The model gives no depth for irises: MediaPipe takes the mean of the lid contour, and so do we. */
function placeIris(mesh: FaceMesh, first: number, eye: readonly number[], points: Float32Array): void {
  let depth = 0;
  for (let i = 0; i < LID_VERTEX_COUNT; i++) depth += mesh[eye[i]! * 3 + 2]! / LID_VERTEX_COUNT;
  for (let i = 0; i < 5; i++) {
    mesh[(first + i) * 3] = points[i * 2]!;
    mesh[(first + i) * 3 + 1] = points[i * 2 + 1]!;
    mesh[(first + i) * 3 + 2] = depth;
  }
}

/**
 * Shift of the model's coordinates to pixel centres, in input pixels. Measured by mirroring 21 faces: without it every
 * mesh sits 0.3 input pixels too far to the right and down.
 */
const CORNER_TO_CENTRE = -0.3;

function toImage(mesh: FaceMesh, [a, b, c, d, e, f]: Affine, scale: number): void {
  for (let i = 0; i < mesh.length; i += 3) {
    const x = mesh[i]! + CORNER_TO_CENTRE;
    const y = mesh[i + 1]! + CORNER_TO_CENTRE;
    mesh[i] = a * x + b * y + c;
    mesh[i + 1] = d * x + e * y + f;
    mesh[i + 2] = mesh[i + 2]! * scale;
  }
}

/** Where to look in the next frame, or again: the face's own bounds, upright along its eye line, 1.5 times as large. */
export function meshRegionOf(mesh: FaceMesh): MeshRegion {
  const left = LEFT_EYE_CORNER * 3;
  const right = RIGHT_EYE_CORNER * 3;
  const angle = Math.atan2(mesh[right + 1]! - mesh[left + 1]!, mesh[right]! - mesh[left]!);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let minimumX = Number.POSITIVE_INFINITY;
  let maximumX = Number.NEGATIVE_INFINITY;
  let minimumY = Number.POSITIVE_INFINITY;
  let maximumY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < FACE_VERTEX_COUNT * 3; i += 3) {
    const x = mesh[i]! * cos + mesh[i + 1]! * sin;
    const y = mesh[i + 1]! * cos - mesh[i]! * sin;
    if (x < minimumX) minimumX = x;
    if (x > maximumX) maximumX = x;
    if (y < minimumY) minimumY = y;
    if (y > maximumY) maximumY = y;
  }
  const x = (minimumX + maximumX) / 2;
  const y = (minimumY + maximumY) / 2;
  return {
    centreX: x * cos - y * sin,
    centreY: x * sin + y * cos,
    size: Math.max(maximumX - minimumX, maximumY - minimumY) * REGION_SCALE,
    angle,
  };
}

/** Where to look first: the detector's box, turned by its eye line. */
export function meshRegionOfDetection({ box, leftEye, rightEye }: FaceDetection): MeshRegion {
  return {
    centreX: (box.x0 + box.x1) / 2,
    centreY: (box.y0 + box.y1) / 2,
    size: Math.max(box.x1 - box.x0, box.y1 - box.y0) * REGION_SCALE,
    angle: Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]),
  };
}
