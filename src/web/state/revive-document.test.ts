import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type ProjectDocument } from './document.ts';
import { reviveDocument } from './revive-document.ts';

test('what was kept as JSON is the same again', () => {
  const document: ProjectDocument = {
    ...EMPTY_DOCUMENT,
    ...{ name: 'مشروع', target: 'asset_1', sources: [{ id: 'A', name: 'Source A', assets: ['asset_2'] }] },
    ...{ mapping: { person1: { to: 'keep', pinned: true } }, range: { start: 3, end: 9 } },
    people: { discarded: ['person2'], merged: { person3: 'person1' }, names: {} },
  };
  expect(reviveDocument(JSON.parse(JSON.stringify(document)))).toEqual(document);
});

test.each([undefined, null, 3, 'x', []])('%j is an empty document', (value) => {
  expect(reviveDocument(value)).toEqual(EMPTY_DOCUMENT);
});

test('what is of the wrong kind or unknown is left out, the rest stays', () => {
  expect(reviveDocument({ name: 'a', sources: {}, options: null, people: { discarded: ['x'] }, later: 1 })).toEqual({
    ...EMPTY_DOCUMENT,
    name: 'a',
    people: { discarded: ['x'], merged: {}, names: {} },
  });
});
