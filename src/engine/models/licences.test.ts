import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderLicencesPage } from '../../../scripts/docs-licences.ts';
import { CATALOGUE, findCatalogueModel } from './catalogue/catalogue.ts';
import { licenceOf } from './catalogue/catalogue-model.ts';
import { chainOf, commercialUseOf, groupByLicence, reasonOfLicence, strictestNeed } from './licences.ts';
import { statedLicence } from './stated-licence.ts';

const published = CATALOGUE.filter(({ contractOnly }) => !contractOnly);
const UNEXPLAINED = reasonOfLicence('Unknown');

it('docs/licences.md has the tables of this catalogue (npx tsx scripts/docs-licences.ts)', () => {
  const page = readFileSync(new URL('../../../docs/licences.md', import.meta.url), 'utf8');
  expect(renderLicencesPage(page)).toBe(page);
});

it('every licence that states its commercial use is explained, and no other', () => {
  for (const { id, licence } of published) {
    expect([id, reasonOfLicence(licence.name) === UNEXPLAINED]).toEqual([id, licence.commercialUse === 'not-stated']);
  }
  expect(reasonOfLicence('MIT AND Apache-2.0')).toBe(reasonOfLicence('MIT'));
});

describe('a chain', () => {
  it('has all that a model needs', () => {
    const ids = chainOf(findCatalogueModel('ghost_1_256')!).map(({ id }) => id);
    expect(ids).toEqual(['ghost_1_256', 'arcface', 'crossface_ghost']);
  });

  it('is as strict as its strictest model', () => {
    const ghost = findCatalogueModel('ghost_1_256')!;
    expect(ghost.licence.commercialUse).toBe('allowed');
    expect(commercialUseOf(chainOf(ghost))).toBe('forbidden');
    expect(strictestNeed(ghost)?.id).toBe('arcface');
    expect(strictestNeed(findCatalogueModel('arcface')!)).toBeUndefined();
    // A model of the user's is like inswapper but for its licence, and needs the same.
    const inswapper = findCatalogueModel('inswapper_128')!;
    expect(strictestNeed(inswapper)).toBeUndefined();
    expect(strictestNeed(inswapper, statedLicence('own'))?.id).toBe('arcface');
  });
});

it('groups come from the freest to the strictest, with every model once', () => {
  const groups = groupByLicence(published);
  expect(groups.flatMap(({ ids }) => ids).sort()).toEqual(published.map(({ id }) => id).sort());
  const order = groups.map(({ commercialUse }) => ['allowed', 'not-stated', 'forbidden'].indexOf(commercialUse));
  expect(order).toEqual([...order].sort());
});

describe('what the user states', () => {
  it.each([
    ['MIT', 'allowed'],
    ['apache-2.0', 'allowed'],
    ['GPL-3.0-or-later', 'allowed'],
    ['LGPL-2.1+', 'allowed'],
    ['own', 'allowed'],
    ['CC-BY-NC-4.0', 'forbidden'],
    ['CC-BY-NC-SA-4.0', 'forbidden'],
    ['PolyForm-Noncommercial-1.0.0', 'forbidden'],
    ['non-commercial', 'forbidden'],
    ['LicenseRef-Something', 'not-stated'],
    ['', 'not-stated'],
  ] as const)('%j is %s', (name, commercialUse) => {
    expect(statedLicence(name)).toEqual({ name, commercialUse });
  });

  it('means the same as in the catalogue', () => {
    for (const { licence } of published) {
      expect(statedLicence(licence.name)).toEqual(licenceOf(licence.name));
    }
  });
});
