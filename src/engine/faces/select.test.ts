import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcessOptions } from '../../core/options.ts';
import { toUnitLength } from './recognise.ts';
import {
  analysisNeededFor,
  type FaceSelection,
  orderFaces,
  referenceDistance,
  referenceFaceOf,
  type SelectableFace,
  selectFaces,
} from './select.ts';

const defaults: FaceSelection = parseProcessOptions({ sourcePaths: ['s'], targetPath: 't', outputPath: 'o' });
const options = (changes: Partial<FaceSelection>): FaceSelection => ({ ...defaults, ...changes });

interface Named extends SelectableFace {
  readonly name: string;
}

/** A unit vector at this cosine to the first axis. */
const atCosine = (cosine: number): Float32Array => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine), 0);

const face = (name: string, x0: number, y0: number, side: number, more: Partial<SelectableFace> = {}): Named => ({
  name,
  box: { x0, y0, x1: x0 + side, y1: y0 + side },
  score: 0.8,
  ...more,
});

const anna = face('anna', 10, 90, 50, { score: 0.7, gender: 'female', ageYears: 31.6, embedding: atCosine(1) });
const bert = face('bert', 200, 10, 90, { score: 0.9, gender: 'male', ageYears: 64, embedding: atCosine(0.8) });
const cleo = face('cleo', 400, 40, 20, { score: 0.6, gender: 'female', ageYears: 8.2, embedding: atCosine(0.95) });
const all = [anna, bert, cleo];
const names = (faces: readonly Named[]): string => faces.map(({ name }) => name).join(' ');

describe('order', () => {
  it.each([
    ['left-right', 'anna bert cleo'],
    ['right-left', 'cleo bert anna'],
    ['top-bottom', 'bert cleo anna'],
    ['bottom-top', 'anna cleo bert'],
    ['small-large', 'cleo anna bert'],
    ['large-small', 'bert anna cleo'],
    ['best-worst', 'bert anna cleo'],
    ['worst-best', 'cleo anna bert'],
  ] as const)('%s', (order, expected) => {
    expect(names(orderFaces(all, order))).toBe(expected);
    expect(names(all)).toBe('anna bert cleo');
  });
});

describe('selectFaces', () => {
  it('takes all with many, the first with one', () => {
    expect(names(selectFaces(all, options({ faceSelectorMode: 'many' })))).toBe('bert anna cleo');
    expect(names(selectFaces(all, options({ faceSelectorMode: 'one' })))).toBe('bert');
    expect(selectFaces([], options({ faceSelectorMode: 'one' }))).toEqual([]);
  });

  it('filters by gender and by age, both ends included', () => {
    const many = (changes: Partial<FaceSelection>): string =>
      names(selectFaces(all, options({ faceSelectorMode: 'many', ...changes })));
    expect(many({ faceSelectorGender: 'female' })).toBe('anna cleo');
    expect(many({ faceSelectorAgeStart: 31 })).toBe('bert anna');
    expect(many({ faceSelectorAgeEnd: 31 })).toBe('anna cleo');
    expect(many({ faceSelectorAgeStart: 32, faceSelectorAgeEnd: 63 })).toBe('');
    expect(many({ faceSelectorGender: 'male', faceSelectorAgeEnd: 64 })).toBe('bert');
  });

  it('takes those close enough to the reference, the closest first', () => {
    const within = (referenceFaceDistance: number): string =>
      names(selectFaces(all, options({ referenceFaceDistance }), anna.embedding));
    expect(within(0.3)).toBe('anna cleo');
    expect(within(0)).toBe('anna');
    expect(within(1)).toBe('anna cleo bert');
  });

  it('takes a face whose class of ages holds one year that is asked for', () => {
    const vague = face('vague', 0, 0, 10, { ageYears: 24, ageRange: [20, 28], gender: 'male' });
    const many = (faceSelectorAgeStart: number, faceSelectorAgeEnd: number): number =>
      selectFaces([vague], options({ faceSelectorMode: 'many', faceSelectorAgeStart, faceSelectorAgeEnd })).length;
    expect([many(27, 40), many(28, 40), many(0, 20), many(0, 19)]).toEqual([1, 0, 1, 0]);
  });

  it('measures by the recogniser', () => {
    const [a, b] = [atCosine(1), atCosine(0.92)];
    expect(referenceDistance(a, b)).toBeCloseTo(0.3, 5);
    expect(referenceDistance(a, b, 'arcface')).toBeCloseTo(0.04, 5);
    expect(referenceDistance(a, atCosine(-1), 'arcface')).toBe(1);
    const near = (faceRecognizerModel: string): string =>
      names(selectFaces(all, options({ faceRecognizerModel }), anna.embedding));
    expect(near('dlib')).toBe('anna cleo');
    expect(near('arcface')).toBe('anna cleo bert');
    expect(() => referenceDistance(a, new Float32Array(512))).toThrow(/one recogniser/);
  });

  it('says so when it lacks what it needs', () => {
    const bare = face('bare', 0, 0, 10);
    const fault = expect.objectContaining({ code: 'INTERNAL' });
    expect(() => selectFaces([bare], options({}), anna.embedding)).toThrow(fault);
    expect(() => selectFaces(all, options({}))).toThrow(fault);
    const byGender = options({ faceSelectorMode: 'many', faceSelectorGender: 'male' });
    expect(() => selectFaces([bare], byGender)).toThrow(fault);
  });
});

describe('referenceFaceOf', () => {
  it('counts positions after filter and order, and stops at the last', () => {
    expect(referenceFaceOf(all, options({ referenceFacePosition: 1 }))?.name).toBe('anna');
    expect(referenceFaceOf(all, options({ referenceFacePosition: 9 }))?.name).toBe('cleo');
    expect(referenceFaceOf(all, options({ faceSelectorGender: 'female' }))?.name).toBe('anna');
    expect(referenceFaceOf([], options({}))).toBeUndefined();
  });
});

describe('referenceDistance', () => {
  it('is 0.3 at the equal-error cosine, 0 for oneself, and at most 1', () => {
    expect(referenceDistance(atCosine(0.92), atCosine(1))).toBeCloseTo(0.3, 5);
    expect(referenceDistance(atCosine(1), atCosine(1))).toBe(0);
    expect(referenceDistance(atCosine(-1), atCosine(1))).toBe(1);
  });

  it('lies in 0..1 and is symmetric', () => {
    const vector = fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
      .map((values) => toUnitLength(Float32Array.from(values)));
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const distance = referenceDistance(a, b);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(distance).toBe(referenceDistance(b, a));
      }),
    );
  });
});

describe('analysisNeededFor', () => {
  it('asks for no more than the options use', () => {
    expect(analysisNeededFor(options({}))).toEqual({ embedding: true, classification: false });
    expect(analysisNeededFor(options({ faceSelectorMode: 'many', faceSelectorAgeEnd: 9 }))).toEqual({
      embedding: false,
      classification: true,
    });
  });
});
