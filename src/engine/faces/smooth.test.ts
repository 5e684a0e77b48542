import { describe, expect, it } from 'vitest';
import { type FaceMesh, MESH_VERTEX_COUNT } from './face.ts';
import { createMeshSmoother } from './smooth.ts';

/** Repeatable noise in -1..1. */
function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Points on an ellipsoid 200 pixels wide, moved by (x, y). */
function createMesh(x: number, y: number, noise: () => number, amount: number): FaceMesh {
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  for (let i = 0; i < MESH_VERTEX_COUNT; i++) {
    const a = i * 2.4;
    const r = Math.sqrt((i + 0.5) / MESH_VERTEX_COUNT) * 100;
    const depth = -Math.sqrt(Math.max(0, 1e4 - r * r));
    mesh.set([x + r * Math.cos(a) + amount * noise(), y + r * Math.sin(a) + amount * noise(), depth], i * 3);
  }
  return mesh;
}

const silence = (): number => 0;
const distance = (a: FaceMesh, b: FaceMesh): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) sum += Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!);
  return (sum * 3) / a.length;
};

describe('createMeshSmoother', () => {
  it('lets the first mesh pass', () => {
    const mesh = createMesh(100, 80, createNoise(1), 1);
    expect(distance(createMeshSmoother().step(mesh, 4), mesh)).toBeLessThan(1e-3);
  });

  it('takes more than half of the tremble out of a still face', () => {
    const smoother = createMeshSmoother();
    const noise = createNoise(7);
    const still = createMesh(100, 80, silence, 0);
    let raw = 0;
    let smooth = 0;
    for (let frame = 0; frame < 60; frame++) {
      const mesh = createMesh(100, 80, noise, 0.4);
      const result = smoother.step(mesh, frame / 25);
      if (frame < 10) continue;
      raw += distance(mesh, still);
      smooth += distance(result, still);
    }
    expect(smooth).toBeLessThan(raw / 2);
  });

  it('follows a head that moves by a third of its width a frame within a hundredth of it', () => {
    const smoother = createMeshSmoother();
    let last = 0;
    for (let frame = 0; frame < 20; frame++) {
      const mesh = createMesh(100 + frame * 60, 80, silence, 0);
      last = distance(smoother.step(mesh, frame / 25), mesh);
    }
    expect(last).toBeLessThan(2);
  });

  it('depends on time and not on the number of frames', () => {
    const run = (framesPerSecond: number): FaceMesh => {
      const smoother = createMeshSmoother();
      let result = createMesh(0, 0, silence, 0);
      for (let frame = 0; frame <= framesPerSecond; frame++) {
        result = smoother.step(createMesh((10 * frame) / framesPerSecond, 0, silence, 0), frame / framesPerSecond);
      }
      return result;
    };
    expect(distance(run(25), run(100))).toBeLessThan(0.5);
  });

  it('starts again after a gap, a step back in time, or a reset', () => {
    for (const restart of ['gap', 'back', 'reset'] as const) {
      const smoother = createMeshSmoother();
      smoother.step(createMesh(0, 0, silence, 0), 10);
      smoother.step(createMesh(0, 0, silence, 0), 10.04);
      const moved = createMesh(3, 2, createNoise(3), 2);
      if (restart === 'reset') smoother.reset();
      const time = { gap: 11, back: 9, reset: 10.08 }[restart];
      expect(distance(smoother.step(moved, time), moved), restart).toBeLessThan(1e-3);
    }
  });

  it('never changes what it was given', () => {
    const smoother = createMeshSmoother();
    const mesh = createMesh(5, 5, createNoise(2), 1);
    const copy = mesh.slice();
    smoother.step(mesh, 0);
    smoother.step(mesh, 0.04);
    expect(mesh).toEqual(copy);
  });
});
