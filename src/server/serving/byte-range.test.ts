import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByteRange } from './byte-range.ts';
import { matchesTag } from './entity-tag.ts';
import { disposition } from './serve-object.ts';

describe('a range of bytes', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=90-', { start: 90, end: 100 }],
    ['bytes=-5', { start: 95, end: 100 }],
    ['bytes=-500', { start: 0, end: 100 }],
    ['bytes=99-500', { start: 99, end: 100 }],
    ['Bytes = 0-1', undefined],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', undefined],
    ['bytes=0-1,4-5', undefined],
    ['bytes=-', undefined],
    ['rows=0-1', undefined],
    [undefined, undefined],
  ])('%s of 100', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected);
  });

  it('is never outside of the file, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.nat(), fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,20}-\d{0,20}$/)), (bytes, header) => {
        const range = parseByteRange(header, bytes);
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});

describe('what a caller has already', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", W/"a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    [undefined, false],
  ])('%s is the tag "a": %s', (header, expected) => {
    expect(matchesTag(header, 'W/"a"')).toBe(expected);
  });
});

describe('the name that a file is saved under', () => {
  it('says what the file is called, and never ends the header', () => {
    expect(disposition('attachment', 'Ferien "größe" 100%.mp4')).toBe(
      `attachment; filename="Ferien _gro__e_ 100_.mp4"; filename*=UTF-8''Ferien%20%22gr%C3%B6%C3%9Fe%22%20100%25.mp4`,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(disposition('inline', name)).toMatch(
          /^inline; filename="[ !#$&-[\]-~]*"; filename\*=UTF-8''[\w.!~%-]*$/,
        );
      }),
    );
  });
});
