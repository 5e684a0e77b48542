/** Made-up people in front of a camera, for what follows and recognises faces without looking at pixels. */
import { boundsOf } from '../../src/engine/faces/boxes.ts';
import { CANONICAL_FACE } from '../../src/engine/faces/canonical-face.ts';
import { type Face, type FaceMesh, type Gender, MESH_VERTEX_COUNT } from '../../src/engine/faces/face.ts';
import { toUnitLength } from '../../src/engine/faces/recognise.ts';
import type { TrackedFace } from '../../src/engine/faces/track.ts';
import type { VideoFrame } from '../../src/media/video-reader.ts';

/** Somebody in one frame. */
export interface Actor {
  readonly trackId: number;
  /** Strangers have a cosine of 0.88, the median of true ones; 0..99. */
  readonly identity: number;
  /** Middle of the face, pixels. */
  readonly x: number;
  /** About the height of the face, pixels; 100 by default. */
  readonly size?: number;
  readonly yawDegrees?: number;
  readonly gender?: Gender;
  /** How far this view is from others of the person: its cosine to them falls with the square. */
  readonly disguise?: number;
}

/** Height of the canonical face in its own unit. */
const CANONICAL_HEIGHT = 17;
const HEIGHT = 200;

/** The canonical face, turned. */
export function meshOf({ x, size = 100, yawDegrees = 0 }: Actor): FaceMesh {
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  const scale = size / CANONICAL_HEIGHT;
  const [cos, sin] = [Math.cos((yawDegrees * Math.PI) / 180), Math.sin((yawDegrees * Math.PI) / 180)];
  for (let i = 0; i < MESH_VERTEX_COUNT; i++) mesh.set([x, HEIGHT / 2, 0], i * 3);
  for (const [vertex, , px, py, pz] of CANONICAL_FACE) {
    mesh.set([x + scale * (px * cos - pz * sin), HEIGHT / 2 + scale * py, scale * (px * sin + pz * cos)], vertex * 3);
  }
  return mesh;
}

export const trackOf = (actor: Actor): TrackedFace => {
  const mesh = meshOf(actor);
  return { trackId: actor.trackId, mesh, rawMesh: mesh, meshScore: 0.95, score: 0.9 };
};

/** A common part, as the recogniser's embeddings have, and one of the person's own. */
export function embeddingOf({ identity, disguise = 0 }: Pick<Actor, 'identity' | 'disguise'>): Float32Array {
  const vector = new Float32Array(128);
  vector[0] = 2.71;
  vector[1 + identity] = 1;
  vector[101 + (identity % 20)] = disguise;
  return toUnitLength(vector);
}

/** What a full look at somebody finds. */
export function faceOf(actor: Actor): Face {
  const mesh = meshOf(actor);
  return {
    box: boundsOf(mesh),
    score: 0.9,
    meshScore: 0.95,
    mesh,
    landmarks68: new Float32Array(136),
    landmarks5: new Float32Array(10),
    pose: { yawDegrees: actor.yawDegrees ?? 0, pitchDegrees: 0, rollDegrees: 0 },
    embedding: embeddingOf(actor),
    ageYears: 20 + actor.identity,
    gender: actor.gender ?? 'female',
  };
}

/** Noise: as sharp as can be everywhere. */
const NOISE = Uint8Array.from({ length: 640 * HEIGHT * 1.5 }, (_, i) => (i * 2654435761) >>> 24);

/** A frame of 640 x 200 at 25 a second. */
export const frameAt = (index: number): VideoFrame => ({
  data: NOISE,
  width: 640,
  height: HEIGHT,
  colour: { matrix: 'bt709', range: 'limited' },
  index,
  ptsSeconds: index / 25,
  release() {},
});
