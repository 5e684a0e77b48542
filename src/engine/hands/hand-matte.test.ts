import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { HAND_POINT_COUNT, type HandPoints, palmWidthOf, turnOf } from './hand.ts';
import { nextHandRegion } from './hand-landmarks.ts';
import { applyHand, createHandMatteMaker, handCoverageAt } from './hand-matte.ts';

const SIZE = 240;

/** A flat hand that points up, wrist at (x, y), palm about 60 pixels wide. */
function createHand(x: number, y: number): HandPoints {
  const points = new Float32Array(HAND_POINT_COUNT * 3);
  points.set([x, y, 0], 0);
  for (let finger = 0; finger < 5; finger++) {
    for (let joint = 0; joint < 4; joint++) {
      const reach = finger === 0 ? 20 + joint * 15 : 60 + joint * 18;
      const across = finger === 0 ? -35 - joint * 8 : -30 + (finger - 1) * 20;
      points.set([x + across, y - reach, 0], (1 + finger * 4 + joint) * 3);
    }
  }
  return points;
}

const picture: RgbImage = { data: new Uint8Array(SIZE * SIZE * 3).fill(120), width: SIZE, height: SIZE };
const WHOLE = { x0: 0, y0: 0, x1: SIZE, y1: SIZE };

describe('createHandMatteMaker', () => {
  it('covers fingers and palm, and leaves the rest', () => {
    const hand = createHand(120, 200);
    const matte = createHandMatteMaker().make(picture, [hand], WHOLE)!;
    // Palm, a finger's middle, and the wrist.
    expect(handCoverageAt(matte, 120, 160)).toBe(1);
    expect(handCoverageAt(matte, hand[7 * 3]!, hand[7 * 3 + 1]!)).toBeGreaterThan(0.8);
    expect(handCoverageAt(matte, 120, 198)).toBe(1);
    // Corners, and well beyond the fingertips.
    for (const [x, y] of [
      [10, 10],
      [230, 10],
      [120, 40],
      [230, 130],
    ] as const) {
      expect(handCoverageAt(matte, x, y)).toBe(0);
    }
  });

  it('follows the edge that the picture has near the bones', () => {
    // The hand is bright to the left of x = 132, just beyond the fingers' bones; everything else is dark.
    const bright: RgbImage = { ...picture, data: picture.data.slice() };
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) bright.data.fill(x < 132 ? 200 : 30, (y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3);
    }
    const hand = createHand(90, 200);
    const make = (from: RgbImage) => createHandMatteMaker().make(from, [hand], WHOLE)!;
    const outside = { x: 137, y: 130 };
    expect(handCoverageAt(make(bright), outside.x, outside.y)).toBeLessThan(
      handCoverageAt(make(picture), outside.x, outside.y) + 1e-9,
    );
    const sharp = handCoverageAt(make(bright), 128, 120) - handCoverageAt(make(bright), 136, 120);
    const soft = handCoverageAt(make(picture), 128, 120) - handCoverageAt(make(picture), 136, 120);
    expect(sharp).toBeGreaterThan(soft);
  });

  it('returns null when no hand reaches the region', () => {
    const make = createHandMatteMaker().make;
    expect(make(picture, [], WHOLE)).toBeNull();
    expect(make(picture, [createHand(120, 200)], { x0: 0, y0: 0, x1: 30, y1: 30 })).toBeNull();
    expect(make(picture, [createHand(900, 900)], WHOLE)).toBeNull();
  });

  it('says the same in a second run: nothing is left over in its memory', () => {
    const maker = createHandMatteMaker();
    const first = maker.make(picture, [createHand(120, 200)], WHOLE)!;
    maker.make(picture, [createHand(60, 230), createHand(180, 230)], WHOLE);
    expect(maker.make(picture, [createHand(120, 200)], WHOLE)).toEqual(first);
  });
});

describe('applyHand', () => {
  it('puts the covered pixels back exactly and touches nothing else', () => {
    const matte = createHandMatteMaker().make(picture, [createHand(120, 200)], WHOLE)!;
    const to: RgbImage = { ...picture, data: new Uint8Array(picture.data.length).fill(20) };
    applyHand(matte, picture, to);
    expect(to.data[(160 * SIZE + 120) * 3]).toBe(120);
    expect(to.data[(10 * SIZE + 10) * 3]).toBe(20);
    expect(to.data.every((value) => value >= 20 && value <= 120)).toBe(true);
  });
});

describe('hand geometry', () => {
  it('measures the palm and the turn', () => {
    expect(palmWidthOf(createHand(0, 0))).toBeCloseTo(60, 0);
    expect(turnOf(0, 0, 0, -1)).toBeCloseTo(0);
    expect(turnOf(0, 0, 1, 0)).toBeCloseTo(Math.PI / 2);
    expect(Math.abs(turnOf(0, 0, 0, 1))).toBeCloseTo(Math.PI);
  });

  it('looks next where the hand is, whichever way it points', () => {
    const upright = createHand(120, 200);
    const region = nextHandRegion(upright);
    expect(Math.abs(region.angle)).toBeLessThan(0.2);
    const turned = new Float32Array(upright.length);
    for (let i = 0; i < upright.length; i += 3) turned.set([-upright[i + 1]!, upright[i]!, 0], i);
    const next = nextHandRegion(turned);
    expect(next.angle).toBeCloseTo(region.angle + Math.PI / 2, 4);
    expect(next.size).toBeCloseTo(region.size, 2);
    expect(next.centreX).toBeCloseTo(-region.centreY, 2);
    expect(next.centreY).toBeCloseTo(region.centreX, 2);
  });
});
