/** Content Credentials: what was made of what, with which models, signed, in the file itself or beside it. */
import type { Json } from '../audit/canonical-json.ts';
import type { C2paLibrary } from './c2pa-library.ts';
import type { CredentialSigner } from './credential-signer.ts';
import { signManifest } from './sign-manifest.ts';

/** What the credentials say. Hashes and ids only: no name of a file or a person stands in a published file. */
export interface CredentialFacts {
  readonly version: string;
  /** Who runs the installation, where its policy says so. */
  readonly operator?: string | undefined;
  readonly processors: readonly string[];
  readonly job: string;
  readonly consents: readonly string[];
  readonly models: Json;
  /** SHA-256, hexadecimal. */
  readonly target: string;
  readonly sources: readonly string[];
}

export interface CredentialJob {
  /** The finished file. */
  readonly path: string;
  /** Media type that it carries credentials in; undefined: they are only returned. */
  readonly type: string | undefined;
  /** Where the file with the credentials is written. */
  readonly signedPath: string;
  /** A single file, whose own credentials become part of these; also broken ones, with what is wrong with them. */
  readonly targetPath?: string | undefined;
  readonly facts: CredentialFacts;
  readonly signer: CredentialSigner;
}

/**
 * Signs a file.
 * @returns the credentials by themselves
 * @throws what the library throws, KEYS_UNUSABLE from the signer
 */
export async function makeCredentials(library: C2paLibrary, job: CredentialJob): Promise<Buffer> {
  const { targetPath, facts } = job;
  return signManifest(library, {
    ...job,
    version: facts.version,
    title: 'FaceFusion output',
    components: facts.sources.map((sha256, index) => ({ title: `source ${index + 1}`, sha256 })),
    parent: { title: 'target', sha256: facts.target, path: targetPath },
    actions: [
      {
        action: 'c2pa.edited',
        description: `Faces were changed by trained models: ${facts.processors.join(', ')}.`,
      },
    ],
    run: {
      ...{ job: facts.job, processors: facts.processors, models: facts.models, consents: facts.consents },
      ...(facts.operator === undefined ? {} : { operator: facts.operator }),
    },
  });
}
