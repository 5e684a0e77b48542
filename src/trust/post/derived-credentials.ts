/** Signs what was derived: the published output is its parent. */
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { AppError, isAppError } from '../../core/errors.ts';
import type { Json } from '../audit/canonical-json.ts';
import { openC2pa } from '../credentials/c2pa-library.ts';
import { embeddingType, sidecarOf } from '../credentials/credential-formats.ts';
import { signManifest } from '../credentials/sign-manifest.ts';
import type { PostTrust } from './post-trust.ts';
import type { PublishedSource } from './published-source.ts';

export interface DerivedCredentials {
  readonly place: 'embedded' | 'sidecar' | 'absent';
  /** Path of the sidecar. */
  readonly sidecar?: string;
  /** Why there are none, where the policy does not insist. */
  readonly reason?: string;
}

/** What was done, in words that stand in the credentials. */
export interface DerivedWork {
  /** As C2PA calls it. */
  readonly action: 'c2pa.transcoded' | 'c2pa.edited';
  readonly description: string;
}

/**
 * Puts credentials into a finished file, or beside it where its format has no place for them.
 * @param embeds false puts them beside it in any case
 * @throws CREDENTIALS_FAILED where the policy asks for them, KEYS_UNUSABLE
 */
export async function signDerived(
  path: string,
  work: readonly DerivedWork[],
  source: PublishedSource,
  trust: PostTrust,
  embeds = true,
): Promise<DerivedCredentials> {
  try {
    const library = await openC2pa();
    if (library instanceof Error) throw library;
    const type = embeds ? embeddingType(path) : undefined;
    const signedPath = `${path}.signed`;
    const { facts, payload } = source;
    try {
      const credentials = await signManifest(library, {
        ...{ path, type, signedPath, signer: trust.signer, version: trust.version, title: 'FaceFusion output' },
        components: source.components ?? [],
        parent: { title: 'published output', sha256: source.sha256, path: source.path },
        actions: work,
        run: runOf(facts, payload.job, work, trust),
      });
      if (type !== undefined) {
        await rename(signedPath, path);
        return { place: 'embedded' };
      }
      const sidecar = sidecarOf(path);
      await writeFile(sidecar, credentials);
      await syncFile(sidecar);
      return { place: 'sidecar', sidecar };
    } finally {
      await rm(signedPath, { force: true });
    }
  } catch (cause) {
    if (isAppError(cause) && cause.code === 'KEYS_UNUSABLE') throw cause;
    const reason = cause instanceof Error ? cause.message.trim().replace(/\.$/, '') : String(cause);
    if (trust.installed.policy.credentials !== 'required') return { place: 'absent', reason };
    throw new AppError('CREDENTIALS_FAILED', `No Content Credentials can be made: ${reason}.`, { cause });
  }
}

function runOf(
  facts: PublishedSource['facts'],
  job: string,
  work: readonly DerivedWork[],
  { installed }: PostTrust,
): Record<string, Json> {
  const { name } = installed.policy.operator;
  return {
    job,
    processors: facts.processors ?? [],
    models: facts.models ?? [],
    consents: facts.consents ?? [],
    derived: work.map(({ description }) => description),
    ...(name === undefined ? {} : { operator: name }),
  };
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
