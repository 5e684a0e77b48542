/** Whether a run may use the models that it asks for, and what to say where it may not. */
import { AppError } from '../../core/errors.ts';
import { findCatalogueModel } from './catalogue/catalogue.ts';
import { CUSTOM_PREFIX, type UserModel } from './user-models.ts';

/** `commercial`: only models whose licence lets one sell what they make; `any`: the user answers for the rest. */
export type LicensePolicy = 'commercial' | 'any';

/** @throws LICENSE_FORBIDS_COMMERCIAL_USE */
export function checkLicence({ id, licence }: Pick<UserModel, 'id' | 'licence'>, policy: LicensePolicy): void {
  if (policy === 'any' || licence.commercialUse === 'allowed') return;
  const says = licence.commercialUse === 'forbidden' ? 'forbids commercial use' : 'does not state commercial use';
  throw new AppError('LICENSE_FORBIDS_COMMERCIAL_USE', `The licence of ${id} (${licence.name}) ${says}.`, {
    hint: 'Choose another model, or, if you may use it so, add --license-policy any; every output records that.',
    details: { id, licence: licence.name, commercialUse: licence.commercialUse },
  });
}

/** MODEL_NOT_FOUND, saying how to add the model. */
export function modelNotThere(id: string, folder: string | undefined): AppError {
  const known = findCatalogueModel(id);
  if (!known) {
    return new AppError('MODEL_NOT_FOUND', `There is no model ${id}.`, {
      hint: id.startsWith(CUSTOM_PREFIX)
        ? `Add it: facefusion models add ${id} FILE --like ID`
        : 'See which there are: facefusion models list',
      details: { id },
    });
  }
  return new AppError(
    'MODEL_NOT_FOUND',
    `The model ${id} has not been added${folder === undefined ? '' : ` to ${folder}`}.`,
    { hint: `Add its file: facefusion models add ${id} ${known.file}`, details: { id, file: known.file } },
  );
}
