/** What licences of models mean for selling what they make, for one model and for all that work together. */
import { CATALOGUE, findCatalogueModel } from './catalogue/catalogue.ts';
import type { CatalogueLicence, CatalogueModel, CommercialUse } from './catalogue/catalogue-model.ts';

/** Why, by the name that the catalogue has. The licences themselves say more; these are the parts that decide. */
const REASONS: Readonly<Record<string, string>> = {
  MIT: 'any use; keep the notice when you pass the file on',
  'Apache-2.0': 'any use; keep the notice when you pass the file on',
  'BSD-3-Clause': 'any use; keep the notice when you pass the file on',
  'CC-BY-4.0': 'any use; name the author when you pass the file on',
  'GPL-3.0': 'any use; passing the file on binds you to the GPL, what it makes does not',
  WTFPL: 'any use',
  'OpenRAIL-M': 'any business, but none of the uses that the licence lists as harmful',
  ResearchRAIL: 'for research only',
  'Non-Commercial': 'the author allows non-commercial use only',
  'S-Lab-1.0': 'the licence allows non-commercial use only',
};

/** Why a licence has its commercial use, in words. Several at once are joined by `AND`. */
export const reasonOfLicence = (name: string): string =>
  [
    ...new Set(name.split(' AND ').map((one) => REASONS[one] ?? 'nobody has said under which terms it may be used')),
  ].join('; ');

/** Models of one licence. */
export interface LicenceGroup {
  readonly name: string;
  readonly commercialUse: CommercialUse;
  readonly reason: string;
  readonly ids: readonly string[];
}

const ORDER: readonly CommercialUse[] = ['allowed', 'not-stated', 'forbidden'];

/** What is to be grouped. */
export interface Licensed {
  readonly id: string;
  readonly licence: CatalogueLicence;
  /** True where the user has said so. */
  readonly isStated?: boolean;
}

/** Groups by licence: first those with which one may sell, then those that do not say, then those that forbid it. */
export function groupByLicence(models: readonly Licensed[]): readonly LicenceGroup[] {
  const groups = new Map<string, LicenceGroup & { ids: string[] }>();
  for (const { id, licence, isStated } of models) {
    const { name, commercialUse } = licence;
    const reason = isStated ? 'as you have said' : reasonOfLicence(name);
    const key = `${name} ${commercialUse} ${reason}`;
    const group = groups.get(key) ?? { name, commercialUse, reason, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => ORDER.indexOf(a.commercialUse) - ORDER.indexOf(b.commercialUse));
}

/** A model of the catalogue with all that it cannot work without, itself first. */
export function chainOf(model: CatalogueModel): readonly CatalogueModel[] {
  const chain = new Set([model]);
  for (const member of chain) {
    for (const id of member.needs ?? []) {
      const other = findCatalogueModel(id);
      if (other) chain.add(other);
    }
  }
  return [...chain];
}

/**
 * Of the models that a model cannot work without, the one that stands most in the way of selling.
 * @param licence the model's own
 * @returns `undefined` where none does more than its own licence
 */
export function strictestNeed(model: CatalogueModel, licence = model.licence): CatalogueModel | undefined {
  const needs = chainOf(model).slice(1);
  const worst = commercialUseOf([{ licence }, ...needs]);
  return worst === licence.commercialUse ? undefined : needs.find((need) => need.licence.commercialUse === worst);
}

/** The strictest of all. */
export function commercialUseOf(models: readonly Pick<CatalogueModel, 'licence'>[]): CommercialUse {
  const worst = Math.max(0, ...models.map(({ licence }) => ORDER.indexOf(licence.commercialUse)));
  return ORDER[worst]!;
}

/** Names of licences in the catalogue of which nothing is known here. */
export const unexplainedLicences = (): readonly string[] =>
  [...new Set(CATALOGUE.map(({ licence }) => licence.name))].filter((name) => !(name in REASONS));
