import { describe, expect, it } from 'vitest';
import { coveredShareOf, keptAndLost } from '../../bench/kept-share.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { ellipticMesh } from '../helpers/elliptic-mesh.ts';

const SIZE = 200;
const mesh = ellipticMesh({ centreX: 100, centreY: 100, width: 100 });

function picture(level: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) data.fill(level(i % SIZE, Math.floor(i / SIZE)), i * 3, i * 3 + 3);
  return { data, width: SIZE, height: SIZE };
}

/** The left half of the picture, and so of the face, is covered. */
const alpha = new Uint8Array(SIZE * SIZE).map((_, i) => (i % SIZE < 100 ? 255 : 0));
const image = picture(() => 100);
const swappedWhole = picture(() => 150);

describe('keptAndLost', () => {
  it('gives all to a perfect mask', () => {
    const withMask = picture((x) => (x < 100 ? 100 : 150));
    const shares = keptAndLost({ image, alpha, mesh, without: swappedWhole, withMask, bare: swappedWhole });
    expect(shares).toEqual({ keptWithout: 0, kept: 1, faceLost: 0, unswapped: 0 });
  });

  it('counts what a mask that is cut too far to the right loses, and one too far to the left lets through', () => {
    const tooFar = picture((x) => (x < 125 ? 100 : 150));
    const generous = keptAndLost({ image, alpha, mesh, without: swappedWhole, withMask: tooFar, bare: swappedWhole });
    expect(generous.kept).toBe(1);
    // Right of the middle the ellipse has 60.9 % of its area within half of its half-width.
    expect(generous.faceLost).toBeCloseTo(0.609, 1);
    const tooShort = picture((x) => (x < 75 ? 100 : 150));
    const tight = keptAndLost({ image, alpha, mesh, without: swappedWhole, withMask: tooShort, bare: swappedWhole });
    expect(tight.faceLost).toBe(0);
    expect(tight.kept).toBeCloseTo(0.391, 1);
  });

  it('refuses to judge where nothing was swapped or nothing is covered', () => {
    const nothing = { image, alpha, mesh, without: image, withMask: image, bare: image };
    expect(() => keptAndLost(nothing)).toThrow(/changed no bare pixel/);
    const bareFace = { ...nothing, alpha: new Uint8Array(SIZE * SIZE), without: swappedWhole, bare: swappedWhole };
    expect(() => keptAndLost(bareFace)).toThrow(/does not reach the face/);
  });

  it('knows how much of the face is covered', () => {
    expect(coveredShareOf(alpha, mesh, SIZE, SIZE)).toBeCloseTo(0.5, 1);
  });
});
