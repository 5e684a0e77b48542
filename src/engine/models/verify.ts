import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { throwIfAborted } from '../../core/abort.ts';
import type { ModelEntry, ModelManifest } from './manifest.ts';

/** What became of one file of the manifest. */
export interface VerifiedModel {
  readonly entry: ModelEntry;
  readonly status: 'ok' | 'missing' | 'corrupt' | 'unreadable';
  /** What the file's sha256 is, where it could be read. */
  readonly sha256?: string;
}

/** Reads every file of a model folder and compares its sha256 with the manifest. */
export async function verifyModelFiles(
  directory: string,
  manifest: ModelManifest,
  signal?: AbortSignal,
): Promise<VerifiedModel[]> {
  const verified: VerifiedModel[] = [];
  for (const entry of manifest.models) {
    throwIfAborted(signal);
    verified.push(await verifyFile(path.join(directory, entry.file), entry));
  }
  return verified;
}

async function verifyFile(file: string, entry: ModelEntry): Promise<VerifiedModel> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { entry, status: isMissing ? 'missing' : 'unreadable' };
  }
  const sha256 = hash.digest('hex');
  return { entry, status: sha256 === entry.sha256 ? 'ok' : 'corrupt', sha256 };
}
