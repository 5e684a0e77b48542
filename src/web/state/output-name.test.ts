import { expect, test } from 'vitest';
import type { Asset } from './assets.ts';
import { EMPTY_DOCUMENT, type ProjectDocument } from './document.ts';
import { NAME_RULE, outputFormat, outputName, toName } from './output-name.ts';

const asset = (id: string, fileName: string, kind: 'image' | 'video', format: string): Asset => ({
  ...{ id, fileName, bytes: 1, sha256: '', contentType: '', createdAt: '', contentUrl: '' },
  media: { kind, format },
});
const source = (id: string, name: string): ProjectDocument['sources'][number] => ({ id, name, assets: ['photo'] });

test('an output is called after target and source, in letters that the service takes', () => {
  const a = asset('a', 'Porträt (1).PNG', 'image', 'png');
  const b = asset('b', '人物.mp4', 'video', 'mp4');
  const one = { ...EMPTY_DOCUMENT, target: 'a', sources: [source('B', 'Source B')] };
  expect(outputName(one, a)).toBe('Portrat-1-source-b');
  expect(outputName({ ...one, sources: [source('B', '来源 B')] }, b)).toBe('result-source-b');
  expect(outputName({ ...one, sources: [source('A', 'A'), source('B', 'B')] }, a)).toBe('Portrat-1-swapped');
  expect(outputName({ ...one, output: { name: 'mine', format: undefined } }, a)).toBe('mine');
});

test.each(['x'.repeat(300), '..//..', '-', 'ｆｕｌｌ', 'Ünïcödé ñame'])('%j becomes a name or nothing', (text) => {
  const name = toName(text);
  if (name !== '') expect(name).toMatch(NAME_RULE);
});

test('a format of the other kind of target is not asked for', () => {
  const a = asset('a', 'a.heic', 'image', 'heic');
  const b = asset('b', 'b.mov', 'video', 'mov');
  const document = { ...EMPTY_DOCUMENT, output: { name: undefined, format: 'webm' } };
  expect(outputFormat(document, b)).toBe('webm');
  expect(outputFormat(document, a)).toBe('png');
  expect(outputFormat(EMPTY_DOCUMENT, b)).toBe('mp4');
});
