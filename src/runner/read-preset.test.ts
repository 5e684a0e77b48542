import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importPreset, presetFolder, writePresetFile } from './preset-folder.ts';
import { presetNames, readOptions, readPreset, removePreset } from './read-preset.ts';

const paths = { sourcePaths: ['a.jpg'], targetPath: 't.mp4', outputPath: 'o.mp4' };
let folder: string;
let env: { XDG_CONFIG_HOME: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
  env = { XDG_CONFIG_HOME: join(folder, 'settings') };
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const refusal = async (promise: Promise<unknown>): Promise<{ code: string; message: string; hint?: string }> =>
  promise.then(
    () => expect.unreachable(),
    (error) => error,
  );

describe('presets of the user', () => {
  it('are imported, listed, used by name, and removed', async () => {
    expect(await presetNames(env)).toEqual(['fast', 'balanced', 'premium']);
    const file = await write('Für Filme.json', { faceTrackerInterval: 3, faceMaskPadding: [1, 2] });
    expect(await importPreset(file, 'Filme', env)).toBe('Filme');
    expect(await importPreset(await write('portrait.json', { faceMaskBlur: 0 }), undefined, env)).toBe('portrait');
    expect(await presetNames(env)).toEqual(['fast', 'balanced', 'premium', 'Filme', 'portrait']);
    await rm(file);

    const options = await readOptions({ ...paths, preset: 'Filme', faceTrackerInterval: 9 }, env);
    expect(options).toMatchObject({ faceTrackerInterval: 9, faceMaskPadding: [1, 2], faceMaskBlur: 0.3 });
    expect(options).not.toHaveProperty('preset');
    expect((await stat(presetFolder(env))).mode & 0o777).toBe(0o700);

    await removePreset('Filme', env);
    expect(await presetNames(env)).toEqual(['fast', 'balanced', 'premium', 'portrait']);
    expect(await refusal(removePreset('Filme', env))).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('go out to a file and come back the same', async () => {
    const file = join(folder, 'out.json');
    await writePresetFile(file, await readPreset('premium', env));
    expect(await readPreset(file, env)).toEqual(await readPreset('premium', env));
    expect(await refusal(writePresetFile(file, {}))).toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await refusal(writePresetFile(join(folder, 'no', 'x.json'), {}))).toMatchObject({
      code: 'OUTPUT_FOLDER_MISSING',
    });
    expect(await refusal(writePresetFile(join(folder, 'x.txt'), {}))).toMatchObject({ code: 'OUTPUT_UNSUPPORTED' });
  });

  it('are refused whole when anything about them is wrong, and nothing is kept', async () => {
    const bad: readonly [file: string, content: unknown, code: string][] = [
      ['a.json', { faceTrackerInterval: 0 }, 'OPTION_INVALID'],
      ['b.json', { outputPath: 'x' }, 'OPTION_UNKNOWN'],
      ['c.json', '{ "faceTrackerInterval": 3', 'OPTION_INVALID'],
      ['d.json', '', 'INPUT_UNREADABLE'],
      ['e.json', ' '.repeat(1_000_001), 'INPUT_TOO_LARGE'],
      ['fast.json', {}, 'OPTION_INVALID'],
      ['with space.json', {}, 'OPTION_INVALID'],
    ];
    for (const [file, content, code] of bad) {
      expect(await refusal(importPreset(await write(file, content), undefined, env)), file).toMatchObject({ code });
    }
    expect(await refusal(importPreset(await write('g.json', {}), '../g', env))).toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(await presetNames(env)).toHaveLength(3);
    expect(await readdir(folder)).not.toContain('settings');
  });

  it('do not replace each other', async () => {
    await importPreset(await write('a.json', { faceMaskBlur: 0.1 }), undefined, env);
    const second = importPreset(await write('a.json', { faceMaskBlur: 0.2 }), undefined, env);
    expect(await refusal(second)).toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(JSON.parse(await readFile(join(presetFolder(env), 'a.json'), 'utf8'))).toEqual({ faceMaskBlur: 0.1 });
  });
});

describe('readPreset', () => {
  it('names the nearest and all presets for one that is not there', async () => {
    await importPreset(await write('portrait.json', {}), undefined, env);
    expect(await refusal(readOptions({ ...paths, preset: 'portrai' }, env))).toMatchObject({
      code: 'OPTION_INVALID',
      message: 'There is no preset portrai.',
      hint: 'Did you mean portrait? Presets: fast, balanced, premium, portrait, or a file that ends in .json.',
    });
  });

  it('says which file is missing', async () => {
    expect(await refusal(readPreset(join(folder, 'x.json'), env))).toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });

  it('leaves options without a preset to their own checks', async () => {
    expect(await readOptions(paths, env)).toMatchObject(paths);
    expect(await refusal(readOptions({ ...paths, preset: 7 }, env))).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await refusal(readOptions(undefined, env))).toMatchObject({ code: 'OPTION_MISSING' });
  });
});

it.each([
  ['linux', { HOME: '/home/a' }, '/home/a/.config/facefusion/presets'],
  ['linux', { HOME: '/home/a', XDG_CONFIG_HOME: '/x' }, '/x/facefusion/presets'],
  ['linux', { HOME: '/home/a', XDG_CONFIG_HOME: 'x' }, '/home/a/.config/facefusion/presets'],
])('on %s with %j presets are in %s', (platform, variables, path) => {
  if (process.platform === platform) expect(presetFolder(variables)).toBe(path);
  else expect(presetFolder(variables)).toContain('presets');
});
