import { describe, expect, it } from 'vitest';
import { defaultModelDirectory } from '../../inference/session.ts';
import { readManifest } from '../manifest.ts';
import { CATALOGUE, findCatalogueModel } from './catalogue.ts';
import { MODEL_TASKS } from './catalogue-model.ts';

it('no two models have one id, nor one that is built in', async () => {
  const { models } = await readManifest(defaultModelDirectory());
  const ids = [...models, ...CATALOGUE].map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

describe.each(CATALOGUE.map((model) => [model.id, model] as const))('%s', (id, model) => {
  it('can be kept in a folder, downloaded and found', () => {
    // Ids become names of folders, whatever the system.
    expect(id).toMatch(/^[\w-][\w.-]*$/);
    expect(model.file).toMatch(/^[\w.-]+\.(?:onnx|dfm)$/);
    expect(MODEL_TASKS).toContain(model.task);
    if (model.release !== undefined) expect(model.release).toMatch(/^models-3\.[0-6]\.0$/);
    if (model.sha256 !== undefined) expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(findCatalogueModel(id)).toBe(model);
  });

  it('needs only what there is, and not itself', () => {
    for (const other of model.needs ?? []) {
      expect(other).not.toBe(id);
      expect(findCatalogueModel(other), other).toBeDefined();
    }
  });

  it('names each input and output once', () => {
    for (const tensors of [model.inputs, model.outputs]) {
      const names = tensors.map(({ name }) => name);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
