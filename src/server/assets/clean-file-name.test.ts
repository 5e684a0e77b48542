import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFileName } from './clean-file-name.ts';

describe('the name of an upload', () => {
  it.each([
    ['party.mp4', 'party.mp4'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\party.mp4', 'party.mp4'],
    ['a\u0000b\r\nset-cookie.jpg', 'abset-cookie.jpg'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['  .hidden ', 'hidden'],
    ['-rf', 'rf'],
    ['a<b>:"|?*%.png', 'a_b_______.png'],
    ['Größe 漢字 👩‍👧.jpg', 'Größe 漢字 👩👧.jpg'],
    ['..', 'upload'],
    ['', 'upload'],
    ['\u200b\ufeff', 'upload'],
  ])('%j becomes %j', (name, expected) => {
    expect(cleanFileName(name)).toBe(expected);
  });

  it('keeps its ending when it is cut', () => {
    const name = cleanFileName(`${'漢'.repeat(500)}.jpeg`);
    expect(name).toMatch(/^漢+\.jpeg$/);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  });

  it('is safe whatever comes, and stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 400 })), (given) => {
        const name = cleanFileName(given);
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect(['', '.', '..']).not.toContain(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
        expect(cleanFileName(name)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });
});
