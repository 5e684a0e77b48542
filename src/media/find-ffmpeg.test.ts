import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { ERRORS, isAppError } from '../core/errors.ts';
import { findFfmpeg, installLine, isRecentEnough } from './find-ffmpeg.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** A program that says it is this version. */
async function fake(path: string, name: string, version: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho "${name} version ${version} Copyright (c) the FFmpeg developers"\n`);
  await chmod(path, 0o755);
}

async function codeOf(promise: Promise<unknown>): Promise<{ code: string; hint: string | undefined; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (isAppError(error)) return { code: error.code, hint: error.hint, message: error.message };
    throw error;
  }
  throw new Error('expected an error');
}

describe('findFfmpeg', () => {
  it('finds the one on the path, keeps the answer, and knows what it can do', async () => {
    const ffmpeg = await findFfmpeg();
    expect(isRecentEnough(ffmpeg.version)).toBe(true);
    expect(findFfmpeg()).toBe(findFfmpeg());
    expect((await ffmpeg.encoders()).has('aac')).toBe(true);
    expect((await ffmpeg.encoders()).has('=')).toBe(false);
    expect((await ffmpeg.filters()).has('scale')).toBe(true);
  });

  it('says how to install it when it is not there', async () => {
    const { code, hint } = await codeOf(findFfmpeg({ PATH: folder }));
    expect(code).toBe('FFMPEG_NOT_FOUND');
    expect(ERRORS[code as 'FFMPEG_NOT_FOUND'].exit).toBe(6);
    expect(hint).toMatch(/install|download/);
    expect((await codeOf(findFfmpeg({ FFMPEG_PATH: join(folder, 'none') }))).message).toContain('none');
    expect((await codeOf(findFfmpeg({ FFMPEG_PATH: folder }))).code).toBe('FFMPEG_NOT_FOUND');
  });

  it('refuses an old one, and something that is no ffmpeg', async () => {
    const here = join(folder, 'old');
    await mkdir(here);
    await fake(join(here, 'ffmpeg'), 'ffmpeg', '4.4.2-0ubuntu0.22.04.1');
    await fake(join(here, 'ffprobe'), 'ffprobe', '4.4.2-0ubuntu0.22.04.1');
    const old = await codeOf(findFfmpeg({ PATH: here }));
    expect(old).toMatchObject({ code: 'FFMPEG_TOO_OLD' });
    expect(old.message).toContain('4.4.2');
    await fake(join(here, 'other'), 'other', '9.0');
    expect((await codeOf(findFfmpeg({ FACEFUSION_FFMPEG: join(here, 'other') }))).code).toBe('FFMPEG_NOT_FOUND');
  });

  it('prefers FACEFUSION_FFMPEG, and takes the ffprobe beside it', async () => {
    const real = await findFfmpeg();
    const here = join(folder, 'chosen dir');
    await mkdir(here);
    await symlink(real.ffmpegPath, join(here, 'ffmpeg'));
    await symlink(real.ffprobePath, join(here, 'ffprobe'));
    const chosen = await findFfmpeg({ FACEFUSION_FFMPEG: join(here, 'ffmpeg'), FFMPEG_PATH: '/none', PATH: '' });
    expect(chosen).toMatchObject({ ffmpegPath: join(here, 'ffmpeg'), ffprobePath: join(here, 'ffprobe') });
  });
});

describe('isRecentEnough', () => {
  it.each([
    '5.1.9-0+deb12u1',
    '5.1',
    'n7.1',
    'N-118000-gabcdef0',
    '2025-01-02-git-0123456',
    '10.0',
    '8.0.1-full_build',
  ])('takes %s', (version) => expect(isRecentEnough(version)).toBe(true));
  it.each(['5.0.3', '4.4.2-0ubuntu0.22.04.1', 'n4.4', '3.4'])('refuses %s', (version) =>
    expect(isRecentEnough(version)).toBe(false),
  );
});

describe('installLine', () => {
  it.each([
    ['linux', 'ID=debian\n', true, 'apt-get install -y ffmpeg'],
    ['linux', 'NAME="Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', false, 'sudo apt-get install -y ffmpeg'],
    ['linux', 'ID=fedora\n', true, 'dnf install -y ffmpeg'],
    ['linux', 'ID=alpine\n', true, 'apk add ffmpeg'],
    ['darwin', '', false, 'brew install ffmpeg'],
    ['linux', '', false, 'see https://ffmpeg.org/download.html'],
  ] as const)('%s %j root %s: %s', (platform, release, isRoot, line) =>
    expect(installLine(platform, release, isRoot)).toBe(line),
  );
});
