/** A chain of two certificates for an installation: a root that others may trust, and one below it that signs. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** What C2PA accepts for signing, beside its own purpose. @see RFC 5280, 4.2.1.12: id-kp-emailProtection */
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const DAY_MS = 86_400_000;
const ROOT_DAYS = 3650;
const LEAF_DAYS = 825;

/** All PEM. */
export interface CertificateChain {
  /** Private key of the signing certificate, PKCS #8. The root's is thrown away: nothing else is ever signed by it. */
  readonly key: string;
  /** The signing certificate, then the root. */
  readonly certificates: string;
}

/** @param id eight hexadecimal digits that tell installations apart; stands in the names */
export async function makeChain(id: string, now: Date = new Date()): Promise<CertificateChain> {
  const root = await newPair();
  const leaf = await newPair();
  const days = (count: number): Date => new Date(now.getTime() + count * DAY_MS);
  const rootName = `CN=FaceFusion installation ${id} root, O=FaceFusion`;
  const rootCertificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: rootName,
    // A day earlier, for clocks that disagree.
    notBefore: days(-1),
    notAfter: days(ROOT_DAYS),
    signingAlgorithm: ALGORITHM,
    keys: root,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=FaceFusion installation ${id}, O=FaceFusion`,
    issuer: rootName,
    notBefore: days(-1),
    notAfter: days(LEAF_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: leaf.publicKey,
    signingKey: root.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([EMAIL_PROTECTION], true),
      await SubjectKeyIdentifierExtension.create(leaf.publicKey),
      await AuthorityKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g)!.join('\n');
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    certificates: `${certificate.toString('pem')}\n${rootCertificate.toString('pem')}\n`,
  };
}

const newPair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** Positive, 16 bytes. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
