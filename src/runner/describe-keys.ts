/** What may be told of the keys of this installation: never the keys. */
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { CHAIN_FILE, openCredentialSigner } from '../trust/credentials/credential-signer.ts';
import { hasInstallationKeys, keyFolder, openInstallationKeys } from '../trust/keys/installation-keys.ts';
import { readPolicy } from '../trust/policy/read-policy.ts';

export interface KeysDescription {
  readonly installation: string;
  readonly folder: string;
  /** Where the key that signs Content Credentials is. */
  readonly source: 'installation' | 'file' | 'pkcs11' | 'command';
  /** Name in the signing certificate. */
  readonly signer: string;
  /** ISO 8601. */
  readonly validUntil: string;
  /** File with the root of this installation's own chain. */
  readonly anchor?: string;
}

/**
 * @param make whether missing keys are made
 * @throws KEYS_UNUSABLE, POLICY_INVALID
 */
export async function describeKeys(make: boolean): Promise<KeysDescription> {
  const folder = keyFolder();
  if (!make && !(await hasInstallationKeys(folder))) {
    throw new AppError('KEYS_UNUSABLE', `This installation has no keys in ${folder} yet.`, {
      hint: 'facefusion keys init',
    });
  }
  const { policy } = await readPolicy();
  const keys = await openInstallationKeys(folder);
  const { certificates, name } = await openCredentialSigner(policy, keys);
  const { source } = policy.signing;
  return {
    ...{ installation: keys.id, folder, source, signer: name },
    validUntil: new Date(new X509Certificate(certificates[0]!).validTo).toISOString(),
    ...(source === 'installation' ? { anchor: join(folder, CHAIN_FILE) } : {}),
  };
}
