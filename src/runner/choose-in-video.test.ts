import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.ts';
import { type ProcessOptions, parseProcessOptions } from '../core/options.ts';
import { type Face, type Gender, MESH_VERTEX_COUNT } from '../engine/faces/face.ts';
import type { TrackedFace } from '../engine/faces/track.ts';
import type { VideoFrame } from '../media/video-reader.ts';
import { createFaceChooser, type Look } from './choose-in-video.ts';

/** Somebody in front of the camera: where, how large, who. */
interface Person {
  readonly trackId: number;
  readonly left: number;
  readonly size: number;
  /** Axis of the embedding: people on different axes are as unlike as can be. */
  readonly identity: number;
  readonly gender?: Gender;
}

const anna: Person = { trackId: 0, left: 0, size: 100, identity: 0, gender: 'female' };
const bert: Person = { trackId: 1, left: 200, size: 150, identity: 1, gender: 'male' };

const optionsOf = (options: Partial<ProcessOptions>) =>
  parseProcessOptions({ sourcePaths: ['s'], targetPath: 't', outputPath: 'o', ...options });

const embeddingOf = (identity: number): Float32Array => new Float32Array(128).fill(1, identity, identity + 1);

function meshOf({ left, size }: Person): Float32Array {
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  for (let i = 0; i < MESH_VERTEX_COUNT; i++) {
    mesh[i * 3] = left + (i % 2) * size;
    mesh[i * 3 + 1] = (i % 3 === 0 ? 0 : 1) * size;
  }
  return mesh;
}

function trackOf(person: Person): TrackedFace {
  const mesh = meshOf(person);
  return { trackId: person.trackId, mesh, rawMesh: mesh, meshScore: 0.9, score: 0.9 };
}

/** Looks at the people of a scene, counting; `identities` may mislead in some frames. */
function createScene(people: () => readonly Person[]): {
  looks: number;
  look: Look;
  frame(index: number): [VideoFrame, TrackedFace[]];
} {
  const scene = {
    looks: 0,
    look: (async (_frame, { trackId }) => {
      scene.looks++;
      const person = people().find((candidate) => candidate.trackId === trackId)!;
      const box = { x0: person.left, y0: 0, x1: person.left + person.size, y1: person.size };
      return {
        box,
        score: 0.9,
        meshScore: 0.9,
        mesh: meshOf(person),
        landmarks68: new Float32Array(136),
        landmarks5: new Float32Array(10),
        pose: { yawDegrees: 0, pitchDegrees: 0, rollDegrees: 0 },
        embedding: embeddingOf(person.identity),
        ageYears: 30,
        ...(person.gender ? { gender: person.gender } : {}),
      } satisfies Face;
    }) as Look,
    frame: (index: number): [VideoFrame, TrackedFace[]] => [
      {
        data: new Uint8Array(6),
        width: 2,
        height: 2,
        colour: { matrix: 'bt709', range: 'limited' },
        index,
        ptsSeconds: index / 25,
        release() {},
      },
      people().map(trackOf),
    ],
  };
  return scene;
}

const idsOf = (faces: readonly TrackedFace[]): number[] => faces.map(({ trackId }) => trackId);

describe('many', () => {
  it('takes everybody without looking', async () => {
    const scene = createScene(() => [anna, bert]);
    const chooser = createFaceChooser(optionsOf({ faceSelectorMode: 'many' }), scene.look);
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([0, 1]);
    expect(scene.looks).toBe(0);
  });

  it('with a filter looks at each track a few times over its life, not in every frame', async () => {
    const scene = createScene(() => [anna, bert]);
    const options = optionsOf({ faceSelectorMode: 'many', faceSelectorGender: 'male' });
    const chooser = createFaceChooser(options, scene.look);
    for (let index = 0; index < 1000; index++) {
      expect(idsOf(await chooser.choose(...scene.frame(index)))).toEqual([1]);
    }
    expect(scene.looks).toBeLessThanOrEqual(2 * 5);
  });

  it('follows the majority of looks where one was wrong', async () => {
    let mistaken = true;
    const scene = createScene(() => [mistaken ? { ...bert, gender: 'female' } : bert]);
    const options = optionsOf({ faceSelectorMode: 'many', faceSelectorGender: 'male' });
    const chooser = createFaceChooser(options, scene.look);
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([]);
    mistaken = false;
    let chosen: number[] = [];
    for (let index = 1; index < 300; index++) chosen = idsOf(await chooser.choose(...scene.frame(index)));
    expect(chosen).toEqual([1]);
  });
});

describe('reference', () => {
  it('takes the tracks that look like the reference', async () => {
    const scene = createScene(() => [anna, bert]);
    const chooser = createFaceChooser(optionsOf({}), scene.look, embeddingOf(0));
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([0]);
  });

  it('recognises a person again in a new track', async () => {
    let trackId = 0;
    const scene = createScene(() => [{ ...anna, trackId }]);
    const chooser = createFaceChooser(optionsOf({}), scene.look, embeddingOf(0));
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([0]);
    trackId = 7;
    expect(idsOf(await chooser.choose(...scene.frame(1)))).toEqual([7]);
  });

  it('waits for another frame where the mesh allows no answer', async () => {
    const scene = createScene(() => [anna]);
    let broken = true;
    const look: Look = (frame, track) => {
      if (broken) throw new AppError('FACE_DEGENERATE', 'collinear');
      return scene.look(frame, track);
    };
    const chooser = createFaceChooser(optionsOf({}), look, embeddingOf(0));
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([]);
    broken = false;
    expect(idsOf(await chooser.choose(...scene.frame(30)))).toEqual([0]);
  });

  it('does not hide other failures', async () => {
    const scene = createScene(() => [anna]);
    const look: Look = () => Promise.reject(new AppError('INFERENCE_FAILED', 'no memory'));
    const chooser = createFaceChooser(optionsOf({}), look, embeddingOf(0));
    await expect(chooser.choose(...scene.frame(0))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  });
});

describe('one', () => {
  it('takes the first in order and stays with it, also when the order changes', async () => {
    let people = [anna, bert];
    const scene = createScene(() => people);
    const options = optionsOf({ faceSelectorMode: 'one', faceSelectorOrder: 'large-small' });
    const chooser = createFaceChooser(options, scene.look);
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([1]);
    people = [{ ...anna, size: 400 }, bert];
    for (let index = 1; index < 50; index++) expect(idsOf(await chooser.choose(...scene.frame(index)))).toEqual([1]);
  });

  it('waits for its person to come back and takes nobody else meanwhile', async () => {
    let people: Person[] = [anna, bert];
    const scene = createScene(() => people);
    const chooser = createFaceChooser(optionsOf({ faceSelectorMode: 'one' }), scene.look);
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([1]);
    people = [anna];
    for (let index = 1; index < 100; index++) expect(idsOf(await chooser.choose(...scene.frame(index)))).toEqual([]);
    chooser.forget(1);
    people = [anna, { ...bert, trackId: 9 }];
    expect(idsOf(await chooser.choose(...scene.frame(100)))).toEqual([9]);
  });

  it('respects the filters when it chooses its person', async () => {
    const scene = createScene(() => [anna, bert]);
    const options = optionsOf({ faceSelectorMode: 'one', faceSelectorGender: 'female' });
    const chooser = createFaceChooser(options, scene.look);
    expect(idsOf(await chooser.choose(...scene.frame(0)))).toEqual([0]);
  });
});
