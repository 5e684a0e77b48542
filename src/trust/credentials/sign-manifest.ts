/** One manifest of C2PA: ingredients, actions, what only this product says, and a signature over all of it. */
import { DIGITAL_SOURCE_TYPE } from '../../media/ai-marking.ts';
import { sniffMedia } from '../../media/sniff.ts';
import type { Json } from '../audit/canonical-json.ts';
import type { C2paLibrary } from './c2pa-library.ts';
import { OTHER_TYPE, readableType } from './credential-formats.ts';
import type { CredentialSigner } from './credential-signer.ts';

/** Label of what only this product says. @see C2PA 2.1, 6.2.1: labels of one's own begin with a domain */
export const RUN_ASSERTION = 'org.facefusion.run';

/** Bytes kept free for the signature with its certificates. */
const RESERVE_BYTES = 20_480;
/** Pictures of inputs are no business of whoever gets the output. */
const SETTINGS = { verify: { verify_after_sign: false }, builder: { thumbnail: { enabled: false } } } as const;

/** Credentials of an ingredient that are signed as ours are no surprise: they are trusted as far as ours. */
const settingsOf = ({ certificates }: CredentialSigner): object => {
  const root = certificates.at(-1);
  return {
    ...SETTINGS,
    verify: { ...SETTINGS.verify, verify_trust: true },
    ...(root === undefined ? {} : { trust: { trust_anchors: root } }),
  };
};

export interface Manifest {
  /** The finished file. */
  readonly path: string;
  /** Media type that it carries credentials in; undefined: they are only returned. */
  readonly type: string | undefined;
  /** Where the file with the credentials is written. */
  readonly signedPath: string;
  readonly signer: CredentialSigner;
  /** Of this product. */
  readonly version: string;
  readonly title: string;
  /** What else went into it; SHA-256, hexadecimal. */
  readonly components: readonly { readonly title: string; readonly sha256: string }[];
  /** What it was made from. With a path, its own credentials become part of these; also broken ones. */
  readonly parent: { readonly title: string; readonly sha256: string; readonly path?: string | undefined };
  /** Each is said to leave a picture with parts made by a trained model. */
  readonly actions: readonly { readonly action: string; readonly description: string }[];
  /** Stands under `RUN_ASSERTION`. */
  readonly run: Readonly<Record<string, Json | readonly string[]>>;
}

/**
 * Signs a file.
 * @returns the credentials by themselves
 * @throws what the library throws, KEYS_UNUSABLE from the signer
 */
export async function signManifest(library: C2paLibrary, manifest: Manifest): Promise<Buffer> {
  const { path, type = OTHER_TYPE, signedPath, signer, version, title, components, parent, actions, run } = manifest;
  const agent = { name: 'FaceFusion', version };
  const builder = library.Builder.withJson(
    {
      claim_generator_info: [agent],
      title,
      format: type,
      ingredients: components.map((component) => ({
        title: component.title,
        format: OTHER_TYPE,
        relationship: 'componentOf',
        instance_id: `sha256:${component.sha256}`,
      })),
      assertions: [],
    },
    settingsOf(signer),
  );
  builder.setIntent('edit');
  if (manifest.type === undefined) builder.setNoEmbed(true);
  for (const action of actions) {
    builder.addAction(JSON.stringify({ ...action, digitalSourceType: DIGITAL_SOURCE_TYPE, softwareAgent: agent }));
  }
  builder.addAssertion(RUN_ASSERTION, run);
  // Names of files lie.
  const parentType = parent.path && readableType((await sniffMedia(parent.path)).format);
  const ingredient = JSON.stringify({
    title: parent.title,
    format: parentType || OTHER_TYPE,
    relationship: 'parentOf',
    instance_id: `sha256:${parent.sha256}`,
  });
  if (parent.path && parentType) await builder.addIngredient(ingredient, { path: parent.path, mimeType: parentType });
  else await builder.addIngredient(ingredient);
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
