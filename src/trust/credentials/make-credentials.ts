/** Content Credentials: what was made of what, with which models, signed, in the file itself or beside it. */
import { DIGITAL_SOURCE_TYPE } from '../../media/ai-marking.ts';
import { sniffMedia } from '../../media/sniff.ts';
import type { Json } from '../audit/canonical-json.ts';
import type { C2paLibrary } from './c2pa-library.ts';
import { OTHER_TYPE, readableType } from './credential-formats.ts';
import type { CredentialSigner } from './credential-signer.ts';

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

/** Label of what only this product says. @see C2PA 2.1, 6.2.1: labels of one's own begin with a domain */
export const RUN_ASSERTION = 'org.facefusion.run';

/** Bytes kept free for the signature with its certificates. */
const RESERVE_BYTES = 20_480;
/** Pictures of inputs are no business of whoever gets the output. */
const SETTINGS = { verify: { verify_after_sign: false }, builder: { thumbnail: { enabled: false } } } as const;

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
  const { path, type = OTHER_TYPE, targetPath, facts, signer, signedPath } = job;
  const agent = { name: 'FaceFusion', version: facts.version };
  const builder = library.Builder.withJson(
    {
      claim_generator_info: [agent],
      title: 'FaceFusion output',
      format: type,
      ingredients: facts.sources.map((sha256, index) => ({
        title: `source ${index + 1}`,
        format: OTHER_TYPE,
        relationship: 'componentOf',
        instance_id: `sha256:${sha256}`,
      })),
      assertions: [],
    },
    SETTINGS,
  );
  builder.setIntent('edit');
  if (job.type === undefined) builder.setNoEmbed(true);
  builder.addAction(
    JSON.stringify({
      action: 'c2pa.edited',
      digitalSourceType: DIGITAL_SOURCE_TYPE,
      softwareAgent: agent,
      description: `Faces were changed by trained models: ${facts.processors.join(', ')}.`,
    }),
  );
  builder.addAssertion(RUN_ASSERTION, {
    ...{ job: facts.job, processors: facts.processors, models: facts.models, consents: facts.consents },
    ...(facts.operator === undefined ? {} : { operator: facts.operator }),
  });
  // Names of targets lie.
  const targetType = targetPath && readableType((await sniffMedia(targetPath)).format);
  const parent = JSON.stringify({
    title: 'target',
    format: targetType || OTHER_TYPE,
    relationship: 'parentOf',
    instance_id: `sha256:${facts.target}`,
  });
  if (targetPath && targetType) {
    await builder.addIngredient(parent, { path: targetPath, mimeType: targetType });
  } else {
    await builder.addIngredient(parent);
  }
  // What a callback throws comes out of the library without its code.
  let ofSigner: unknown;
  const sign = async (bytes: Buffer): Promise<Buffer> => {
    try {
      return await signer.sign(bytes);
    } catch (error) {
      ofSigner = error;
      throw error;
    }
  };
  const signing = builder.signConfigAsync(
    sign,
    {
      alg: signer.algorithm,
      certs: signer.certificates.map((pem) => Buffer.from(pem)),
      reserveSize: RESERVE_BYTES,
      directCoseHandling: false,
    },
    { path, mimeType: type },
    { path: signedPath, mimeType: type },
  );
  return signing.catch((error: unknown) => {
    throw ofSigner ?? error;
  });
}
