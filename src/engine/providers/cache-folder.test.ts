import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProviderCache, providerCacheRoot } from './cache-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facefusion-cache-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Writes a file of 100 bytes that was changed so many hours ago. */
async function write(name: string, hoursAgo: number): Promise<void> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.alloc(100));
  const time = new Date(Date.now() - hoursAgo * 3_600_000);
  await utimes(path, time, time);
}

const files = async (): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

describe('the folder of compiled models', () => {
  it('is in the user cache, and made for a version', async () => {
    expect(providerCacheRoot({ XDG_CACHE_HOME: '/c' })).toBe('/c/facefusion/providers');
    expect(providerCacheRoot({ HOME: '/home/me' })).toBe('/home/me/.cache/facefusion/providers');
    const folder = await openProviderCache('1.30.0', join(root, 'new'));
    expect(folder).toBe(join(root, 'new', '1.30.0'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('loses what was written longest ago, whatever version wrote it, until the rest fits', async () => {
    await write('1.29.0/tensorrt/oldest.engine', 30);
    await write('1.30.0/tensorrt/newest.engine', 1);
    await write('1.30.0/openvino/old.blob', 20);
    await write('1.30.0/coreml/newer.mlmodel', 2);
    await openProviderCache('1.30.0', root, 400);
    expect(await files()).toHaveLength(4);
    await openProviderCache('1.30.0', root, 399);
    expect(await files()).toEqual(['newer.mlmodel', 'newest.engine', 'old.blob']);
    await openProviderCache('1.30.0', root, 200);
    expect(await files()).toEqual(['newer.mlmodel', 'newest.engine']);
    await openProviderCache('1.30.0', root, 0);
    expect(await files()).toEqual([]);
  });
});
