import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { isAppError } from '../core/errors.ts';
import { openAbandoned, openOutputFile } from './output-file.ts';

let root: string;
let folder: string;
let count = 0;
beforeAll(async () => {
  root = await makeFolder();
});
beforeEach(async () => {
  folder = join(root, String(count++));
  await mkdir(folder);
});
afterAll(() => removeFolder(root));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  throw new Error('expected an error');
}

const options = (inputs: string[] = [], force = false) => ({ force, inputs });

describe('openOutputFile', () => {
  it('writes beside and renames; disposing afterwards changes nothing', async () => {
    {
      await using output = await openOutputFile(join(folder, 'a.png'), options());
      await writeFile(output.partialPath, 'whole');
      expect(await readdir(folder)).toEqual(['a.png.partial', 'a.png.partial.lock']);
      await output.commit();
      await output.commit();
    }
    expect(await readdir(folder)).toEqual(['a.png']);
    expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('whole');
  });

  it('leaves nothing without commit, and the partial file with keepPartial', async () => {
    {
      await using output = await openOutputFile(join(folder, 'a.mp4'), options());
      await writeFile(output.partialPath, 'half');
    }
    expect(await readdir(folder)).toEqual([]);
    {
      await using output = await openOutputFile(join(folder, 'a.mp4'), options());
      await writeFile(output.partialPath, 'half');
      output.keepPartial();
    }
    expect(await readdir(folder)).toEqual(['a.mp4.partial']);
    {
      // The kept file of an earlier run is replaced.
      await using output = await openOutputFile(join(folder, 'a.mp4'), options());
      expect(await readFile(output.partialPath, 'utf8')).toBe('');
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps an existing output without force, and until commit with it', async () => {
    const path = join(folder, 'a.png');
    await writeFile(path, 'old');
    expect(await codeOf(openOutputFile(path, options()))).toBe('OUTPUT_EXISTS');
    await using output = await openOutputFile(path, options([], true));
    await writeFile(output.partialPath, 'new');
    expect(await readFile(path, 'utf8')).toBe('old');
    await output.commit();
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('refuses a missing folder, a file as folder and a folder as file', async () => {
    expect(await codeOf(openOutputFile(join(folder, 'none', 'a.png'), options()))).toBe('OUTPUT_FOLDER_MISSING');
    await writeFile(join(folder, 'file'), 'x');
    expect(await codeOf(openOutputFile(join(folder, 'file', 'a.png'), options()))).toBe('OUTPUT_FOLDER_MISSING');
    expect(await codeOf(openOutputFile(folder, options([], true)))).toBe('OUTPUT_FAILED');
  });

  it('refuses to write over an input, by whatever name', async () => {
    const input = join(folder, 'in.png');
    await writeFile(input, 'photo');
    await symlink(input, join(folder, 'soft.png'));
    await link(input, join(folder, 'hard.png'));
    await symlink(folder, join(root, `link-${count}`));
    const names = [input, join(folder, 'soft.png'), join(folder, 'hard.png'), join(root, `link-${count}`, 'in.png')];
    for (const name of names) {
      expect(await codeOf(openOutputFile(name, options([input], true)))).toBe('PATH_CONFLICT');
      expect(await codeOf(openOutputFile(input, options([name], true)))).toBe('PATH_CONFLICT');
    }
    expect(await readFile(input, 'utf8')).toBe('photo');
  });

  it('refuses an input whose name is that of the partial file', async () => {
    const input = join(folder, 'a.mp4.partial');
    await writeFile(input, 'kept from an earlier run');
    expect(await codeOf(openOutputFile(join(folder, 'a.mp4'), options([input])))).toBe('PATH_CONFLICT');
    expect(await readFile(input, 'utf8')).toContain('kept');
  });

  it('lets one run write at a time, and replaces the lock of one that is gone', async () => {
    const path = join(folder, 'a.mp4');
    {
      await using _first = await openOutputFile(path, options());
      expect(await codeOf(openOutputFile(path, options([], true)))).toBe('OUTPUT_EXISTS');
    }
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(`${path}.partial.lock`, JSON.stringify({ host: hostname(), processId: gone, startedAt: '1' }));
    await using second = await openOutputFile(path, options());
    expect(second.path).toBe(path);
  });

  it.runIf(process.platform === 'linux')(
    'replaces the lock of a killed process that nobody has collected',
    async () => {
      const path = join(folder, 'a.mp4');
      // The shell becomes a program that never waits for its child, which so stays a zombie.
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        const [line] = (await once(parent.stdout, 'data')) as [Buffer];
        const id = Number(line.toString());
        const stat = async () => (await readFile(`/proc/${id}/stat`, 'utf8')).split(' ');
        const owner = { host: hostname(), processId: id, startedAt: (await stat())[21] };
        await writeFile(`${path}.partial.lock`, JSON.stringify(owner));
        expect(await codeOf(openOutputFile(path, options()))).toBe('OUTPUT_EXISTS');
        process.kill(id, 'SIGKILL');
        await vi.waitFor(async () => expect((await stat())[2]).toBe('Z'));
        await using output = await openOutputFile(path, options());
        expect(output.path).toBe(path);
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );

  it('tidies up after a killed run, and only then', async () => {
    const path = join(folder, 'a.mp4');
    await writeFile(`${path}.partial`, 'kept by a run that ended well');
    expect(await openAbandoned(path)).toBeUndefined();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(`${path}.partial.lock`, JSON.stringify({ host: hostname(), processId: gone, startedAt: '1' }));
    {
      await using abandoned = await openAbandoned(path);
      expect(abandoned?.path).toBe(path);
    }
    expect(await readdir(folder)).toEqual([]);
    await using _running = await openOutputFile(path, options());
    expect(await openAbandoned(path)).toBeUndefined();
    expect(await readdir(folder)).toEqual(['a.mp4.partial', 'a.mp4.partial.lock']);
  });

  it('does not take a reused process id for the owner', async () => {
    const path = join(folder, 'a.mp4');
    const lock = { host: hostname(), processId: process.pid, startedAt: '1' };
    await writeFile(`${path}.partial.lock`, JSON.stringify(lock));
    if (process.platform !== 'linux') return;
    await using output = await openOutputFile(path, options());
    expect(output.path).toBe(path);
  });

  it('lets exactly one of many win', async () => {
    const path = join(folder, 'race.png');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => openOutputFile(path, options())));
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const winner of winners) await winner.value[Symbol.asyncDispose]();
  });

  it('reports a folder that may not be written to', async (context) => {
    context.skip(process.getuid?.() === 0, 'root may write everywhere');
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o555 });
    expect(await codeOf(openOutputFile(join(closed, 'a.png'), options()))).toBe('OUTPUT_FAILED');
  });
});
