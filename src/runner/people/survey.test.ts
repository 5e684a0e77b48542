import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Actor, faceOf, frameAt, trackOf } from '../../../test/helpers/actors.ts';
import { readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import { similarity } from '../../engine/faces/recognise.ts';
import { sharpnessOf } from './look-quality.ts';
import { namePeople } from './name-people.ts';
import { PeopleSurvey } from './survey.ts';

/** Watches `frames` frames of a scene. */
async function watch(frames: number, scene: (frame: number) => readonly Actor[]) {
  let looks = 0;
  let actors: readonly Actor[] = [];
  const survey = new PeopleSurvey(async (_, { trackId }) => {
    looks++;
    return faceOf(actors.find((actor) => actor.trackId === trackId)!);
  });
  for (let frame = 0; frame < frames; frame++) {
    actors = scene(frame);
    await survey.observe(frameAt(frame), actors.map(trackOf));
  }
  const { persons, unclearTracks } = namePeople(survey.tracklets, survey.frames);
  return {
    looks,
    tracklets: survey.tracklets,
    known: persons,
    persons: persons.map(({ person }) => person),
    unclearTracks,
  };
}

describe('a survey', () => {
  it('looks at a face a few times, at first soon and then seldom', async () => {
    const { looks, persons } = await watch(400, () => [{ trackId: 0, identity: 3, x: 100, gender: 'male' }]);
    expect(looks).toBeLessThanOrEqual(10);
    expect(looks).toBeGreaterThanOrEqual(5);
    expect(persons).toHaveLength(1);
    expect(persons[0]).toMatchObject({ id: 'person1', frames: 400, share: 1, tracks: 1, gender: 'male' });
    expect(persons[0]!.ageYears).toBeCloseTo(23, 3);
    expect(persons[0]!.last).toEqual({ frame: 399, seconds: 15.96 });
  });

  it('knows people again after a cut, on other places and with other tracks', async () => {
    const { persons } = await watch(60, (frame) =>
      frame < 30
        ? [
            { trackId: 0, identity: 1, x: 100 },
            { trackId: 1, identity: 2, x: 400 },
          ]
        : [
            { trackId: 2, identity: 2, x: 100 },
            { trackId: 3, identity: 1, x: 400 },
          ],
    );
    expect(persons.map(({ frames, tracks, ageYears }) => [frames, tracks, Math.round(ageYears)])).toEqual([
      [60, 2, 21],
      [60, 2, 22],
    ]);
  });

  it('orders by frames, then by who comes first, then from left to right', async () => {
    const { persons } = await watch(60, (frame) => [
      { trackId: 0, identity: 1, x: 500 },
      { trackId: 1, identity: 2, x: 100 },
      ...(frame >= 10 && frame < 30 ? [{ trackId: 2, identity: 3, x: 300 }] : []),
      ...(frame < 20 ? [{ trackId: 3, identity: 4, x: 200 }] : []),
    ]);
    expect(persons.map(({ ageYears }) => Math.round(ageYears))).toEqual([22, 21, 24, 23]);
  });

  it('never takes two who are seen together for one, however alike', async () => {
    const twins = [
      { trackId: 0, identity: 1, x: 100 },
      { trackId: 1, identity: 1, x: 400 },
    ];
    const { persons } = await watch(40, () => twins);
    expect(persons.map(({ frames }) => frames)).toEqual([40, 40]);
  });

  it('notices that a track has changed over to somebody else', async () => {
    const { persons } = await watch(300, (frame) => [{ trackId: 0, identity: frame < 150 ? 1 : 2, x: 100 }]);
    expect(persons).toHaveLength(2);
    // The change is seen at the next look.
    for (const { frames } of persons) expect(Math.abs(frames - 150)).toBeLessThanOrEqual(64);
    expect(persons[0]!.frames + persons[1]!.frames).toBe(300);
  });

  it('notices at once where the track came back in another face', async () => {
    const { persons } = await watch(300, (frame) =>
      frame >= 150 && frame < 153 ? [] : [{ trackId: 0, identity: frame < 150 ? 1 : 2, x: 100 }],
    );
    expect(persons.map(({ frames }) => frames)).toEqual([150, 147]);
  });

  it('notices at once that two have changed their tracks while they touched', async () => {
    const { persons } = await watch(200, (frame) => {
      const isAfter = frame >= 100;
      const gap = Math.max(60, Math.abs(frame - 100) * 4);
      return [
        { trackId: 0, identity: isAfter ? 2 : 1, x: 320 - gap / 2 },
        { trackId: 1, identity: isAfter ? 1 : 2, x: 320 + gap / 2 },
      ];
    });
    expect(persons).toHaveLength(2);
    for (const { frames } of persons) expect(frames).toBe(200);
  });

  it('joins who is seen from the side only to the most alike person, and leaves out who is nobody', async () => {
    const { persons, unclearTracks } = await watch(120, (frame) => {
      if (frame < 60) return [{ trackId: 0, identity: 1, x: 100 }];
      if (frame < 90) return [{ trackId: 1, identity: 1, x: 100, yawDegrees: 60, disguise: 0.9 }];
      if (frame < 108) return [{ trackId: 2, identity: 2, x: 100, yawDegrees: 60 }];
      return frame < 110 ? [{ trackId: 3, identity: 3, x: 100 }] : [];
    });
    expect(persons.map(({ frames, tracks }) => [frames, tracks])).toEqual([[90, 2]]);
    expect(unclearTracks).toBe(2);
  });

  it('takes the largest view from the front as the best one', async () => {
    const { persons } = await watch(80, (frame) => [
      { trackId: 0, identity: 1, x: 300, size: frame < 20 ? 60 : 110, yawDegrees: frame < 40 ? 0 : 34 },
    ]);
    expect(persons[0]!.best.frame).toBeGreaterThanOrEqual(20);
    expect(persons[0]!.best.frame).toBeLessThan(40);
  });

  it('finds ten people in a thousand tracks, and remembers little of each', async () => {
    const { persons, tracklets, known } = await watch(4000, (frame) => {
      const shot = Math.floor(frame / 8);
      return [
        { trackId: 2 * shot, identity: shot % 10, x: 150, disguise: (shot % 7) / 14 },
        { trackId: 2 * shot + 1, identity: (shot + 3) % 10, x: 450, disguise: (shot % 5) / 10 },
      ];
    });
    expect(tracklets).toHaveLength(1000);
    expect(persons.map(({ frames }) => frames)).toEqual(new Array(10).fill(800));
    for (const { meanEmbedding } of known) expect(similarity(meanEmbedding, meanEmbedding)).toBeGreaterThan(0.95);
  });
});

it('sharpness falls with blur and not with darkness', async () => {
  const photo = await readSamplePhoto(1, 960);
  const raw = { raw: { width: photo.width, height: photo.height, channels: 3 as const } };
  const variant = async (change: (picture: Sharp) => Sharp) => ({
    ...photo,
    data: new Uint8Array(await change(sharp(photo.data, raw)).raw().toBuffer()),
  });
  const track = trackOf({ trackId: 0, identity: 0, x: 784, size: 110 });
  // The face is 167 pixels from the top, the made-up mesh 100.
  const rawMesh = track.rawMesh.map((value, i) => (i % 3 === 1 ? value + 67 : value));
  const plain = sharpnessOf(photo, { rawMesh });
  const dark = sharpnessOf(await variant((picture) => picture.linear(0.5, 0)), { rawMesh });
  const blurred = sharpnessOf(await variant((picture) => picture.blur(3)), { rawMesh });
  expect(dark).toBeGreaterThan(0.85 * plain);
  expect(blurred).toBeLessThan(0.6 * plain);
});
