import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../../test/helpers/aligned-face.ts';
import { ellipticMesh } from '../../../test/helpers/elliptic-mesh.ts';
import type { Region } from '../../core/image.ts';
import type { FaceClassifier } from './classify.ts';
import { createTrackAges } from './track-ages.ts';

const region = pictureOf(100, 100, () => 90);
const mesh = ellipticMesh({ centreX: 50, centreY: 50, width: 40 });

/** Estimates these ages, one after another, and keeps what it was shown. */
function estimating(...ages: number[]): FaceClassifier & { readonly boxes: Region[] } {
  const boxes: Region[] = [];
  return {
    boxes,
    async classify(_picture, { box }) {
      boxes.push(box);
      return { ageYears: ages[(boxes.length - 1) % ages.length]!, gender: 'female', genderScore: 1 };
    },
  };
}

describe('ages of tracks', () => {
  it('are the mean of the estimates so far, face by face', async () => {
    const ages = createTrackAges(estimating(30, 60, 40));
    expect(await ages.ageOf(1, region, mesh)).toBe(30);
    expect(await ages.ageOf(2, region, mesh)).toBe(60);
    expect(await ages.ageOf(1, region, mesh)).toBe(35);
  });

  it('are estimated where the face is, and no more after thirty pictures', async () => {
    const classifier = estimating(20, 40);
    const ages = createTrackAges(classifier);
    for (let frame = 0; frame < 30; frame++) await ages.ageOf(7, region, mesh);
    expect(await ages.ageOf(7, region, mesh)).toBe(30);
    expect(classifier.boxes).toHaveLength(30);
    const { x0, x1 } = classifier.boxes[0]!;
    expect((x0 + x1) / 2).toBeCloseTo(50, 0);
  });

  it('are forgotten with the track, and go on from what was saved', async () => {
    const ages = createTrackAges(estimating(10, 20, 90));
    await ages.ageOf(1, region, mesh);
    await ages.ageOf(1, region, mesh);
    const saved = structuredClone(ages.save());
    ages.forget(1);
    expect(await ages.ageOf(1, region, mesh)).toBe(90);
    const later = createTrackAges(estimating(60));
    later.restore(saved);
    expect(await later.ageOf(1, region, mesh)).toBe(30);
    // What was saved is a copy.
    expect(saved).toEqual(new Map([[1, { count: 2, sumYears: 30 }]]));
  });
});
