import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { passingOnnx } from '../../../test/helpers/tiny-onnx.ts';
import { writeUserModels } from '../../../test/helpers/user-model-folder.ts';
import { defaultModelDirectory } from '../inference/session.ts';
import { CATALOGUE } from './catalogue/catalogue.ts';
import { findListed, type ListedModel, listModels, modelsOfTask } from './list-models.ts';
import { readManifest } from './manifest.ts';
import { removeModel } from './remove-model.ts';
import { USER_MODELS_FILE } from './user-models.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facefusion-listed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const bytes = passingOnnx([1, 512], 'float32');
const list = async (): Promise<readonly ListedModel[]> =>
  listModels(await readManifest(defaultModelDirectory()), folder);

it('has every model once, with its state', async () => {
  await writeUserModels(folder, [
    { id: 'crossface_ghost', bytes },
    { id: 'custom/mine', like: 'crossface_ghost', bytes, licence: { name: 'MIT', commercialUse: 'allowed' } },
  ]);
  const models = await list();
  const { models: builtIn } = await readManifest(defaultModelDirectory());
  const expected = [...builtIn, ...CATALOGUE].map(({ id }) => id);
  expect(models.map(({ id }) => id).sort()).toEqual([...expected, 'custom/mine'].sort());
  const stateOf = (id: string): string => findListed(models, id).state;
  expect(stateOf('face_mesh')).toBe('built-in');
  expect(stateOf('arcface')).toBe('not-added');
  expect(stateOf('crossface_ghost')).toBe('added');
  expect(stateOf('deep_swapper_dfm')).toBe('contract');
  expect(findListed(models, 'custom/mine')).toMatchObject({
    ...{ state: 'added', task: 'embedding-converter', unverified: true, licence: { name: 'MIT' } },
  });
});

it('goes task by task', async () => {
  const tasks = (await list()).map(({ task }) => task);
  expect(tasks.filter((task, at) => task !== tasks[at - 1])).toEqual([...new Set(tasks)]);
  const swappers = modelsOfTask(await list(), 'face_swapper');
  expect(swappers.length).toBeGreaterThan(0);
  expect(new Set(swappers.map(({ task }) => task))).toEqual(new Set(['face-swapper']));
});

it('keeps a model that another version has added, so that it can be removed', async () => {
  await writeUserModels(folder, [{ id: 'from-the-future', bytes }]);
  expect(findListed(await list(), 'from-the-future')).toMatchObject({ state: 'added', task: 'unknown' });
  await removeModel(folder, 'from-the-future');
  expect((await list()).filter(({ state }) => state === 'added')).toEqual([]);
});

it('is not there where the list of the folder is damaged', async () => {
  writeFileSync(join(folder, USER_MODELS_FILE), '{');
  await expect(list()).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
});
