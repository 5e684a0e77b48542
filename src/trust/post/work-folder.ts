/** Where derived files are made: a hidden folder beside the outputs, so that giving them their names is all that is left. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { toOutputError } from '../../media/output-file.ts';

/** The creator disposes it, which removes it with all that is in it. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
}

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const NAME = /^\.post-([0-9a-f]{8})-(\d+)-/;

/**
 * Makes the folder. Those that processes of this machine left when they were killed are removed.
 * @throws OUTPUT_FOLDER_MISSING, OUTPUT_FAILED
 */
export async function openWorkFolder(outputFolder: string): Promise<WorkFolder> {
  const folder = resolve(outputFolder);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new AppError('OUTPUT_FOLDER_MISSING', `There is no folder ${folder}.`, { hint: `mkdir -p "${folder}"` });
  }
  await tidyWorkFolders(folder);
  try {
    const path = await mkdtemp(join(folder, `.post-${HOST}-${process.pid}-`));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  } catch (error) {
    throw toOutputError(error, folder);
  }
}

/** Removes what killed processes of this machine left. */
export async function tidyWorkFolders(outputFolder: string): Promise<void> {
  for (const name of await readdir(outputFolder).catch(() => [])) {
    const [, host, processId] = NAME.exec(name) ?? [];
    if (host !== HOST || isAlive(Number(processId))) continue;
    await rm(join(outputFolder, name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A folder inside, which may be there. @throws OUTPUT_FAILED */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw toOutputError(error, path);
  });
}
