import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scalingModel, writeModelFolder } from '../../../test/helpers/tiny-onnx.ts';
import { findModel, MANIFEST_FILE, type ModelManifest, readManifest } from './manifest.ts';

let directory: string;
let manifest: ModelManifest;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facefusion-manifest-'));
  manifest = await writeModelFolder(directory, { models: [scalingModel('net', [1, 'n'], 2)], tables: { steps: 1 } });
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** What reading the folder ends with when the manifest is this. */
async function refusalOf(content: unknown): Promise<unknown> {
  const path = join(directory, MANIFEST_FILE);
  const before = await readFile(path);
  await writeFile(path, JSON.stringify(content));
  try {
    return await readManifest(directory).catch((error: unknown) => error);
  } finally {
    await writeFile(path, before);
  }
}

describe('readManifest', () => {
  it('reads what was written', async () => {
    expect(await readManifest(directory)).toEqual(manifest);
  });

  it.each([
    ['of another format', { format: 2 }],
    ['without a hash of its inputs', { inputsHash: 'x' }],
    ['whose models are no list', { models: {} }],
  ])('refuses one %s', async (_, change) => {
    expect(await refusalOf({ ...manifest, ...change })).toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it.each([
    ['without a sha256', { sha256: undefined }],
    ['of an unknown kind', { kind: 'weights' }],
    ['of an unknown licence tier', { licence: { spdx: 'MIT', holder: 'x', basis: 'y', tier: 'rumoured' } }],
    ['with a tensor of another type', { inputs: [{ name: 'input', dtype: 'int8', shape: [1] }] }],
    ['that has no outputs', { outputs: undefined }],
  ])('refuses a model %s', async (_, change) => {
    const models = [{ ...manifest.models[0], ...change }];
    expect(await refusalOf({ ...manifest, models })).toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('names the folder that has none', async () => {
    const nowhere = join(directory, 'nowhere');
    const error = await readManifest(nowhere).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', message: expect.stringContaining(nowhere) });
  });
});

describe('findModel', () => {
  it('finds by id, and names the ids that exist', () => {
    expect(findModel(manifest, 'steps').file).toBe('steps.json');
    expect(() => findModel(manifest, 'stepz')).toThrow(
      expect.objectContaining({ code: 'MODEL_NOT_FOUND', hint: 'Known models: net, steps.' }),
    );
  });
});
