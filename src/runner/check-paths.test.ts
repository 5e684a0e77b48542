import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInput, checkOutput } from './check-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-paths-'));
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(at('photo.jpg'), 'x');
  writeFileSync(at('empty.jpg'), '');
  writeFileSync(at('existing.jpg'), 'x');
  mkdirSync(at('folder'));
  symlinkSync(at('photo.jpg'), at('symlink.jpg'));
  linkSync(at('photo.jpg'), at('hardlink.jpg'));
  symlinkSync(at('nowhere'), at('dangling.jpg'));
  writeFileSync(at("-it's “ü” 人.jpg"), 'x');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('checkInput', () => {
  it.each(['photo.jpg', 'symlink.jpg', "-it's “ü” 人.jpg"])('takes %s', async (name) => {
    await expect(checkInput(at(name), 'target')).resolves.toBeUndefined();
  });

  it.each([
    ['missing.jpg', 'INPUT_NOT_FOUND'],
    ['photo.jpg/deeper.jpg', 'INPUT_NOT_FOUND'],
    ['dangling.jpg', 'INPUT_NOT_FOUND'],
    ['folder', 'INPUT_NOT_A_FILE'],
    ['empty.jpg', 'INPUT_UNREADABLE'],
  ])('refuses %s with %s and names role and path', async (name, code) => {
    await expect(checkInput(at(name), 'source')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`source.*${name}`)),
    });
  });

  it('refuses a device', async () => {
    await expect(checkInput('/dev/null', 'target')).rejects.toMatchObject({ code: 'INPUT_NOT_A_FILE' });
  });
});

describe('checkOutput', () => {
  const inputs = [at('photo.jpg')];

  it('takes a new name, and an existing one with force', async () => {
    await expect(checkOutput(at('new.jpg'), inputs, false)).resolves.toBeUndefined();
    await expect(checkOutput(at('existing.jpg'), inputs, true)).resolves.toBeUndefined();
  });

  it.each([
    ['existing.jpg', false, 'OUTPUT_EXISTS'],
    ['folder', true, 'OUTPUT_EXISTS'],
    ['nowhere/new.jpg', true, 'OUTPUT_FOLDER_MISSING'],
    ['photo.jpg/new.jpg', true, 'OUTPUT_FOLDER_MISSING'],
    ['photo.jpg', true, 'PATH_CONFLICT'],
    ['folder/../photo.jpg', true, 'PATH_CONFLICT'],
    ['symlink.jpg', true, 'PATH_CONFLICT'],
    ['hardlink.jpg', true, 'PATH_CONFLICT'],
  ])('refuses %s (force %s) with %s', async (name, force, code) => {
    await expect(checkOutput(at(name), inputs, force)).rejects.toMatchObject({ code });
  });
});
