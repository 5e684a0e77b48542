/** Every published model that the product can run when the user brings its file. */
import type { CatalogueModel, ModelTask } from './catalogue-model.ts';

/** One list a family. */
const FAMILIES: readonly (readonly CatalogueModel[])[] = [];

/** All models, family by family. */
export const CATALOGUE: readonly CatalogueModel[] = FAMILIES.flat();

const byId = new Map(CATALOGUE.map((model) => [model.id, model]));

export const findCatalogueModel = (id: string): CatalogueModel | undefined => byId.get(id);

/** Ids of the models for a task, in the catalogue's order. */
export const catalogueIds = (task: ModelTask): readonly string[] =>
  CATALOGUE.filter((model) => model.task === task).map(({ id }) => id);
