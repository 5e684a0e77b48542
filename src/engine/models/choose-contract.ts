/** Which contract a model that is to be added must keep. */
import { AppError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';
import { CATALOGUE, findCatalogueModel } from './catalogue/catalogue.ts';
import type { CatalogueModel } from './catalogue/catalogue-model.ts';
import { CUSTOM_PREFIX } from './user-models.ts';

/** Also safe as a name of a file. */
const NAME = /^[\w-][\w.-]{0,63}$/;

/**
 * @param id of the catalogue, or `custom/NAME`
 * @param like the model whose contract a `custom/` model has
 * @throws MODEL_NOT_FOUND for an unknown model, OPTION_INVALID for a name that cannot be one, OPTION_MISSING without `like`
 */
export function chooseContract(id: string, like: string | undefined): CatalogueModel {
  if (!id.startsWith(CUSTOM_PREFIX)) {
    const model = findPublishedModel(id);
    if (like === undefined) return model;
    throw new AppError('OPTION_INVALID', `Expected --like with a model of your own (custom/NAME), received ${id}.`, {
      details: { option: 'like' },
    });
  }
  const name = id.slice(CUSTOM_PREFIX.length);
  if (!NAME.test(name)) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected a name of letters a-z, digits, ".", "-" and "_" after ${CUSTOM_PREFIX}, received ${JSON.stringify(name)}.`,
    );
  }
  if (like !== undefined) return findKnown(like, CATALOGUE);
  throw new AppError('OPTION_MISSING', `Expected --like ID for ${id}: the model whose inputs and outputs it has.`, {
    hint: 'See which there are: facefusion models list',
    details: { option: 'like' },
  });
}

/** A model of which there is a file somewhere. @throws MODEL_NOT_FOUND, with the id that was probably meant */
export function findPublishedModel(id: string): CatalogueModel {
  return findKnown(
    id,
    CATALOGUE.filter(({ contractOnly }) => !contractOnly),
  );
}

function findKnown(id: string, among: readonly CatalogueModel[]): CatalogueModel {
  const known = findCatalogueModel(id);
  if (known && among.includes(known)) return known;
  if (known) {
    throw new AppError('MODEL_NOT_FOUND', `${id} is a contract without a file of its own.`, {
      hint: `Add your model as custom/NAME: facefusion models add custom/NAME FILE --like ${id}`,
      details: { id },
    });
  }
  const near = closest(
    id,
    among.map((model) => model.id),
  );
  throw new AppError('MODEL_NOT_FOUND', `There is no model ${id}.`, {
    hint: near === undefined ? 'See which there are: facefusion models list' : `Did you mean ${near}?`,
    details: { id },
  });
}
