import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passingOnnx } from '../../../test/helpers/tiny-onnx.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { addModel } from './add-model.ts';
import { changeUserModels } from './change-user-models.ts';
import { readUserModelRecords, readUserModels, USER_MODELS_FILE, userModelFolder } from './user-models.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facefusion-list-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = (): string => join(folder, USER_MODELS_FILE);
const recordOf = (id: string) => ({
  ...{ id, file: 'a.onnx', bytes: 1, sha256: '0'.repeat(64), crc32: '0'.repeat(8) },
  ...{ addedAt: '2026-01-01T00:00:00.000Z', unverified: true },
});
const change = (id: string) => changeUserModels(folder, async (records) => [...records, recordOf(id)]);
/** A number that no process has: the highest that Linux gives is 2^22. */
const DEAD = 2 ** 22 + 1;

describe('the list', () => {
  it('loses no change of several processes, and is whole whenever it is read', async () => {
    const script = `
      import { changeUserModels } from ${JSON.stringify(import.meta.resolve('./change-user-models.ts'))};
      const [folder, name] = process.argv.slice(1);
      const record = ${JSON.stringify(recordOf('x'))};
      for (let i = 0; i < 15; i++) {
        await changeUserModels(folder, async (records) => [...records, { ...record, id: name + i }]);
      }`;
    const children = ['a', 'b'].map((name) =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, folder, name], {
        stdio: ['ignore', 'inherit', 'inherit'],
      }),
    );
    let isRunning = true;
    let reads = 0;
    const reading = (async () => {
      for (let before = 0; isRunning; reads++) {
        const { length } = await readUserModelRecords(folder);
        expect(length).toBeGreaterThanOrEqual(before);
        before = length;
        await new Promise(setImmediate);
      }
    })();
    const own = Promise.all(Array.from({ length: 15 }, (_, i) => change(`c${i}`)));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    await own;
    isRunning = false;
    await reading;
    expect(codes).toEqual([0, 0]);
    expect(reads).toBeGreaterThan(1);
    const ids = (await readUserModelRecords(folder)).map(({ id }) => id);
    const expected = ['a', 'b', 'c'].flatMap((name) => Array.from({ length: 15 }, (_, i) => `${name}${i}`));
    expect([...ids].sort()).toEqual(expected.sort());
    expect(readdirSync(folder)).toEqual([USER_MODELS_FILE]);
  });

  it.each(['', '{', '[]', '{"format":2,"models":[]}', '{"format":1,"models":[{"id":"a"}]}'])(
    'that is damaged (%s) is told with what to do, and left as it is',
    async (text) => {
      writeFileSync(list(), text);
      const error = { code: 'MODEL_CORRUPT', hint: expect.stringContaining('Remove that file') };
      await expect(readUserModels(folder)).rejects.toMatchObject(error);
      await expect(change('a')).rejects.toMatchObject(error);
      expect(readFileSync(list(), 'utf8')).toBe(text);
      expect(readdirSync(folder)).toEqual([USER_MODELS_FILE]);
    },
  );

  it.each(['../a.onnx', '/a.onnx', '..', 'a/../b', '.hidden'])('names no file outside the folder: %s', async (file) => {
    writeFileSync(list(), JSON.stringify({ format: 1, models: [{ ...recordOf('a'), file }] }));
    await expect(readUserModels(folder)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('may have models of another version, which are left out', async () => {
    await change('arcface');
    await change('from-the-future');
    expect((await readUserModels(folder)).map(({ id }) => id)).toEqual(['arcface']);
  });

  it('is not begun where the change fails', async () => {
    const failure = new Error('no');
    await expect(changeUserModels(folder, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the lock', () => {
  const path = (): string => join(folder, 'lock');
  const options = { waitSeconds: 0, what: 'works' };

  it('is not given twice', async () => {
    await withFileLock(path(), options, async () => {
      await expect(withFileLock(path(), options, async () => 1)).rejects.toMatchObject({
        ...{ code: 'OUTPUT_FAILED', message: 'Another process works.', hint: expect.stringContaining(path()) },
      });
    });
    expect(await withFileLock(path(), options, async () => 2)).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is taken over, by one of many', async () => {
    writeFileSync(path(), String(DEAD));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        withFileLock(path(), { ...options, waitSeconds: 10 }, async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('what a killed addition has left behind goes with the next', async () => {
  mkdirSync(join(folder, `.adding-${DEAD}-00`));
  mkdirSync(join(folder, `.adding-${process.pid}-00`));
  const file = join(folder, 'a.onnx');
  writeFileSync(file, passingOnnx([1, 512], 'float32'));
  await addModel(folder, 'crossface_simswap', file);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([`.adding-${process.pid}-00`]);
});

it('the folder is that of the flag, else of the variable, else of the user', () => {
  const environment = { FACEFUSION_MODEL_FOLDER: '/b', XDG_DATA_HOME: '/c', HOME: '/d' };
  expect(userModelFolder('/a', environment)).toBe('/a');
  expect(userModelFolder(undefined, environment)).toBe('/b');
  expect(userModelFolder(undefined, { XDG_DATA_HOME: '/c', HOME: '/d' })).toBe('/c/facefusion/models');
  expect(userModelFolder(undefined, { HOME: '/d' })).toBe('/d/.local/share/facefusion/models');
});
