/** What signs Content Credentials, wherever its key is. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import { runSigningProgram } from '../../media/signing-program.ts';
import { type InstallationKeys, openKeyFile, readPrivateFile } from '../keys/installation-keys.ts';
import type { Policy } from '../policy/policy-schema.ts';
import { makeChain } from './make-chain.ts';
import { signInToken } from './pkcs11.ts';
import { type SigningAlgorithm, signWith, toCoseSignature } from './signature.ts';

/** Key and certificates of the chain that an installation makes for itself, in one file, so that they fit. */
export const CHAIN_FILE = 'content-credentials.pem';

export interface CredentialSigner {
  readonly algorithm: SigningAlgorithm;
  /** PEM, the signing one first. */
  readonly certificates: readonly string[];
  /** Name in the signing certificate. */
  readonly name: string;
  /** @returns the signature as COSE wants it */
  sign(bytes: Buffer): Promise<Buffer>;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const certificatesIn = (text: string): string[] => (text.match(CERTIFICATE) ?? []).map((pem) => `${pem}\n`);

/**
 * Opens the signer that a policy names, and makes the installation's own chain where that is it and there is none yet.
 * @throws KEYS_UNUSABLE for a key or certificates that are missing, expired, not of each other or readable by others
 */
export async function openCredentialSigner(
  { signing }: Pick<Policy, 'signing'>,
  keys: Pick<InstallationKeys, 'folder' | 'id'>,
  now: Date = new Date(),
): Promise<CredentialSigner> {
  switch (signing.source) {
    case 'installation': {
      const path = await openChain(keys);
      const text = (await readPrivateFile(path)).toString();
      return signerOf(path, certificatesIn(text), 'es256', ownKey(path, text, 'es256'), now);
    }
    case 'file': {
      const path = signing.key!;
      const certificates = await readCertificates(signing.certificates!);
      const key = ownKey(path, (await readPrivateFile(path)).toString(), signing.algorithm);
      return signerOf(signing.certificates!, certificates, signing.algorithm, key, now);
    }
    case 'pkcs11': {
      const { module, object: address, algorithm } = signing;
      const sign = (bytes: Buffer) => signInToken({ module: module!, address: address!, algorithm }, bytes);
      return signerOf(signing.certificates!, await readCertificates(signing.certificates!), algorithm, { sign }, now);
    }
    case 'command': {
      const sign = (bytes: Buffer) => runSigningProgram(signing.command!, bytes);
      const certificates = await readCertificates(signing.certificates!);
      return signerOf(signing.certificates!, certificates, signing.algorithm, { sign }, now);
    }
  }
}

/** The file of the installation's own chain, made where there is none. @throws KEYS_UNUSABLE */
export const openChain = ({ folder, id }: Pick<InstallationKeys, 'folder' | 'id'>): Promise<string> =>
  openKeyFile(folder, CHAIN_FILE, async () => {
    const { key, certificates } = await makeChain(id);
    return key + certificates;
  });

/** The roots that this installation trusts by itself: that of its own chain. PEM; undefined where there is no chain. */
export async function ownAnchor(folder: string): Promise<string | undefined> {
  const text = await readFile(`${folder}/${CHAIN_FILE}`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : certificatesIn(text).at(-1);
}

interface Key {
  sign(bytes: Buffer): Promise<Buffer>;
  /** Whether a certificate is of this key; absent where it cannot be told before signing. */
  readonly isOf?: (certificate: X509Certificate) => boolean;
}

function ownKey(path: string, pem: string, algorithm: SigningAlgorithm): Key {
  try {
    const key = createPrivateKey(pem);
    return {
      sign: async (bytes) => signWith(key, algorithm, bytes),
      isOf: (certificate) => certificate.checkPrivateKey(key),
    };
  } catch (cause) {
    throw unusable(`The key ${path} cannot be used: ${(cause as Error).message}.`, cause);
  }
}

async function readCertificates(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw unusable(`The certificates ${path} cannot be read: ${cause.message}.`, cause);
  });
  return certificatesIn(text);
}

function signerOf(
  path: string,
  certificates: readonly string[],
  algorithm: SigningAlgorithm,
  key: Key,
  now: Date,
): CredentialSigner {
  const [first] = certificates;
  if (first === undefined) throw unusable(`Expected certificates in PEM in ${path}, found none.`);
  const own = parseCertificate(path, first);
  if (now > new Date(own.validTo)) throw unusable(`The signing certificate in ${path} ended at ${own.validTo}.`);
  if (now < new Date(own.validFrom)) {
    throw unusable(
      `The signing certificate in ${path} begins at ${own.validFrom}; the clock says ${now.toUTCString()}.`,
    );
  }
  if (key.isOf && !key.isOf(own)) throw unusable(`The signing key is not that of the certificate in ${path}.`);
  const name = /^CN=(.*)$/m.exec(own.subject)?.[1] ?? own.subject;
  const sign = async (bytes: Buffer): Promise<Buffer> => toCoseSignature(await key.sign(bytes), algorithm);
  return { algorithm, certificates, name, sign };
}

function parseCertificate(path: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw unusable(`A certificate in ${path} is damaged: ${(cause as Error).message}.`, cause);
  }
}

const unusable = (message: string, cause?: unknown): AppError =>
  new AppError('KEYS_UNUSABLE', message, {
    hint: 'See signing in docs/policy.md; an installation without own certificates gets new ones when the file is moved away.',
    ...(cause === undefined ? {} : { cause }),
  });
