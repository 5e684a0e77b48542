import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { externalOnnx } from '../../../test/helpers/external-onnx.ts';
import { passingOnnx, sumOnnx } from '../../../test/helpers/tiny-onnx.ts';
import type { AppError, ErrorCode } from '../../core/errors.ts';
import { defaultModelDirectory, openModelStore } from '../inference/session.ts';
import { addModel } from './add-model.ts';
import { findCatalogueModel } from './catalogue/catalogue.ts';
import { NEWEST_IR_VERSION, NEWEST_OPSET } from './probe-model.ts';
import { removeModel } from './remove-model.ts';
import { statedLicence } from './stated-licence.ts';
import { readUserModels, USER_MODELS_FILE, type UserModel } from './user-models.ts';

/** A small contract of the catalogue: one vector in, one out. */
const VECTOR = 'crossface_simswap';
/** One whose published file has a known sha256. */
const PINNED = 'arcface';

const root = mkdtempSync(join(tmpdir(), 'facefusion-add-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let at: (name: string) => string;
let folder: string;
beforeEach(() => {
  const own = join(root, randomBytes(4).toString('hex'));
  mkdirSync(own);
  at = (name) => join(own, name);
  folder = at('models');
});

const write = (name: string, bytes: Uint8Array | string): string => {
  mkdirSync(join(at(name), '..'), { recursive: true });
  writeFileSync(at(name), bytes);
  return at(name);
};
const refusal = async (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => expect.fail('it was added'),
    (error: AppError) => error,
  );

/** Adding the file fails with the code, and leaves no trace. */
async function expectRefused(
  id: string,
  path: string,
  code: ErrorCode,
  words: RegExp,
  like?: string,
): Promise<AppError> {
  const error = await refusal(addModel(folder, id, path, { like }));
  expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringMatching(words) });
  expect(existsSync(folder) ? readdirSync(folder).filter((name) => name !== USER_MODELS_FILE) : []).toEqual([]);
  return error;
}

describe('a good file', () => {
  it('is copied, listed with its hashes, and runs', async () => {
    const file = write('some file.onnx', passingOnnx([1, 512], 'float32'));
    const { record, probed } = await addModel(folder, VECTOR, file);
    expect(existsSync(file)).toBe(true);
    expect(record).toMatchObject({ id: VECTOR, unverified: true, bytes: readFileSync(file).length });
    expect(probed).toMatchObject({ opset: 17, external: [], isTried: true });
    const [user] = await readUserModels(folder);
    expect(user).toMatchObject({ id: VECTOR, licence: findCatalogueModel(VECTOR)!.licence, sha256: record.sha256 });
    expect(readFileSync(user!.path).equals(readFileSync(file))).toBe(true);
    await using store = await openModelStore({
      ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: folder, licensePolicy: 'any' },
    });
    const data = Float32Array.from({ length: 512 }, (_, i) => i);
    const { output } = await (await store.session(VECTOR)).run({ input: { data, dims: [1, 512] } });
    expect(output!.data).toEqual(data);
    expect(store.opened()).toMatchObject([{ id: VECTOR, commercialUse: false, unverified: true }]);
  });

  it.each(['float16', 'float64'] as const)('may have %s numbers', async (type) => {
    const { probed } = await addModel(folder, VECTOR, write('a.onnx', passingOnnx([1, 512], type)));
    expect(probed.inputs[0]!.dtype).toBe(type);
  });

  it('may leave its sizes open', async () => {
    const { probed } = await addModel(folder, VECTOR, write('a.onnx', passingOnnx(['batch', 'length'], 'float32')));
    expect(probed.inputs[0]!.shape).toEqual(['batch', 'length']);
  });

  it('takes the place of one with the same id, whose file goes', async () => {
    await addModel(folder, VECTOR, write('a.onnx', passingOnnx([1, 512], 'float32')));
    const { record } = await addModel(folder, VECTOR, write('b.onnx', passingOnnx(['n', 512], 'float32')));
    expect((await readUserModels(folder)).map((user) => user.record)).toEqual([record]);
    expect(readdirSync(folder).sort()).toEqual([record.file.split('/')[0], USER_MODELS_FILE].sort());
  });

  it('is whole again when it is added once more', async () => {
    const file = write('a.onnx', passingOnnx([1, 512], 'float32'));
    await addModel(folder, VECTOR, file);
    const [user] = await readUserModels(folder);
    appendFileSync(user!.path, 'damage');
    await addModel(folder, VECTOR, file);
    expect(readFileSync(user!.path).equals(readFileSync(file))).toBe(true);
  });
});

it('a file is taken back from the folder when the list is lost', async () => {
  await addModel(folder, VECTOR, write('a.onnx', passingOnnx([1, 512], 'float32')));
  const [{ path }] = (await readUserModels(folder)) as [UserModel];
  rmSync(join(folder, USER_MODELS_FILE));
  const { record } = await addModel(folder, VECTOR, path);
  expect(join(folder, record.file)).toBe(path);
  expect(readFileSync(path)).toEqual(readFileSync(at('a.onnx')));
});

describe('a model of the user', () => {
  it('has the contract of another and the licence that the user states', async () => {
    const file = write('a.dfm', passingOnnx([1, 512], 'float32'));
    await addModel(folder, 'custom/mine', file, { like: VECTOR, licence: statedLicence('mit') });
    expect(await readUserModels(folder)).toMatchObject([
      { id: 'custom/mine', licence: { name: 'mit', commercialUse: 'allowed' }, model: { id: VECTOR } },
    ]);
    await addModel(folder, 'custom/mine', file, { like: VECTOR });
    expect(await readUserModels(folder)).toMatchObject([{ licence: { commercialUse: 'not-stated' } }]);
  });

  it.each([
    [VECTOR, VECTOR, 'OPTION_INVALID', /Expected --like with a model of your own/],
    ['custom/mine', undefined, 'OPTION_MISSING', /Expected --like ID/],
    ['custom/../mine', VECTOR, 'OPTION_INVALID', /Expected a name of letters/],
    ['custom/', VECTOR, 'OPTION_INVALID', /Expected a name of letters/],
    ['custom/mine', 'crossface_simswop', 'MODEL_NOT_FOUND', /There is no model crossface_simswop/],
    ['crossface_simswop', undefined, 'MODEL_NOT_FOUND', /There is no model/],
    ['deep_swapper_dfm', undefined, 'MODEL_NOT_FOUND', /is a contract without a file/],
  ] as const)('%s like %s is %s', async (id, like, code, words) => {
    await expectRefused(id, write('a.onnx', passingOnnx([1, 512], 'float32')), code, words, like);
  });
});

it('additions at the same time are all kept', async () => {
  const file = write('a.onnx', passingOnnx([1, 512], 'float32'));
  const ids = Array.from({ length: 8 }, (_, i) => `custom/number-${i}`);
  await Promise.all(ids.map((id) => addModel(folder, id, file, { like: VECTOR })));
  expect((await readUserModels(folder)).map(({ id }) => id).sort()).toEqual(ids);
  expect(readdirSync(folder)).toHaveLength(ids.length + 1);
});

describe('a wrong file', () => {
  it('is told by inputs, shapes and types', async () => {
    const shape = await expectRefused(
      VECTOR,
      write('a.onnx', passingOnnx([1, 256], 'float32')),
      'MODEL_IO_MISMATCH',
      /.*/,
    );
    expect(shape.message).toContain('input: float32[1, 512]');
    expect(shape.message).toContain('input: float32[1, 256]');
    const type = await expectRefused(
      VECTOR,
      write('b.onnx', passingOnnx([1, 512], 'int64')),
      'MODEL_IO_MISMATCH',
      /.*/,
    );
    expect(type.message).toContain('int64[1, 512]');
    const names = await expectRefused(VECTOR, write('c.onnx', sumOnnx([1, 512])), 'MODEL_IO_MISMATCH', /.*/);
    expect(names.message).toMatch(/left: float32.*right: float32/);
  });

  it('is told by what it may be instead', async () => {
    const error = await expectRefused(
      PINNED,
      write('a.onnx', passingOnnx([1, 512], 'float32')),
      'MODEL_IO_MISMATCH',
      /.*/,
    );
    expect(error.hint).toContain(VECTOR);
    expect(error.details!.fits).toContain(VECTOR);
  });

  it('may be none, or no ONNX file', async () => {
    const whole = passingOnnx([1, 512], 'float32');
    for (const [name, bytes] of [
      ['empty.onnx', ''],
      ['page.onnx', '<!doctype html><title>404</title>'],
      ['noise.onnx', randomBytes(5000)],
      ['half.onnx', whole.slice(0, whole.length - 7)],
    ] as const) {
      await expectRefused(VECTOR, write(name, bytes), 'MODEL_UNREADABLE', /Expected an ONNX file/);
    }
    mkdirSync(at('folder.onnx'));
    await expectRefused(VECTOR, at('folder.onnx'), 'MODEL_UNREADABLE', /it is a folder/);
    await expectRefused(VECTOR, at('nothing.onnx'), 'MODEL_NOT_FOUND', /cannot be opened/);
  });

  it('may need a newer ONNX Runtime, which is said with what this one takes', async () => {
    const of = (opset: number): Uint8Array => {
      const graph = new OnnxGraph(opset);
      graph.output('output', graph.node('Identity', [graph.input('input', [1, 512])]), [1, 512]);
      return graph.toBytes();
    };
    // The newest that is taken is really taken, so that the number is true after an upgrade of ONNX Runtime.
    await addModel(folder, VECTOR, write('a.onnx', of(NEWEST_OPSET)));
    await removeModel(folder, VECTOR);
    await expectRefused(VECTOR, write('b.onnx', of(NEWEST_OPSET + 1)), 'MODEL_UNREADABLE', /operator set.*takes up to/);
    const bytes = of(17);
    bytes[1] = NEWEST_IR_VERSION;
    await addModel(folder, VECTOR, write('c.onnx', bytes));
    await removeModel(folder, VECTOR);
    bytes[1] = NEWEST_IR_VERSION + 1;
    await expectRefused(VECTOR, write('d.onnx', bytes), 'MODEL_UNREADABLE', /file format.*takes up to/);
  });

  it('may not be the published one', async () => {
    const graph = new OnnxGraph();
    const flat = graph.node('Flatten', [graph.input('input', [1, 3, 112, 112])]);
    const rows = graph.float32(new Float32Array(3 * 112 * 112), [3 * 112 * 112, 1]);
    const one = graph.node('MatMul', [flat, rows]);
    graph.output('output', graph.node('Expand', [one, graph.int64([1, 512])]), [1, 512]);
    const file = write('a.onnx', graph.toBytes());
    const error = await expectRefused(PINNED, file, 'MODEL_CORRUPT', /Expected the published file of arcface/);
    expect(error.hint).toContain('--unverified');
    const { record } = await addModel(folder, PINNED, file, { unverified: true });
    expect(record.unverified).toBe(true);
  });

  it('may differ from the hash that lies beside it', async () => {
    const file = write('a.onnx', passingOnnx([1, 512], 'float32'));
    write('a.hash', '00000000\n');
    await expectRefused(VECTOR, file, 'MODEL_CORRUPT', /Expected CRC32 00000000/);
    const { record } = await addModel(folder, VECTOR, file, { unverified: true });
    write('a.hash', record.crc32);
    await addModel(folder, VECTOR, file);
  });
});

describe('numbers in other files', () => {
  const offsets = Float32Array.from({ length: 512 }, (_, i) => i / 4);
  const bytes = new Uint8Array(offsets.buffer);

  it.each([
    ['beside it', 'weights.bin', false],
    ['in a folder', 'data/weights 1.bin', false],
    ['of a graph inside it', 'weights.bin', true],
  ])('%s come along', async (_, location, inside) => {
    const file = write('m/a.onnx', externalOnnx(location, 512, inside));
    write(`m/${location}`, bytes);
    const { record } = await addModel(folder, VECTOR, file);
    expect(record.external).toMatchObject([{ file: location, bytes: 2048 }]);
    rmSync(at('m'), { recursive: true });
    const [user] = await readUserModels(folder);
    expect(user!.bytes).toBe(record.bytes + 2048);
    expect(user!.sha256).not.toBe(record.sha256);
    const options = { directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: folder } as const;
    await using store = await openModelStore({ ...options, licensePolicy: 'any' });
    const input = { data: new Float32Array(512), dims: [1, 512] };
    expect((await (await store.session(VECTOR)).run({ input })).output!.data).toEqual(offsets);
    // They are watched as the model itself is.
    appendFileSync(join(user!.path, '..', location), 'x');
    await using other = await openModelStore({ ...options, licensePolicy: 'any' });
    await expect(other.session(VECTOR)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    await removeModel(folder, VECTOR);
    expect(readdirSync(folder)).toEqual([USER_MODELS_FILE]);
  });

  it('must be there', async () => {
    const file = write('a.onnx', externalOnnx('weights.bin', 512));
    await expectRefused(VECTOR, file, 'MODEL_NOT_FOUND', /weights\.bin, which is not there/);
  });

  it.each(['/etc/passwd', '../weights.bin', 'data/../../weights.bin', 'C:\\weights.bin', '..\\weights.bin', ''])(
    'are not read at %j',
    async (location) => {
      write('weights.bin', bytes);
      const file = write('m/a.onnx', externalOnnx(location, 512));
      await expectRefused(VECTOR, file, 'MODEL_UNREADABLE', /outside its own folder/);
    },
  );

  it('are not read through a link that leads out', async () => {
    write('weights.bin', bytes);
    const file = write('m/a.onnx', externalOnnx('weights.bin', 512));
    symlinkSync(at('weights.bin'), at('m/weights.bin'));
    await expectRefused(VECTOR, file, 'MODEL_UNREADABLE', /outside its own folder/);
    const other = write('n/a.onnx', externalOnnx('data/weights.bin', 512, true));
    symlinkSync(at('.'), at('n/data'));
    await expectRefused(VECTOR, other, 'MODEL_UNREADABLE', /outside its own folder/);
  });
});
