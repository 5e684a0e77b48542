import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChosenFrame, createTrackSteadier, type SteadyFace, type SteadyFrame } from './steady-tracks.ts';

/** One vertex at x = the time of the frame, so that what is linear in time can be told at a glance. */
function faceAt(trackId: number, timeSeconds: number, sourceSet?: number): SteadyFace {
  const mesh = new Float32Array([timeSeconds, 2 * timeSeconds, 0]);
  const rawMesh = new Float32Array([timeSeconds + 1, 0, 0]);
  return { trackId, mesh, rawMesh, meshScore: 0.9, score: 0.8, ...(sourceSet === undefined ? {} : { sourceSet }) };
}

/**
 * Frames of a scene as they are written: a letter a track, `.` nobody, `|` a cut before the next frame. Capitals and
 * small letters are one track with different sources.
 */
function framesOf(pattern: string, timeOf = (index: number): number => index / 4): ChosenFrame<SteadyFace>[] {
  const frames: ChosenFrame<SteadyFace>[] = [];
  let isCut = false;
  for (const letter of pattern) {
    if (letter === '|') {
      isCut = true;
      continue;
    }
    const timeSeconds = timeOf(frames.length);
    const code = letter.toLowerCase().charCodeAt(0) - 97;
    const faces = letter === '.' ? [] : [faceAt(code, timeSeconds, letter === letter.toLowerCase() ? 0 : 1)];
    frames.push({ index: frames.length + 100, timeSeconds, isCut, faces });
    isCut = false;
  }
  return frames;
}

function steady(frames: readonly ChosenFrame<SteadyFace>[], lookAhead = 3): SteadyFrame<SteadyFace>[] {
  const steadier = createTrackSteadier({ lookAhead });
  return [...frames.flatMap((frame) => steadier.push(frame)), ...steadier.flush()];
}

const letterOf = ({ trackId, sourceSet }: SteadyFace): string => {
  const letter = String.fromCharCode(97 + trackId);
  return sourceSet === 1 ? letter.toUpperCase() : letter;
};

/** As `framesOf` writes it, without cuts. */
const patternOf = (frames: readonly SteadyFrame<SteadyFace>[]): string =>
  frames.map(({ faces }) => faces.map(letterOf).join('') || '.').join('');

describe('createTrackSteadier', () => {
  it.each([
    ['passes what is steady', '...aaaaaa...', '...aaaaaa...'],
    ['bridges a gap as long as the look-ahead', 'aaaa...aaaa', 'aaaaaaaaaaa'],
    ['does not bridge a longer one', 'aaaa....aaaa', 'aaaa....aaaa'],
    ['drops what is there for a moment', '....a....aa....a.....', '.....................'],
    ['keeps what is there for longer', '....aaa....', '....aaa....'],
    ['makes one of what comes and goes', '....a.a.a.a....', '....aaaaaaa....'],
    ['does not bridge to a moment that a bridge would make longer', 'aaaa....a...a....', 'aaaa.............'],
    ['bridges no cut', 'aaaa.|.aaaa', 'aaaa..aaaa'],
    ['counts the frames of a scene apart', '....aa|aa....', '............'],
    ['keeps a face that fills a short scene', '....|aa|....|a|....', '....aa....a....'],
    ['drops one that does not', '....|aa.|....', '...........'],
    ['keeps a face that fills a short video', 'aa', 'aa'],
    ['drops one at the end of a video', '......aa', '........'],
    ['does not let another track stand in', 'aaaa.bbbb', 'aaaa.bbbb'],
    ['keeps to one source while another shows for a moment', 'aaaaAAAaaaa', 'aaaaaaaaaaa'],
    ['takes the other source when it stays', 'aaaaAAAA', 'aaaaAAAA'],
    ['takes one of two sources that alternate', 'aAaAaAaAaA', 'aaaaaaaaa.'],
  ])('%s', (_name, given, expected) => {
    expect(patternOf(steady(framesOf(given)))).toBe(expected);
  });

  it('delivers each frame in order, as many frames later as it looks ahead', () => {
    const frames = framesOf('aaaaaa');
    const steadier = createTrackSteadier({ lookAhead: 2 });
    expect(frames.map((frame) => steadier.push(frame).map(({ index }) => index))).toEqual([
      ...[[], [], [100], [101], [102], [103]],
    ]);
    expect(steadier.flush().map(({ index, timeSeconds }) => [index, timeSeconds])).toEqual([
      [104, 1],
      [105, 1.25],
    ]);
    expect(steadier.flush()).toEqual([]);
  });

  it('lets faces pass as they come without look-ahead', () => {
    const frames = framesOf('a.a..aAa|a');
    expect(steady(frames, 0).map(({ faces }) => faces)).toEqual(frames.map(({ faces }) => faces));
  });

  it('bridges in a straight line over time, and leaves what was seen alone', () => {
    const times = [0, 0.04, 0.08, 0.12, 0.32, 0.36, 0.4, 0.44, 0.48];
    const frames = framesOf('aaa...aaa', (index) => times[index]!);
    const result = steady(frames);
    for (const [i, { faces }] of result.entries()) {
      const [face] = faces;
      expect(face!.mesh[0]).toBeCloseTo(times[i]!, 6);
      expect(face!.mesh[1]).toBeCloseTo(2 * times[i]!, 6);
      expect(face!.rawMesh[0]).toBeCloseTo(1 + times[i]!, 6);
      if (frames[i]!.faces.length > 0) expect(face).toBe(frames[i]!.faces[0]);
    }
  });

  it('steadies each track by itself', () => {
    const left = framesOf('aaaa.aaaaaa....');
    const right = framesOf('...b.bbbb..bbbb');
    const both = left.map((frame, i) => ({ ...frame, faces: [...right[i]!.faces, ...frame.faces] }));
    const result = steady(both).map(({ faces }) => faces.map(letterOf).join(''));
    expect(result).toEqual([...['a', 'a', 'a', 'ab', 'ab', 'ab', 'ab', 'ab', 'ab', 'ab', 'ab', 'b', 'b', 'b', 'b']]);
  });

  const patterns = fc.string({ unit: fc.constantFrom('a', 'a', 'A', 'b', '.', '.', '|'), maxLength: 60 });

  it('leaves nobody on or off for a moment within a scene', () => {
    fc.assert(
      fc.property(patterns, fc.integer({ min: 1, max: 4 }), (pattern, lookAhead) => {
        const frames = framesOf(pattern);
        const result = steady(frames, lookAhead);
        expect(result.map(({ index }) => index)).toEqual(frames.map(({ index }) => index));
        for (const scene of scenesOf(frames, result)) {
          for (const letter of 'aAb') {
            const shown = scene.map(({ faces }) => (faces.some((face) => letterOf(face) === letter) ? letter : '.'));
            for (const { 0: run, index } of shown.join('').matchAll(/\.+|\w+/g)) {
              const reachesBorder = index === 0 || index + run.length === shown.length;
              const fillsScene = run.length === shown.length;
              const isOff = run.startsWith('.');
              const isLong = run.length > (isOff ? lookAhead : Math.max(1, lookAhead - 1));
              expect(isLong || (isOff ? reachesBorder : fillsScene), `${pattern}: ${run}`).toBe(true);
            }
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('goes on from a saved state as if nothing had happened', () => {
    fc.assert(
      fc.property(patterns, fc.nat(60), (pattern, stop) => {
        const frames = framesOf(pattern);
        const before = createTrackSteadier<SteadyFace>();
        const first = frames.slice(0, stop).flatMap((frame) => before.push(frame));
        const state = before.save();
        const bytes = serialize(state);
        const after = createTrackSteadier<SteadyFace>();
        after.restore(deserialize(bytes));
        const rest = [...frames.slice(stop).flatMap((frame) => after.push(frame)), ...after.flush()];
        expect([...first, ...rest]).toEqual(steady(frames));
        // A copy: what happens afterwards does not change it.
        for (const frame of frames.slice(stop)) before.push(frame);
        expect(serialize(state).equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** The frames of each scene. */
function scenesOf(
  frames: readonly ChosenFrame<SteadyFace>[],
  result: readonly SteadyFrame<SteadyFace>[],
): SteadyFrame<SteadyFace>[][] {
  const scenes: SteadyFrame<SteadyFace>[][] = [];
  for (const [i, frame] of result.entries()) {
    if (i === 0 || frames[i]!.isCut) scenes.push([]);
    scenes.at(-1)!.push(frame);
  }
  return scenes;
}
