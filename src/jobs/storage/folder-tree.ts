/** Where a folder storage has its files. Keys are checked before; links that somebody has put there are not followed. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** A part that was not written to for so long belongs to a process that is gone. */
const STALE_MILLISECONDS = 24 * 3600 * 1000;

/** `objects/<key>` is an object, `facts/<key>/` what is known of it, `parts/` what is being written. */
export class FolderTree {
  /** Free of links. */
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  static async open(root: string): Promise<FolderTree> {
    for (const name of ['objects', 'facts', 'parts']) await mkdir(join(root, name), { recursive: true, mode: 0o700 });
    const tree = new FolderTree(await realpath(root));
    await tree.#removeStaleParts();
    return tree;
  }

  get objects(): string {
    return join(this.#root, 'objects');
  }

  object(key: string): string {
    return join(this.#root, 'objects', ...key.split('/'));
  }

  /** The folder of what is known of an object. */
  facts(key: string): string {
    return join(this.#root, 'facts', ...key.split('/'));
  }

  /** A new name for what is being written. */
  part(): string {
    return join(this.#root, 'parts', randomBytes(12).toString('hex'));
  }

  /** Makes the folder of a path, and those above it. @throws STORAGE_FAILED where a link is in the way */
  async makeFolderOf(path: string): Promise<void> {
    const folder = dirname(path);
    try {
      await this.checkFolderOf(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // One at a time, so that nothing is made behind a link.
      await this.makeFolderOf(folder);
      await mkdir(folder, { mode: 0o700 }).catch((failed: NodeJS.ErrnoException) => {
        if (failed.code !== 'EEXIST') throw failed;
      });
      await this.checkFolderOf(path);
    }
  }

  /** @throws STORAGE_FAILED where a link is in the way; what the system says where there is no such folder */
  async checkFolderOf(path: string): Promise<void> {
    const folder = dirname(path);
    if ((await realpath(folder)) === folder) return;
    throw new AppError('STORAGE_FAILED', 'A symbolic link lies in the folder of the storage.', {
      hint: 'Put the files themselves there; links are not followed.',
    });
  }

  /** Removes folders that nothing is left in, from that of `path` up. */
  async removeEmptyFolders(path: string): Promise<void> {
    for (
      let folder = dirname(path);
      folder.split(sep).length > this.objects.split(sep).length;
      folder = dirname(folder)
    ) {
      try {
        await rmdir(folder);
      } catch (error) {
        // Something is in it, or somebody else has removed it.
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
        throw error;
      }
    }
  }

  async #removeStaleParts(): Promise<void> {
    const folder = join(this.#root, 'parts');
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > STALE_MILLISECONDS) await rm(join(folder, name), { force: true });
    }
  }
}
