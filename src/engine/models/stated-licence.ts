/** What the user says of the licence of a model of their own. */
import { type CatalogueLicence, type CommercialUse, licenceOf } from './catalogue/catalogue-model.ts';

/** Of SPDX's list, beside those that the catalogue has. What they ask for binds whoever passes the model on. */
const ALLOWED = [
  ...['0BSD', 'AFL-3.0', 'Artistic-2.0', 'BSD-2-Clause', 'BSL-1.0', 'CC-BY-3.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'EUPL-1.2'],
  ...['GPL-2.0', 'AGPL-3.0', 'ISC', 'LGPL-2.1', 'LGPL-3.0', 'MIT-0', 'MPL-2.0', 'Unlicense', 'Zlib'],
  ...['MIT', 'Apache-2.0', 'BSD-3-Clause', 'CC-BY-4.0', 'GPL-3.0', 'WTFPL'],
  // No licence: whoever adds the model has all the rights.
  'own',
];

/**
 * The licence by its SPDX id, letters large or small, or `own` for a model that the user has made.
 * @param stated one that is not known states nothing about commercial use
 */
export function statedLicence(stated: string): CatalogueLicence {
  const plain = stated.trim().replace(/-(?:only|or-later)$|\+$/, '');
  const same = ALLOWED.find((id) => id.toLowerCase() === plain.toLowerCase());
  const known = licenceOf(same ?? plain).commercialUse;
  return { name: stated.trim(), commercialUse: same ? 'allowed' : isNonCommercial(plain) ? 'forbidden' : known };
}

/** Creative Commons' NC, PolyForm's Noncommercial, "non-commercial" in words. */
const isNonCommercial = (name: string): boolean => /(?:^|-)nc(?:-|$)|non-?commercial/i.test(name);

/** In words, for tables. */
export const COMMERCIAL_USE_WORDS: Readonly<Record<CommercialUse, string>> = {
  allowed: 'yes',
  forbidden: 'no',
  'not-stated': 'not stated',
};
