/** Where FaceFusion publishes its models. */
import { AppError } from '../../core/errors.ts';
import type { CatalogueModel } from './catalogue/catalogue-model.ts';

/** One place that has a model and its `.hash` file. */
export interface ModelSource {
  readonly name: string;
  /** True where FaceFusion itself publishes. */
  readonly isOfficial: boolean;
  readonly url: string;
  readonly hashUrl: string;
}

/** In the order in which they are tried. */
const OFFICIAL: readonly { readonly name: string; readonly pattern: string }[] = [
  {
    name: 'github',
    pattern: 'https://github.com/facefusion/facefusion-assets/releases/download/{release}/{file}',
  },
  { name: 'huggingface', pattern: 'https://huggingface.co/facefusion/{release}/resolve/main/{file}' },
  { name: 'hf-mirror', pattern: 'https://hf-mirror.com/facefusion/{release}/resolve/main/{file}' },
];

/**
 * The places of a model.
 * @param mirror takes the place of all of them: a URL in which `{release}` and `{file}` stand for the model, or one that
 *   both are appended to
 * @throws MODEL_NOT_FOUND for a model that is published nowhere, OPTION_INVALID for a mirror that is no http(s) URL
 */
export function modelSources(model: CatalogueModel, mirror?: string): readonly ModelSource[] {
  const { id, file, release } = model;
  if (release === undefined) {
    throw new AppError('MODEL_NOT_FOUND', `FaceFusion publishes no file of ${id}.`, {
      hint: `Bring your own: facefusion models add ${id} FILE`,
      details: { id },
    });
  }
  const fill = (pattern: string, name: string): string =>
    pattern.replaceAll('{release}', encodeURIComponent(release)).replaceAll('{file}', encodeURIComponent(name));
  const places =
    mirror === undefined
      ? OFFICIAL.map((place) => ({ ...place, isOfficial: true }))
      : [{ name: 'mirror', pattern: mirrorPattern(mirror), isOfficial: false }];
  return places.map(({ name, pattern, isOfficial }) => ({
    ...{ name, isOfficial, url: fill(pattern, file) },
    hashUrl: fill(pattern, file.replace(/\.\w+$/, '.hash')),
  }));
}

function mirrorPattern(mirror: string): string {
  const isUrl = /^https?:\/\/[^/]/i.test(mirror) && URL.canParse(mirror.replaceAll(/[{}]/g, ''));
  if (!isUrl) {
    throw new AppError('OPTION_INVALID', `Expected a URL that begins with http for --mirror, received ${mirror}.`, {
      details: { option: 'mirror' },
    });
  }
  return mirror.includes('{file}') ? mirror : `${mirror.replace(/\/+$/, '')}/{release}/{file}`;
}
