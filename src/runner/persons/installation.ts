import { type AuditLog, auditFolder, openAuditLog } from '../../trust/audit/audit-log.ts';
import { type InstallationKeys, keyFolder, openInstallationKeys } from '../../trust/keys/installation-keys.ts';

/** What changes of lists and consents need of an installation. */
export interface Installation {
  readonly environment: NodeJS.ProcessEnv;
  readonly keys: InstallationKeys;
  readonly audit: AuditLog;
}

/** @throws KEYS_UNUSABLE, OUTPUT_FAILED */
export async function openInstallation(environment: NodeJS.ProcessEnv = process.env): Promise<Installation> {
  const keys = await openInstallationKeys(keyFolder(environment));
  return { environment, keys, audit: await openAuditLog({ folder: auditFolder(environment), keys }) };
}
