import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOutput } from './check-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-paths-'));
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(at('photo.jpg'), 'x');
  writeFileSync(at('existing.jpg'), 'x');
  mkdirSync(at('folder'));
  symlinkSync(at('photo.jpg'), at('symlink.jpg'));
  linkSync(at('photo.jpg'), at('hardlink.jpg'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('checkOutput', () => {
  const inputs = [at('photo.jpg')];

  it('takes any spelling', async () => {
    await expect(checkOutput(at("-it's “ü” 人.png"), inputs, false)).resolves.toBeUndefined();
  });

  it('takes a new name, and an existing one with force', async () => {
    await expect(checkOutput(at('new.jpg'), inputs, false)).resolves.toBeUndefined();
    await expect(checkOutput(at('existing.jpg'), inputs, true)).resolves.toBeUndefined();
  });

  it.each([
    ['existing.jpg', false, 'OUTPUT_EXISTS'],
    ['folder', true, 'OUTPUT_FAILED'],
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
