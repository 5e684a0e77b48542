import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { type FileServer, type Served, serveFiles } from '../../../test/helpers/file-server.ts';
import { passingOnnx } from '../../../test/helpers/tiny-onnx.ts';
import { findCatalogueModel } from './catalogue/catalogue.ts';
import { modelSources } from './model-sources.ts';
import { pullModel } from './pull-model.ts';
import { readUserModels, USER_MODELS_FILE } from './user-models.ts';

const ID = 'crossface_simswap';
const { file, release } = findCatalogueModel(ID)!;
const PLACE = `/${release}/${file}`;
const HASH_PLACE = PLACE.replace('.onnx', '.hash');

/** A model of 100 kB that keeps the contract, so that it comes in several pieces. */
const MODEL = (() => {
  const graph = new OnnxGraph();
  const ballast = graph.float32(new Float32Array(25_000).map((_, i) => i));
  const sum = graph.node('ReduceSum', [ballast], { keepdims: 0 });
  const zero = graph.node('Sub', [sum, sum]);
  graph.output('output', graph.node('Add', [graph.input('input', [1, 512]), zero]), [1, 512]);
  return graph.toBytes();
})();

let root: string;
let folder: string;
let server: FileServer;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-pull-'));
  folder = join(root, 'models');
  server = await serveFiles();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const publish = (more: Partial<Served> = {}, bytes: Uint8Array = MODEL): void => {
  server.files.set(PLACE, { bytes, ...more });
  server.files.set(HASH_PLACE, { bytes: Buffer.from(`${crc32(bytes).toString(16).padStart(8, '0')}\n`) });
};
const pull = (more: Parameters<typeof pullModel>[2] = {}) =>
  pullModel(folder, ID, { mirror: server.url, retrySeconds: 0, ...more });
const partial = (): string => join(folder, `${file}.partial`);
const begin = (bytes: Uint8Array): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(partial(), bytes);
};
const asked = (): string[] => server.requests.filter((line) => line.includes(PLACE));

async function expectKept(): Promise<void> {
  const [user] = await readUserModels(folder);
  expect(readFileSync(user!.path).equals(Buffer.from(MODEL))).toBe(true);
  expect(readdirSync(folder).sort()).toEqual([user!.record.file.split('/')[0], USER_MODELS_FILE].sort());
}

it('a model comes whole', async () => {
  publish();
  const seen: [number, number | undefined][] = [];
  const { record, wasThere } = await pull({ onProgress: (done, total) => seen.push([done, total]) });
  // Who runs a mirror is not known, and no sha256 of this model is published.
  expect({ wasThere, ...record }).toMatchObject({ wasThere: false, unverified: true, pulledFrom: server.url + PLACE });
  expect(seen.at(-1)).toEqual([MODEL.length, MODEL.length]);
  await expectKept();
});

it('a model comes from where the server sends us, and goes on there', async () => {
  publish({ redirect: '/cdn/model' });
  server.files.set('/cdn/model', { bytes: MODEL, breaksAfter: [30_000] });
  await pull();
  expect(server.requests.at(-1)).toMatch(/^GET \/cdn\/model bytes=\d+-$/);
  await expectKept();
});

it('places are those of FaceFusion, in its order, or the mirror', () => {
  const model = findCatalogueModel(ID)!;
  expect(modelSources(model).map(({ url }) => url)).toEqual([
    `https://github.com/facefusion/facefusion-assets/releases/download/${release}/${file}`,
    `https://huggingface.co/facefusion/${release}/resolve/main/${file}`,
    `https://hf-mirror.com/facefusion/${release}/resolve/main/${file}`,
  ]);
  expect(modelSources(model, 'https://a.example/m/')[0]!.hashUrl).toBe(`https://a.example/m${HASH_PLACE}`);
  expect(modelSources(model, 'https://a.example/{file}?at={release}')[0]!.url).toBe(
    `https://a.example/${file}?at=${release}`,
  );
  for (const mirror of ['a.example', 'ftp://a.example', 'file:///models', 'http://']) {
    expect(() => modelSources(model, mirror), mirror).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  }
});

describe('a download that breaks', () => {
  it('goes on by itself where it stopped', async () => {
    publish({ breaksAfter: [30_000, 20_000] });
    await pull();
    expect(asked()).toEqual([
      `GET ${PLACE}`,
      expect.stringMatching(/bytes=\d+-$/),
      expect.stringMatching(/bytes=\d+-$/),
    ]);
    await expectKept();
  });

  it('keeps what has come, for the next command', async () => {
    publish({ breaksAfter: [40_000, 0, 0, 0, 0] });
    await expect(pull()).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED', retryable: true });
    const kept = readFileSync(partial()).length;
    expect(kept).toBeGreaterThan(0);
    expect(await readUserModels(folder)).toEqual([]);
    publish();
    await pull();
    expect(asked().at(-1)).toBe(`GET ${PLACE} bytes=${kept}-`);
    await expectKept();
  });

  it('begins anew where the server knows no ranges', async () => {
    begin(MODEL.subarray(0, 50_000));
    publish({ withoutRange: true, breaksAfter: [60_000] });
    await pull();
    await expectKept();
  });

  it('that nothing comes of is given up', async () => {
    publish({ stalls: true });
    await expect(pull({ stallSeconds: 0.05 })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('nothing came for 0.05 seconds'),
    });
  });

  it('is no failure where all has come before', async () => {
    begin(MODEL);
    publish();
    await pull();
    expect(asked()).toEqual([`GET ${PLACE} bytes=${MODEL.length}-`]);
    await expectKept();
  });

  it('keeps what has come when it is cancelled', async () => {
    publish({ stalls: true });
    const abort = new AbortController();
    await expect(pull({ signal: abort.signal, onProgress: () => abort.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(readFileSync(partial()).length).toBeGreaterThan(0);
  });
});

describe('what comes is another file', () => {
  it('than its CRC32 says', async () => {
    publish();
    const damaged = Uint8Array.from(MODEL);
    damaged[5000]! ^= 1;
    server.files.set(PLACE, { bytes: damaged });
    await expect(pull()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/CRC32 [0-9a-f]{8} instead of [0-9a-f]{8}/),
    });
    expect(existsSync(partial())).toBe(false);
    expect(await readUserModels(folder)).toEqual([]);
  });

  it('than that whose beginning is here: that one is thrown away, once', async () => {
    begin(new Uint8Array(1000).fill(7));
    publish();
    await pull();
    expect(asked()).toEqual([`GET ${PLACE} bytes=1000-`, `GET ${PLACE}`]);
    await expectKept();
  });

  it('than that whose longer beginning is here', async () => {
    begin(new Uint8Array(MODEL.length + 1));
    publish();
    await pull();
    await expectKept();
  });

  it('than its contract allows', async () => {
    publish({}, passingOnnx([1, 256], 'float32'));
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_IO_MISMATCH' });
    expect(existsSync(partial())).toBe(false);
    expect(await readUserModels(folder)).toEqual([]);
  });

  it('than the published sha256 or length says', async () => {
    const pinned = findCatalogueModel('arcface')!;
    const place = `/${pinned.release}/${pinned.file}`;
    server.files.set(place, { bytes: MODEL });
    await expect(pullModel(folder, 'arcface', { mirror: server.url })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(`${MODEL.length} bytes there instead of ${pinned.bytes}`),
    });
  });
});

describe('a server', () => {
  it.each([
    ['that does not have the model', () => server.files.delete(PLACE), /HTTP 404/],
    ['without a hash to check it', () => server.files.delete(HASH_PLACE), /no \.hash file/],
    [
      'with a page in place of the hash',
      () => server.files.set(HASH_PLACE, { bytes: Buffer.from('<html>') }),
      /holds no CRC32/,
    ],
    ['that is overloaded', () => server.files.set(PLACE, { bytes: MODEL, status: 503 }), /HTTP 503/],
  ])('%s fails with the reason', async (_, spoil, reason) => {
    publish();
    spoil();
    await expect(pull()).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED', message: expect.stringMatching(reason) });
    expect(await readUserModels(folder)).toEqual([]);
  });

  it('that is not there fails with the reason, and another way is told', async () => {
    const { url } = server;
    await server[Symbol.asyncDispose]();
    const failure = pullModel(folder, ID, { mirror: url, retrySeconds: 0 });
    await expect(failure).rejects.toMatchObject({
      ...{ code: 'DOWNLOAD_FAILED', message: expect.stringContaining('ECONNREFUSED') },
      hint: expect.stringContaining(`facefusion models add ${ID} ${file}`),
    });
    server = await serveFiles();
  });
});

it('nothing is asked of anybody for a model that is there and vouched for', async () => {
  publish();
  await pull();
  const list = join(folder, USER_MODELS_FILE);
  writeFileSync(list, readFileSync(list, 'utf8').replace('"unverified": true', '"unverified": false'));
  server.requests.length = 0;
  expect(await pull()).toMatchObject({ wasThere: true });
  expect(server.requests).toEqual([]);
});

it('two do not download the same model at once', async () => {
  publish({ stalls: true });
  const abort = new AbortController();
  let failure: unknown;
  const first = pull({
    signal: abort.signal,
    onProgress: () => {
      failure ??= pull().catch((error: unknown) => error);
      (failure as Promise<unknown>).then(() => abort.abort());
    },
  });
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await failure).toMatchObject({ code: 'OUTPUT_FAILED', message: `Another process downloads ${ID}.` });
});

it('a model that is published nowhere is told apart', async () => {
  await expect(pullModel(folder, 'deep_swapper_dfm')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  await expect(pullModel(folder, 'inswaper_128')).rejects.toMatchObject({ hint: 'Did you mean inswapper_128?' });
});
