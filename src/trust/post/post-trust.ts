/** What watches over post-processing: the same keys, policy and log as over the run that made the output. */
import { createWatermarkDetector, type WatermarkDetector } from '../../engine/watermark/detect-watermark.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { type CredentialSigner, openCredentialSigner } from '../credentials/credential-signer.ts';
import type { InstallationKeys } from '../keys/installation-keys.ts';
import type { InstallationPolicy } from '../policy/read-policy.ts';

export interface PostTrust {
  readonly installed: InstallationPolicy;
  readonly keys: InstallationKeys;
  readonly audit: AuditLog;
  readonly signer: CredentialSigner;
  readonly detector: WatermarkDetector;
  /** Of this product. */
  readonly version: string;
}

/** @throws KEYS_UNUSABLE */
export async function openPostTrust(
  parts: Pick<PostTrust, 'installed' | 'keys' | 'audit' | 'version'>,
): Promise<PostTrust> {
  const { installed, keys } = parts;
  return {
    ...parts,
    signer: await openCredentialSigner(installed.policy, keys),
    detector: createWatermarkDetector(keys.watermark),
  };
}
