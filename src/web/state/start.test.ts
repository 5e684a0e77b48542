import { expect, it } from 'vitest';
import '../../../test/helpers/page-globals.ts';

const { EMPTY_DOCUMENT } = await import('./document.ts');
const { countsForFirst, requestsOf } = await import('./start.ts');

const source = (id: string) => ({ id, name: id, assets: [`asset_${id}`] });
const batch = { ...EMPTY_DOCUMENT, target: 'asset_t', moreTargets: ['asset_u'], sources: [source('a')] };
const range = { id: 'range1', start: 3, end: 9, off: true, options: {}, mapping: {} };

it('a batch of one source and one setting is the same for all targets', () => {
  expect(countsForFirst(batch)).toBe(false);
});

it.each([
  ['ranges', { ranges: [range] }],
  ['trimming', { range: { start: 0, end: 9 } }],
])('%s count for the first target of a batch, and the page knows', (_, more) => {
  const document = { ...batch, ...more };
  expect(countsForFirst(document)).toBe(true);
  const [first, second] = requestsOf(document);
  const said = [first, second].map((one) => one?.ranges !== undefined || one?.options?.trimFrameEnd !== undefined);
  expect(said).toEqual([true, false]);
});
