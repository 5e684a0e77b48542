import { expect, it } from 'vitest';
import { EndedTracks } from './ended-tracks.ts';

it('reports a track once, after it has been gone for the grace period', () => {
  const ended = new EndedTracks();
  expect(ended.update(0, [{ trackId: 1 }, { trackId: 2 }])).toEqual([]);
  expect(ended.update(50, [{ trackId: 2 }])).toEqual([]);
  expect(ended.update(51, [{ trackId: 2 }])).toEqual([1]);
  expect(ended.update(52, [{ trackId: 2 }])).toEqual([]);
  expect(ended.update(102, [])).toEqual([]);
  expect(ended.update(103, [])).toEqual([2]);
});

it('keeps a track that comes back in time', () => {
  const ended = new EndedTracks();
  ended.update(0, [{ trackId: 7 }]);
  expect(ended.update(40, [{ trackId: 7 }])).toEqual([]);
  expect(ended.update(80, [])).toEqual([]);
  expect(ended.update(91, [])).toEqual([7]);
});
