import { expect, it } from 'vitest';
import { EndedTracks } from './ended-tracks.ts';

it('reports a track once, after it has been gone for the grace period', () => {
  const ended = new EndedTracks();
  expect(ended.update(0, [{ trackId: 1 }, { trackId: 2 }])).toEqual([]);
  expect(ended.update(1, [{ trackId: 2 }])).toEqual([]);
  expect(ended.update(1.04, [{ trackId: 2 }])).toEqual([1]);
  expect(ended.update(1.08, [{ trackId: 2 }])).toEqual([]);
  expect(ended.update(2, [])).toEqual([]);
  expect(ended.update(2.1, [])).toEqual([2]);
});

it('keeps a track that comes back in time', () => {
  const ended = new EndedTracks();
  ended.update(0, [{ trackId: 7 }]);
  expect(ended.update(0.5, [{ trackId: 7 }])).toEqual([]);
  expect(ended.update(1.2, [])).toEqual([]);
  expect(ended.update(1.6, [])).toEqual([7]);
});
