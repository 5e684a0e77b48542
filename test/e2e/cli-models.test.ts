import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import { findCatalogueModel } from '../../src/engine/models/catalogue/catalogue.ts';
import { type FileServer, serveFiles } from '../helpers/file-server.ts';
import { passingOnnx, sumOnnx } from '../helpers/tiny-onnx.ts';
import { ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);
const folder = makeFolder('models');
afterAll(() => folder.dispose());
let server: FileServer;
beforeAll(async () => {
  server = await serveFiles();
});
afterAll(() => server[Symbol.asyncDispose]());

const at = (name: string): string => join(folder.path, name);
const env = { FACEFUSION_MODEL_FOLDER: at('models') };
const cli = (...words: string[]) => runCli(['models', ...words], { cwd: folder.path, env });
const json = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).stdout);

/** A vector in, a vector out. */
const ID = 'crossface_simswap';
const MODEL = passingOnnx([1, 512], 'float32');

it('list knows what is built in and what is published', async () => {
  const { models } = await json('list');
  const find = (id: string) => models.find((model: { id: string }) => model.id === id);
  expect(find('face_mesh')).toMatchObject({
    ...{ task: 'face-mesh', state: 'built-in', unverified: false },
    licence: { name: 'Apache-2.0', commercialUse: 'allowed', tier: 'documented' },
  });
  expect(find('inswapper_128')).toMatchObject({
    ...{ task: 'face-swapper', state: 'not-added', file: 'inswapper_128.onnx', needs: ['arcface'] },
    licence: { name: 'Non-Commercial', commercialUse: 'forbidden' },
  });
  const table = await cli('list', '--task', 'face_swapper');
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout).toMatch(/^inswapper_128 +face-swapper +not added +Non-Commercial +no$/m);
  expect(table.stdout).toMatch(/^ghost_1_256 .* needs arcface: no$/m);
  expect(table.stdout).not.toContain('face_mesh');
  const unknown = await cli('list', '--task', 'face-swaper');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean face-swapper?') });
});

it('show says how a model is used and what stands in the way', async () => {
  const shown = await cli('show', 'ghost_1_256');
  expect(shown.stdout).toMatch(/^needs +arcface \(not-added; commercial use: no\)$/m);
  expect(shown.stdout).toMatch(/^use +--processors face_swapper --face-swapper-model ghost_1_256$/m);
  expect((await cli('show', 'ghost_1')).stderr).toContain('Did you mean ghost_1_256?');
});

it('a file is added, listed, verified, damaged, added again and removed', async () => {
  writeFileSync(at('a.onnx'), MODEL);
  const added = await cli('add', ID, 'a.onnx');
  expect(added).toMatchObject({ code: 0, stdout: `${ID}\n` });
  expect(added.stderr).toContain('note[model-unverified]');
  expect(added.stderr).toContain('--license-policy any');
  const own = await json('add', 'custom/mine', 'a.onnx', '--like', ID, '--license', 'own');
  expect(own.models).toMatchObject([
    { id: 'custom/mine', like: ID, licence: { name: 'own', commercialUse: 'allowed' } },
  ]);

  const { models } = await json('list', '--added');
  expect(models).toMatchObject([
    { id: ID, state: 'added', unverified: true, licence: { commercialUse: 'not-stated' } },
    { id: 'custom/mine', state: 'added', unverified: true },
  ]);
  expect((await cli('list', '--added')).stdout).toMatch(/^custom\/mine .* yes .* unverified, like crossface_simswap$/m);
  expect((await cli('verify')).stdout).toContain('ok  custom/mine');

  writeFileSync(models[1].path, Buffer.from(readFileSync(models[1].path)).fill(0, 60, 61));
  const verified = await cli('verify');
  expect(verified).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('facefusion models add custom/mine FILE'),
  });
  expect(verified.stdout).toContain('corrupt  custom/mine');
  await cli('add', 'custom/mine', 'a.onnx', '--like', ID);
  expect((await cli('verify')).code).toBe(0);

  expect((await cli('remove', ID, 'custom/mine')).code).toBe(0);
  expect((await json('list', '--added')).models).toEqual([]);
  expect(await cli('remove', ID)).toMatchObject({ code: 5, stderr: expect.stringContaining('MODEL_NOT_FOUND') });
});

it('what cannot be added ends with its code, in words and as JSON', async () => {
  writeFileSync(at('sum.onnx'), sumOnnx([1, 512]));
  writeFileSync(at('half.onnx'), MODEL.slice(0, 50));
  const wrong = await cli('add', ID, 'sum.onnx');
  expect(wrong).toMatchObject({ code: 5, stdout: '' });
  expect(wrong.stderr).toContain('Expected the inputs input: float32[1, 512]');
  expect(wrong.stderr).toContain('received left: float32[1, 512]; right: float32[1, 512]');
  expect((await json('add', ID, 'half.onnx')).error).toMatchObject({ code: 'MODEL_UNREADABLE' });
  expect((await json('add', 'custom/mine', 'half.onnx')).error).toMatchObject({ code: 'OPTION_MISSING' });
  expect((await json('add', ID, 'none.onnx')).error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

describe('pull', () => {
  it('downloads, going on after a break', async () => {
    const { release, file } = findCatalogueModel(ID)!;
    server.files.set(`/${release}/${file}`, { bytes: MODEL, breaksAfter: [50] });
    const hash = crc32(MODEL).toString(16).padStart(8, '0');
    server.files.set(`/${release}/${file.replace('.onnx', '.hash')}`, { bytes: Buffer.from(hash) });
    const words = ['--mirror', server.url, '--model-folder', at('other')];
    const pulled = await cli('pull', ID, ...words);
    expect(pulled, pulled.stderr).toMatchObject({ code: 0, stdout: `${ID}\n` });
    expect((await json('show', ID, '--model-folder', at('other'))).model).toMatchObject({
      ...{ state: 'added', unverified: true, pulledFrom: `${server.url}/${release}/${file}` },
    });
  });

  it('fails with the reason', async () => {
    const failed = await json('pull', 'inswapper_128', '--mirror', server.url);
    expect(failed.error).toMatchObject({ code: 'DOWNLOAD_FAILED', message: expect.stringContaining('.hash') });
    expect((await cli('pull', 'inswapper_128', '--mirror', 'ftp://a')).code).toBe(2);
  });
});

describe('a run with a model that may not be sold', () => {
  const run = (...words: string[]) => {
    const paths = ['-s', MEDIA.threeWomen, '-t', MEDIA.threeWomen, '-o', at('out.jpg'), '--face-mask-types', 'box'];
    return runCli(['process', ...paths, '--json', ...words], { cwd: folder.path, env });
  };
  beforeAll(async () => {
    // Gives the crop back as it is.
    const graph = new OnnxGraph();
    graph.input('source', [1, 3, 112, 112]);
    const picture = graph.node('Identity', [graph.input('target', [1, 3, 256, 256])]);
    graph.output('output', picture, [1, 3, 256, 256]);
    writeFileSync(at('swap.onnx'), graph.toBytes());
    expect(await cli('add', 'blendswap_256', 'swap.onnx')).toMatchObject({ code: 0 });
  });

  it('ends before it begins', async () => {
    const missing = await run('--face-swapper-model', 'inswapper_128');
    expect(missing).toMatchObject({ code: 5, stderr: expect.stringContaining('facefusion models add inswapper_128') });
    const refused = await run('--face-swapper-model', 'blendswap_256');
    expect(refused.code).toBe(8);
    expect(JSON.parse(refused.stdout).error).toMatchObject({
      ...{ code: 'LICENSE_FORBIDS_COMMERCIAL_USE', hint: expect.stringContaining('--license-policy any') },
      details: { id: 'blendswap_256', licence: 'Non-Commercial', commercialUse: 'forbidden' },
    });
  });

  it('is told with the output where the user allows it', async () => {
    const done = await run('--face-swapper-model', 'blendswap_256', '--license-policy', 'any');
    expect(done.code, done.stderr).toBe(0);
    const { models, notes } = JSON.parse(done.stdout);
    const sha256 = createHash('sha256')
      .update(readFileSync(at('swap.onnx')))
      .digest('hex');
    const model = { id: 'blendswap_256', sha256, licence: 'Non-Commercial', commercialUse: false, unverified: true };
    expect(models).toContainEqual({ ...model, spent: { runs: expect.any(Number), seconds: expect.any(Number) } });
    expect(models).toContainEqual(expect.objectContaining({ id: 'face_mesh_attention', commercialUse: true }));
    expect(notes.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['not-for-sale', 'model-unverified']),
    );
    expect(done.stderr).toContain('note[not-for-sale]: Made with blendswap_256 (Non-Commercial)');
  });
});

it('licenses says what may be sold, and why', async () => {
  const { licences } = await json('licenses');
  expect(licences).toContainEqual(
    expect.objectContaining({
      name: 'Non-Commercial',
      commercialUse: 'forbidden',
      ids: expect.arrayContaining(['arcface']),
    }),
  );
  expect((await cli('licences')).stdout).toMatch(/^MIT +yes +\d+ +any use/m);
});
