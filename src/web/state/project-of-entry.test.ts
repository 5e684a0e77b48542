import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT } from './document.ts';
import { projectOfEntry } from './project-of-entry.ts';

const names = { person: 'Source A', target: 'target', source: (number: number) => `source ${number}` };

test('settings and media come out of what was recorded, media under their hashes', () => {
  const ranges = [
    { start: 0, end: 9, off: true },
    { start: 9, end: 20, processors: ['face_enhancer'], options: { faceEnhancerBlend: 20 }, persons: ['person1'] },
    { start: 'x' },
  ];
  const facts = {
    job: '999c98b1',
    processors: ['face_swapper', 'face_enhancer'],
    options: { faceMaskBlur: 0.6, trimFrameStart: 5, trimFrameEnd: 50, processors: ['face_swapper'], ranges },
    target: 'cd',
    sources: ['ab', 'ef', 'ab'],
  };
  expect(projectOfEntry(facts, names)).toEqual({
    document: {
      ...EMPTY_DOCUMENT,
      target: 'cd',
      sources: [{ id: 'A', name: 'Source A', assets: ['ab', 'ef'] }],
      range: { start: 5, end: 50 },
      options: { faceMaskBlur: 0.6, processors: ['face_swapper'] },
      ranges: [
        { id: 'range1', start: 0, end: 9, off: true, options: {}, mapping: {} },
        {
          ...{ id: 'range2', start: 9, end: 20, off: false, mapping: {} },
          options: { faceEnhancerBlend: 20, processors: ['face_enhancer'] },
        },
      ],
    },
    media: [
      { asset: 'cd', fileName: 'target', sha256: 'cd' },
      { asset: 'ab', fileName: 'source 1', sha256: 'ab' },
      { asset: 'ef', fileName: 'source 2', sha256: 'ef' },
    ],
  });
});

test('an entry that says nothing is an empty project', () => {
  expect(projectOfEntry({ options: 'x', sources: [3] }, names)).toEqual({ document: EMPTY_DOCUMENT, media: [] });
});
