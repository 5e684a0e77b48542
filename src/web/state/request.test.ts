import { describe, expect, it } from 'vitest';
import '../../../test/helpers/page-globals.ts';

const { EMPTY_DOCUMENT } = await import('./document.ts');
const { people } = await import('./people.ts');
const { toRun } = await import('./request.ts');

const source = (id: string) => ({ id, name: id, assets: [`asset_${id}`] });
const document = { ...EMPTY_DOCUMENT, target: 'asset_t', sources: [source('a')] };
type Found = Extract<typeof people.value, { readonly state: 'there' }>;
const show = (...ids: readonly string[]): void => {
  const found = ids.map((id) => ({ id, share: 1, spans: [] }));
  people.value = { state: 'there', value: { kind: 'video', persons: found } } as unknown as Found;
};

describe('what is asked for', () => {
  it('is one source for everybody who is seen, not only for who looks like the first', () => {
    show('person1', 'person2');
    expect(toRun(document)).toMatchObject({ sources: ['asset_a'], options: { faceSelectorMode: 'many' } });
  });

  it('leaves faces to the user who chose how they are selected', () => {
    show('person1', 'person2');
    expect(toRun({ ...document, options: { faceSelectorMode: 'one' } }).options).toMatchObject({
      faceSelectorMode: 'one',
    });
  });

  it('names everybody where one stays as is', () => {
    show('person1', 'person2');
    const run = toRun({ ...document, mapping: { person2: { to: 'keep', pinned: true } } });
    expect(run.map).toEqual([
      { person: 'person1', sources: ['asset_a'] },
      { person: 'person2', sources: [] },
    ]);
    expect(run.options).not.toHaveProperty('faceSelectorMode');
  });
});
