import { describe, expect, it } from 'vitest';
import { type Actor, embeddingOf, faceOf, frameAt, meshOf, trackOf } from '../../test/helpers/actors.ts';
import { isAppError } from '../core/errors.ts';
import { boundsOf } from '../engine/faces/boxes.ts';
import type { FaceChooser } from '../trust/face-chooser.ts';
import { createPersonChooser } from './choose-by-person.ts';
import type { KnownPeople } from './people/find-people.ts';
import type { Beginning } from './people/name-people.ts';
import { personId } from './people/people.ts';
import type { PersonPlan } from './people/source-sets.ts';

/** People of these identities, in the order of their ids. */
function peopleOf(identities: readonly number[], beginnings: readonly (readonly Beginning[])[] = []): KnownPeople {
  const moment = { frame: 0, seconds: 0 };
  const known = identities.map((identity, index) => {
    const { box, landmarks5 } = faceOf({ trackId: 0, identity, x: 100 });
    return {
      person: {
        ...{
          id: personId(index),
          first: moment,
          last: moment,
          frames: 1,
          share: 1,
          tracks: 1,
          meanSize: 100,
          spans: [],
        },
        ...{ ageYears: 30, gender: 'female' as const, best: { ...moment, box } },
      },
      meanEmbedding: embeddingOf({ identity }),
      best: { ...moment, worth: 1, box, landmarks5 },
      beginnings: beginnings[index] ?? [],
    };
  });
  const persons = known.map(({ person }) => person);
  return {
    people: { kind: 'video', width: 640, height: 200, frames: 1, persons, unclearTracks: 0, notes: [] },
    known,
  };
}

const planOf = (sets: Readonly<Record<string, number | undefined>>, defaultSet?: number): PersonPlan => ({
  setOf: new Map(Object.entries(sets)),
  defaultSet,
});

type Scene = (frame: number) => readonly Actor[];

/** Lets a chooser see a scene. */
function stage(known: KnownPeople, plan: PersonPlan, scene: Scene) {
  let now = 0;
  const counter = { looks: 0 };
  const chooser: FaceChooser = createPersonChooser(known, plan, async (_, { trackId }) => {
    counter.looks++;
    return faceOf(scene(now).find((actor) => actor.trackId === trackId)!);
  });
  /** Sets by track, as in `0:1 1:0`. */
  const frame = async (index: number): Promise<string> => {
    now = index;
    const chosen = await chooser.choose(frameAt(index), scene(index).map(trackOf));
    return chosen.map(({ trackId, sourceSet }) => `${trackId}:${sourceSet}`).join(' ');
  };
  const frames = async (from: number, to: number): Promise<string[]> => {
    const answers: string[] = [];
    for (let index = from; index < to; index++) answers.push(await frame(index));
    return answers;
  };
  return { chooser, counter, frame, frames };
}

const left: Actor = { trackId: 0, identity: 5, x: 120 };
const right: Actor = { trackId: 1, identity: 7, x: 480 };
const BOTH = planOf({ person1: 0, person2: 1 });

describe('the chooser of --map', () => {
  it('knows each person in the first frame and looks seldom from then on', async () => {
    const { frames, counter } = stage(peopleOf([7, 5]), BOTH, () => [left, right]);
    expect(new Set(await frames(0, 250))).toEqual(new Set(['0:1 1:0']));
    expect(counter.looks).toBeLessThanOrEqual(16);
  });

  it('follows the person and not the place over a cut', async () => {
    const { frames } = stage(peopleOf([5, 7]), BOTH, (frame) =>
      frame < 10
        ? [left, right]
        : [
            { ...right, trackId: 2, x: 120 },
            { ...left, trackId: 3, x: 480 },
          ],
    );
    const answers = await frames(0, 20);
    expect(answers[9]).toBe('0:0 1:1');
    expect(answers[10]).toBe('2:1 3:0');
  });

  it('sees at once who has taken whose track over while they touched', async () => {
    const { frames } = stage(peopleOf([5, 7]), BOTH, (frame) => {
      const gap = Math.max(50, Math.abs(frame - 100) * 4);
      const [first, second] = frame < 100 ? [5, 7] : [7, 5];
      return [
        { trackId: 0, identity: first, x: 320 - gap / 2 },
        { trackId: 1, identity: second, x: 320 + gap / 2 },
      ];
    });
    const answers = await frames(0, 200);
    expect(new Set(answers.slice(0, 80))).toEqual(new Set(['0:0 1:1']));
    // A width of a face is 93 pixels here: they are apart 24 frames after the middle.
    expect(new Set(answers.slice(130))).toEqual(new Set(['0:1 1:0']));
  });

  it('sees in the end also what nobody could have noticed', async () => {
    const { frames } = stage(peopleOf([5, 7]), BOTH, (frame) => [{ ...left, identity: frame < 150 ? 5 : 7 }]);
    const answers = await frames(0, 290);
    expect(answers[149]).toBe('0:0');
    expect(answers[289]).toBe('0:1');
  });

  it('leaves those alone who are kept or not named', async () => {
    const people = peopleOf([5, 7, 9]);
    const third: Actor = { trackId: 2, identity: 9, x: 300 };
    const { frame } = stage(people, planOf({ person1: undefined, person2: 0 }), () => [left, right, third]);
    expect(await frame(0)).toBe('1:0');
  });

  it('gives everybody else the default sources, strangers too', async () => {
    const stranger: Actor = { trackId: 2, identity: 20, x: 300 };
    const { frame } = stage(peopleOf([5, 7]), planOf({ person1: undefined }, 0), () => [left, right, stranger]);
    expect(await frame(0)).toBe('1:0 2:0');
  });

  it('has no one twice in a frame: the more alike one it is', async () => {
    const like: Actor = { ...right, identity: 5, disguise: 0.4 };
    const { frame } = stage(peopleOf([5, 7]), BOTH, () => [like, left]);
    expect(await frame(0)).toBe('0:0');
  });

  it('calls nobody a stranger who was not seen from the front', async () => {
    const turned: Actor = { ...left, yawDegrees: 60, disguise: 1.6 };
    const plan = planOf({ person1: undefined }, 0);
    const { frames } = stage(peopleOf([5, 7]), plan, (frame) => [frame < 40 ? turned : left]);
    expect(new Set(await frames(0, 80))).toEqual(new Set(['']));
  });

  it('trusts what the whole of a track said about its first frames', async () => {
    const turned: Actor = { ...left, yawDegrees: 60, disguise: 1.6 };
    const beginnings = [[{ frame: 29, box: boundsOf(meshOf({ ...turned, x: 125 })) }]];
    const scene: Scene = (frame) => (frame < 30 ? [] : [turned]);
    expect(await stage(peopleOf([5], beginnings), planOf({ person1: 0 }), scene).frame(30)).toBe('0:0');
    // Somebody who begins elsewhere, or at another time, is not helped by that.
    const elsewhere: Scene = () => [{ ...turned, x: 400 }];
    expect(await stage(peopleOf([5], beginnings), planOf({ person1: 0 }), elsewhere).frame(30)).toBe('');
    expect(await stage(peopleOf([5], beginnings), planOf({ person1: 0 }), () => [turned]).frame(60)).toBe('');
  });

  it('does not give who is known from the beginning of a track to somebody else', async () => {
    const turned: Actor = { ...left, yawDegrees: 60 };
    const like: Actor = { ...right, identity: 5, disguise: 1.2 };
    const beginnings = [[{ frame: 0, box: boundsOf(meshOf(turned)) }]];
    const { frame } = stage(peopleOf([5, 7], beginnings), BOTH, () => [turned, like]);
    expect(await frame(0)).toBe('0:0');
  });

  it('names the persons there are for one there is not', () => {
    const create = (): unknown =>
      createPersonChooser(peopleOf([5, 7]), planOf({ person3: 0 }), async () => faceOf(left));
    expect(create).toThrow(
      expect.toSatisfy(
        (error: unknown) =>
          isAppError(error) && error.code === 'OPTION_INVALID' && error.message.includes('person1, person2'),
      ),
    );
  });

  it('goes on from a saved state as if nothing had been', async () => {
    const scene: Scene = (frame) => {
      const gap = Math.max(50, Math.abs(frame - 60) * 5);
      const turned = frame % 40 > 30 ? 50 : 0;
      return [
        { trackId: 0, identity: frame < 60 ? 5 : 7, x: 320 - gap / 2, yawDegrees: turned },
        ...(frame % 25 < 3 ? [] : [{ trackId: 1, identity: frame < 60 ? 7 : 5, x: 320 + gap / 2 }]),
      ];
    };
    const whole = await stage(peopleOf([5, 7]), BOTH, scene).frames(0, 120);
    expect(new Set(whole).size).toBeGreaterThan(2);
    for (let stop = 1; stop < 120; stop += 7) {
      const first = stage(peopleOf([5, 7]), BOTH, scene);
      const second = stage(peopleOf([5, 7]), BOTH, scene);
      await first.frames(0, stop);
      const state = structuredClone(first.chooser.save());
      await first.frames(stop, 120);
      second.chooser.restore(state);
      expect(await second.frames(stop, 120), `stopped before ${stop}`).toEqual(whole.slice(stop));
    }
  });
});
