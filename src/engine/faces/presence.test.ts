import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPresence } from './presence.ts';

const LIMITS = { small: { enter: 24, leave: 20 }, turned: { enter: 70, leave: 80 } } as const;
const create = (dwellFrames?: number) =>
  createPresence({ limits: LIMITS, ...(dwellFrames === undefined ? {} : { dwellFrames }) });

/** What becomes of one face that turns by these angles: `.` worked on, `t` left alone. */
function turn(angles: readonly number[], dwellFrames?: number): string {
  const presence = create(dwellFrames);
  return angles.map((turned) => (presence.step(0, { small: 100, turned }) ? 't' : '.')).join('');
}

describe('createPresence', () => {
  it.each([
    ['takes a track that begins within the limits', [70, 70, 70], '...'],
    ['leaves one that begins between them alone', [75, 75, 75, 75], 'tttt'],
    ['overlooks a moment past the limit', [60, 90, 90, 60, 90, 90, 60], '.......'],
    ['goes off when it lasts', [60, 81, 81, 81, 81], '...tt'],
    ['stays on between the limits', [60, 75, 80, 75, 80, 75], '......'],
    ['stays off between the limits', [90, 75, 79, 71, 75, 75], 'tttttt'],
    ['overlooks a moment within', [90, 60, 60, 75, 60, 60, 75], 'ttttttt'],
    ['comes back when it lasts', [90, 60, 60, 60, 60], 'ttt..'],
    ['takes what is no number for the worst', [60, Number.NaN, Number.NaN, Number.NaN], '...t'],
  ])('%s', (_name, angles, expected) => {
    expect(turn(angles)).toBe(expected);
  });

  it('follows at once where it need not dwell', () => {
    expect(turn([60, 81, 70, 81], 1)).toBe('.t.t');
  });

  it('says why, by what applies now, and keeps to the last reason until the face is back', () => {
    const presence = create(2);
    const steps = [
      [100, 90],
      [10, 90],
      [100, 90],
      [10, 60],
      [100, 60],
      [100, 60],
      [19, 60],
      [19, 60],
    ] as const;
    expect(steps.map(([small, turned]) => presence.step(3, { small, turned }))).toEqual([
      ...['turned', 'small', 'turned', 'small', 'small'],
      ...[undefined, undefined, 'small'],
    ]);
  });

  it('judges each track by itself, and forgets', () => {
    const presence = create();
    presence.step(0, { small: 100, turned: 90 });
    expect(presence.step(1, { small: 100, turned: 60 })).toBeUndefined();
    expect(presence.step(0, { small: 100, turned: 60 })).toBe('turned');
    presence.forget(0);
    expect(presence.step(0, { small: 100, turned: 60 })).toBeUndefined();
  });

  const angles = fc.array(fc.integer({ min: 60, max: 90 }), { maxLength: 60 });

  it('never changes its mind for less than the dwell', () => {
    fc.assert(
      fc.property(angles, fc.integer({ min: 1, max: 5 }), (turns, dwell) => {
        const runs = turn(turns, dwell).match(/t+|\.+/g) ?? [];
        // The last run may go on.
        for (const run of runs.slice(0, -1)) expect(run.length).toBeGreaterThanOrEqual(dwell);
      }),
    );
  });

  it('goes on from a saved state as if nothing had happened', () => {
    fc.assert(
      fc.property(angles, fc.nat(60), (turns, stop) => {
        const before = create();
        const first = turns.slice(0, stop).map((turned) => before.step(0, { small: 100, turned }));
        const state = before.save();
        const bytes = serialize(state);
        const after = create();
        after.restore(deserialize(bytes));
        const rest = turns.slice(stop).map((turned) => after.step(0, { small: 100, turned }));
        const whole = create();
        expect([...first, ...rest]).toEqual(turns.map((turned) => whole.step(0, { small: 100, turned })));
        for (const turned of [90, 90, 90, 60, 60, 60]) before.step(0, { small: 100, turned });
        expect(serialize(state).equals(bytes)).toBe(true);
      }),
    );
  });
});
