import { describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { parsePersonMap } from './parse-map.ts';
import { allSourcePaths, checkMap, planPersons, planRanges, sourceSetsOf } from './source-sets.ts';

const invalid = (message: RegExp) =>
  expect.toSatisfy(
    (error: unknown) => isAppError(error) && error.code === 'OPTION_INVALID' && message.test(error.message),
  );
const optionsOf = (call: object) => parseProcessOptions({ targetPath: 't.mp4', outputPath: 'o.mp4', ...call });

describe('parsePersonMap', () => {
  it('takes photos apart at commas, and the person off at the first =', () => {
    expect(parsePersonMap(['person1=a.jpg', 'person12=b 1.jpg,b=2.jpg', 'person3=keep'])).toEqual([
      { person: 'person1', sourcePaths: ['a.jpg'] },
      { person: 'person12', sourcePaths: ['b 1.jpg', 'b=2.jpg'] },
      { person: 'person3', sourcePaths: [] },
    ]);
  });

  it('reads \\, as a comma of the name, and every other backslash as itself', () => {
    expect(parsePersonMap(['person1=a\\,b.jpg,C:\\photos\\c.jpg'])[0]!.sourcePaths).toEqual([
      'a,b.jpg',
      'C:\\photos\\c.jpg',
    ]);
  });

  it('takes a file called keep by its folder', () => {
    expect(parsePersonMap(['person1=./keep'])[0]!.sourcePaths).toEqual(['./keep']);
  });

  it.each(['alice.jpg', 'person0=a.jpg', 'person=a.jpg', 'person01=a.jpg', 'Person1=a.jpg', '=a.jpg'])(
    'refuses %s',
    (text) => {
      expect(() => parsePersonMap([text])).toThrow(invalid(/^Expected person1=alice\.jpg/));
    },
  );

  it.each(['person1=', 'person1=a.jpg,', 'person1=,a.jpg'])('refuses the missing file of %s', (text) => {
    expect(() => parsePersonMap([text])).toThrow(invalid(/Expected a file after every =/));
  });

  it('refuses a person who is named twice', () => {
    expect(() => parsePersonMap(['person2=a.jpg', 'person2=keep'])).toThrow(invalid(/person2 twice/));
  });
});

describe('sets of sources', () => {
  it('are the sources alone without a map', () => {
    expect(sourceSetsOf({ map: [], sourcePaths: ['a.jpg', 'b.jpg'] })).toEqual([['a.jpg', 'b.jpg']]);
  });

  it('are one for each person who gets a face', () => {
    const options = { map: ['person1=a.jpg', 'person2=keep', 'person3=b.jpg,a.jpg'], sourcePaths: [] };
    expect(sourceSetsOf(options)).toEqual([['a.jpg'], ['b.jpg', 'a.jpg']]);
    expect(allSourcePaths(options)).toEqual(['a.jpg', 'b.jpg']);
    const { setOf, defaultSet } = planPersons(options);
    expect([...setOf]).toEqual([
      ['person1', 0],
      ['person2', undefined],
      ['person3', 1],
    ]);
    expect(defaultSet).toBeUndefined();
  });

  it('begin with the sources, which serve everybody who is not named', () => {
    const options = { map: ['person1=keep', 'person2=a.jpg'], sourcePaths: ['x.jpg'] };
    expect(sourceSetsOf(options)).toEqual([['x.jpg'], ['a.jpg']]);
    const { setOf, defaultSet } = planPersons(options);
    expect(setOf.get('person2')).toBe(1);
    expect(defaultSet).toBe(0);
  });

  it('go on with those that only a range names, and a range shares what the run has', () => {
    const ranges = [
      { start: 50, end: 60, map: ['person1=keep', 'person2=a.jpg'] },
      { start: 0, end: 10, map: ['person1=c.jpg'] },
    ];
    const options = { map: ['person1=a.jpg', 'person2=b.jpg'], sourcePaths: [], ranges };
    expect(sourceSetsOf(options)).toEqual([['a.jpg'], ['b.jpg'], ['c.jpg']]);
    expect(planRanges(options).map(({ start, plan }) => [start, ...plan.setOf])).toEqual([
      [0, ['person1', 2], ['person2', 1]],
      [50, ['person1', undefined], ['person2', 0]],
    ]);
  });

  it('of a range need a map of the run, in which then everybody may be kept', () => {
    const ranges = [{ start: 0, end: 10, map: ['person1=c.jpg'] }];
    expect(() => checkMap(optionsOf({ ranges }))).toThrow(invalid(/Expected --map/));
    expect(() => checkMap(optionsOf({ map: ['person1=keep'], ranges }))).not.toThrow();
    expect(sourceSetsOf({ map: ['person1=keep'], sourcePaths: [], ranges })).toEqual([['c.jpg']]);
  });

  it('are refused where everybody is kept', () => {
    expect(() => checkMap(optionsOf({ map: ['person1=keep'] }))).toThrow(invalid(/received only keep/));
    expect(() => checkMap(optionsOf({ map: ['person1=keep'], sourcePaths: ['x.jpg'] }))).not.toThrow();
  });

  it.each([{ faceSelectorMode: 'many' }, { faceSelectorGender: 'male' }, { faceSelectorAgeEnd: 40 }])(
    'are refused beside a face selector: %o',
    (selector) => {
      expect(() => checkMap(optionsOf({ map: ['person1=a.jpg'], ...selector }))).toThrow(invalid(/received both/));
      expect(() => checkMap(optionsOf({ sourcePaths: ['a.jpg'], ...selector }))).not.toThrow();
    },
  );
});
