/** Models that providers have compiled: one folder, bounded, in the user's cache. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Bytes that all compiled models of all versions may take: about ten large engines. */
export const PROVIDER_CACHE_BYTES = 8e9;

/** The folder of all versions, in the user's cache (XDG). */
export function providerCacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(cache, 'facefusion', 'providers');
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly changedAt: number;
}

/**
 * Makes the folder of one version, and room in the folder of all: the files that were written longest ago go first.
 * @param version of ONNX Runtime: another one cannot use what this one has compiled
 * @returns the folder
 */
export async function openProviderCache(
  version: string,
  root: string = providerCacheRoot(),
  mostBytes: number = PROVIDER_CACHE_BYTES,
): Promise<string> {
  const folder = join(root, version);
  await mkdir(folder, { recursive: true });
  const files = (await filesBelow(root)).sort((a, b) => a.changedAt - b.changedAt);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= mostBytes) break;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
  return folder;
}

async function filesBelow(folder: string): Promise<CachedFile[]> {
  const files: CachedFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Another run may tidy up at the same time.
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found) files.push({ path, bytes: found.size, changedAt: found.mtimeMs });
  }
  return files;
}
