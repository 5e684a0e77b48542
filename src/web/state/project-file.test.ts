import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type ProjectDocument } from './document.ts';
import { assetsOf, parseProjectFile, toProjectFile, withAssets } from './project-file.ts';

const document: ProjectDocument = {
  ...EMPTY_DOCUMENT,
  name: 'Party',
  ...{ target: 'asset_t', moreTargets: ['asset_u'], sources: [{ id: 'A', name: 'A', assets: ['asset_a', 'asset_b'] }] },
  ranges: [{ id: 'range1', start: 3, end: 9, off: true, options: {}, mapping: {} }],
  consent: { kind: 'written', at: '2026-11-29T12:00:00.000Z', entry: 7 },
};
const media = [{ asset: 'asset_a', fileName: 'a.jpg', sha256: 'ab' }];

test('a file brings back the project with its media by hash, and not who agreed', () => {
  const file = parseProjectFile(toProjectFile(document, media));
  expect(file).toEqual({ document: { ...document, consent: undefined }, media });
});

test.each(['', '{}', '[1]', '{"format":"facefusion-project","version":2,"document":{}}', '{"faceMaskBlur":0.3}'])(
  '%s is no project',
  (content) => {
    expect(parseProjectFile(content)).toBeUndefined();
  },
);

test('assets are named once, and others take their places everywhere', () => {
  expect(assetsOf({ ...document, moreTargets: ['asset_a', 'asset_u'] })).toEqual([
    ...['asset_a', 'asset_b', 'asset_t', 'asset_u'],
  ]);
  const missing = [...media, { asset: 'asset_t', fileName: 't.mp4', sha256: 'cd' }];
  const given = withAssets({ ...document, missing }, new Map([['asset_a', 'asset_z']]));
  expect(assetsOf(given)).toEqual(['asset_z', 'asset_b', 'asset_t', 'asset_u']);
  expect(given.missing.map(({ asset }) => asset)).toEqual(['asset_t']);
});
