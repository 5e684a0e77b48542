/** The real tracker and choosers, stopped and gone on with at random frames. */
import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hide, photoFrame } from '../../test/helpers/planar-frames.ts';
import { readSampleFrames, readSamplePhoto } from '../../test/helpers/sample-media.ts';
import type { I420Frame } from '../core/image.ts';
import { parseProcessOptions } from '../core/options.ts';
import type { Stateful } from '../core/stateful.ts';
import { createFaceAnalyser } from '../engine/faces/analyse.ts';
import { boundsOf } from '../engine/faces/boxes.ts';
import { createTrackSteadier, type SteadyFrame } from '../engine/faces/steady-tracks.ts';
import { createFaceTracker, type TrackedFace } from '../engine/faces/track.ts';
import { createHandTracker } from '../engine/hands/hand-tracker.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../engine/inference/session.ts';
import { EndedTracks } from '../trust/ended-tracks.ts';
import { createFaceChooser, type Look } from './choose-in-video.ts';

let store: ModelStore;
let frames: I420Frame[];
beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  // A man who is hidden twice, then a photo.
  const clip = readSampleFrames('cap12_edit', 4, 48).map((frame, i) =>
    (i >= 20 && i < 23) || i === 40 ? hide(frame, 140, 260) : frame,
  );
  const photo = photoFrame(await readSamplePhoto(6, 400), clip[0]!);
  frames = [...clip, ...Array.from({ length: 12 }, () => photo)];
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

/** What a frame showed, as far as it is decided. */
interface Seen {
  readonly tracks: TrackedFace[];
  readonly chosen: number[];
  readonly steady: SteadyFrame<TrackedFace>[];
  readonly hands: unknown;
  readonly ended: number[];
}

async function open(mode: 'many' | 'one' | 'reference', reference: Float32Array) {
  const gender = mode === 'many' ? { faceSelectorGender: 'male' as const } : {};
  const options = parseProcessOptions({
    ...{ sourcePaths: ['s'], targetPath: 't', outputPath: 'o', faceSelectorMode: mode },
    ...gender,
  });
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const request = { embedding: true, classification: mode === 'many' };
  const look: Look = (frame, { rawMesh, meshScore, score }) =>
    analyser.describe(frame, { mesh: rawMesh, score: meshScore }, score, request);
  const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
  const hands = await createHandTracker(store);
  const chooser = createFaceChooser(options, look, reference);
  const steadier = createTrackSteadier<TrackedFace>();
  const ended = new EndedTracks();
  const parts: readonly Stateful[] = [tracker, hands, chooser, steadier, ended];
  return {
    parts,
    async see(index: number): Promise<Seen> {
      const frame = { ...frames[index]!, index, ptsSeconds: index / 25, release() {} };
      const tracks = await tracker.update(frame, frame.ptsSeconds);
      const chosen = [...(await chooser.choose(frame, tracks))];
      const isCut = tracker.lastWasCut;
      const gone = ended.update(frame.ptsSeconds, tracks);
      for (const trackId of gone) chooser.forget(trackId);
      const [face] = tracks;
      return {
        tracks,
        chosen: chosen.map(({ trackId }) => trackId),
        steady: steadier.push({ index, timeSeconds: frame.ptsSeconds, isCut, faces: chosen }),
        hands: face ? await hands.update(frame, boundsOf(face.mesh), false, frame.ptsSeconds) : null,
        ended: gone,
      };
    },
  };
}

it.each(['many', 'one', 'reference'] as const)('goes on from a saved state: %s', async (mode) => {
  const reference = await referenceOf(frames[0]!);
  const whole = await open(mode, reference);
  let part = await open(mode, reference);
  let bytes: Buffer | undefined;
  const all: Seen[] = [];
  for (const index of frames.keys()) {
    const expected = await whole.see(index);
    all.push(expected);
    // A fresh set for every frame: whatever is remembered has gone through bytes.
    if (bytes) {
      part = await open(mode, reference);
      const states: unknown[] = deserialize(bytes);
      for (const [i, state] of states.entries()) part.parts[i]!.restore(state);
    }
    const seen = await part.see(index);
    expect(serialize(seen).equals(serialize(expected)), `frame ${index}`).toBe(true);
    const states = part.parts.map((stateful) => stateful.save());
    bytes = serialize(states);
  }
  // What there was to remember: a loss, its end, a cut, a bridge.
  expect(all[22]!.tracks).toEqual([]);
  expect(all.at(-1)!.tracks.map(({ trackId }) => trackId)).toEqual([1, 2, 3, 4]);
  const followed = all.flatMap(({ steady }) => steady).slice(0, 48);
  expect(followed.every(({ faces }) => faces.length === 1 && faces[0]!.trackId === 0)).toBe(true);
});

it('is not changed by what happens after it was saved', async () => {
  const set = await open('one', await referenceOf(frames[0]!));
  for (let index = 0; index < 10; index++) await set.see(index);
  const states = set.parts.map((part) => part.save());
  const bytes = serialize(states);
  for (let index = 10; index < 30; index++) await set.see(index);
  expect(serialize(states).equals(bytes)).toBe(true);
  const other = await open('one', new Float32Array(128));
  for (const [i, part] of other.parts.entries()) part.restore(states[i]);
  for (let index = 10; index < 30; index++) await other.see(index);
  expect(serialize(states).equals(bytes)).toBe(true);
});

async function referenceOf(frame: I420Frame): Promise<Float32Array> {
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const [face] = await analyser.analyse(frame, { embedding: true });
  return face!.embedding!;
}
