/** The end of a job of the command line: outputs of several steps are put where their owner wants them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../core/errors.ts';
import { toOutputError } from '../../media/output-file.ts';
import { sidecarOf } from '../../trust/credentials/credential-formats.ts';
import { contentTypeOf } from '../../trust/post/derived-output.ts';
import type { JobOutput } from '../job.ts';

/** Makes one video of several that this installation has published, and publishes it with all that trust asks for. */
export type JoinVideos = (parts: readonly string[], outputPath: string, options: JoinVideosOptions) => Promise<void>;

export interface JoinVideosOptions {
  readonly force: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws OUTPUT_EXISTS */
export async function checkFree(path: string, force: boolean): Promise<void> {
  const existing = force ? undefined : await stat(path).catch(() => undefined);
  if (!existing) return;
  throw new AppError('OUTPUT_EXISTS', `The output ${path} exists.`, {
    hint: 'Add --force to the step, or remove the file.',
  });
}

/**
 * Moves a published file, and its credentials where they lie beside it, to another place. Bytes stay as they are, so
 * that credentials and audit log still mean it.
 * @throws OUTPUT_EXISTS, OUTPUT_FAILED
 */
export async function movePublished(from: string, to: string, force: boolean): Promise<void> {
  await checkFree(to, force);
  const sidecar = await stat(sidecarOf(from)).catch(() => undefined);
  if (sidecar) await moveFile(sidecarOf(from), sidecarOf(to));
  else await rm(sidecarOf(to), { force: true });
  await moveFile(from, to);
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw toOutputError(error, to);
    // Another disk: whole or not at all there, too.
    const partial = `${to}.partial`;
    try {
      await copyFile(from, partial);
      await rename(partial, to);
      await rm(from, { force: true });
    } catch (cause) {
      await rm(partial, { force: true });
      throw toOutputError(cause, to);
    }
  }
}

/** What a finished file is, for the job's document. A sequence of images counts without hash. */
export async function describeOutput(path: string): Promise<JobOutput> {
  const found = await stat(path).catch(() => undefined);
  const common = { name: basename(path), role: 'main', path, contentType: contentTypeOf(path) } as const;
  if (!found?.isFile()) return { ...common, bytes: 0, sha256: '' };
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { ...common, bytes: found.size, sha256: hash.digest('hex') };
}
