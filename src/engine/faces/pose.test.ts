import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANONICAL_FACE } from './canonical-face.ts';
import { type FaceMesh, MESH_VERTEX_COUNT } from './face.ts';
import { poseOf } from './pose.ts';

const RADIANS = Math.PI / 180;

/** The canonical face turned by known angles: nodded, then turned, then tilted in the image. */
function turnedFace(yaw: number, pitch: number, roll: number, scale = 11): FaceMesh {
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  const [cy, sy] = [Math.cos(yaw * RADIANS), Math.sin(yaw * RADIANS)];
  const [cp, sp] = [Math.cos(pitch * RADIANS), Math.sin(pitch * RADIANS)];
  const [cr, sr] = [Math.cos(roll * RADIANS), Math.sin(roll * RADIANS)];
  for (const [vertex, , x, y, z] of CANONICAL_FACE) {
    // Nodding down moves the nose, at negative z, to larger y; turning right moves it to larger x.
    const y1 = y * cp - z * sp;
    const z1 = y * sp + z * cp;
    const x2 = x * cy - z1 * sy;
    const z2 = x * sy + z1 * cy;
    mesh.set([scale * (x2 * cr - y1 * sr) + 300, scale * (x2 * sr + y1 * cr) + 200, scale * z2], vertex * 3);
  }
  return mesh;
}

describe('poseOf', () => {
  it('is zero for the canonical face', () => {
    const pose = poseOf(turnedFace(0, 0, 0));
    for (const angle of Object.values(pose)) expect(Math.abs(angle)).toBeLessThan(1e-3);
  });

  it.each([
    ['right', turnedFace(30, 0, 0), { yawDegrees: 30, pitchDegrees: 0, rollDegrees: 0 }],
    ['down', turnedFace(0, 20, 0), { yawDegrees: 0, pitchDegrees: 20, rollDegrees: 0 }],
    ['clockwise', turnedFace(0, 0, 40), { yawDegrees: 0, pitchDegrees: 0, rollDegrees: 40 }],
  ])('reads a head turned %s with the documented sign', (_, mesh, expected) => {
    const pose = poseOf(mesh);
    for (const key of Object.keys(expected) as (keyof typeof expected)[])
      expect(pose[key]).toBeCloseTo(expected[key], 2);
  });

  it('does not depend on size', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 60, noNaN: true }), fc.integer({ min: -60, max: 60 }), (scale, yaw) => {
        expect(poseOf(turnedFace(yaw, 0, 0, scale)).yawDegrees).toBeCloseTo(yaw, 1);
      }),
    );
  });

  it('refuses a mesh without extent', () => {
    expect(() => poseOf(new Float32Array(MESH_VERTEX_COUNT * 3))).toThrow(
      expect.objectContaining({ code: 'FACE_DEGENERATE' }),
    );
  });
});
