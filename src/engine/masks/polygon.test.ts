import { describe, expect, it } from 'vitest';
import { convexHull, depthInHull, fillPolygon } from './polygon.ts';

const drawn = (width: number, height: number, points: readonly number[]): string[] => {
  const plane = new Uint8Array(width * height);
  fillPolygon(plane, width, height, points, 1);
  return Array.from({ length: height }, (_, y) => plane.subarray(y * width, (y + 1) * width).join(''));
};

describe('convexHull', () => {
  it('goes around clockwise and leaves out what lies inside or on an edge', () => {
    const points = [0, 0, 4, 0, 2, 1, 4, 3, 2, 0, 0, 3, 1, 1];
    expect([...convexHull(points)]).toEqual([0, 0, 4, 0, 4, 3, 0, 3]);
  });

  it('has no area for points on a line', () => {
    expect(convexHull([0, 0, 1, 1, 2, 2]).length).toBeLessThan(6);
  });
});

describe('fillPolygon', () => {
  it('fills with its border', () => {
    expect(drawn(6, 5, [1, 1, 4, 1, 4, 3, 1, 3])).toEqual(['000000', '011110', '011110', '011110', '000000']);
  });

  it('fills a triangle whose tip is a pixel', () => {
    expect(drawn(5, 3, [2, 0, 4, 2, 0, 2])).toEqual(['00100', '01110', '11111']);
  });

  it('leaves the notch of a concave polygon open', () => {
    expect(drawn(7, 4, [0, 0, 6, 0, 6, 3, 3, 0, 0, 3])).toEqual(['1111111', '1110111', '1100011', '1000001']);
  });

  it('is cut at the border of the plane', () => {
    expect(drawn(3, 3, [-5, -5, 9, -5, 9, 1, -5, 1])).toEqual(['111', '111', '000']);
    expect(drawn(3, 3, [10, 0, 12, 0, 12, 2, 10, 2])).toEqual(['000', '000', '000']);
  });
});

describe('depthInHull', () => {
  it('is the distance from the nearest edge, below 0 outside', () => {
    const depth = depthInHull(convexHull([2, 2, 8, 2, 8, 8, 2, 8]), 10, 10);
    expect(depth[5 * 10 + 5]).toBe(3);
    expect(depth[5 * 10 + 7]).toBe(1);
    expect(depth[2 * 10 + 5]).toBe(0);
    expect(depth[5 * 10]).toBe(-2);
  });
});
