import { basename } from 'node:path';
import { withDetails } from '../core/errors.ts';
import type { Json } from '../trust/audit/canonical-json.ts';
import { isRefusal } from '../trust/guard/refusals.ts';
import { openInstallation } from './persons/installation.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * Does a run. Where moderation, a list or the policy refuses it, the audit log says so before anybody else learns of it.
 * @throws what the run throws, a refusal with the number of its entry as `auditEntry`; OUTPUT_FAILED or AUDIT_BROKEN where the refusal cannot be recorded, with it as its cause
 */
export async function recordRefusals<T>(
  { options, installed }: Pick<PreparedRun, 'options' | 'installed'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { run: job, ...said } = error.details ?? {};
    const details = { ...said, ...limitSetBy(said, installed) };
    const { audit } = await openInstallation();
    const { seq: auditEntry } = await audit.append({
      kind: 'run.refused',
      facts: {
        ...(typeof job === 'string' ? { job } : {}),
        code: error.code,
        policy: installed.hash,
        processors: [...options.processors],
        // Scores, ids and places; never pictures or embeddings.
        ...(Object.keys(details).length > 0 ? { details: JSON.parse(JSON.stringify(details)) as Json } : {}),
      },
      personal: { target: basename(options.targetPath) },
    });
    throw withDetails(error, { ...details, auditEntry });
  }
}

/** Whose limit it was, unless the refusal says so itself. */
function limitSetBy(
  { policyKey, limitSetBy: said }: Readonly<Record<string, unknown>>,
  { origin }: PreparedRun['installed'],
): { readonly limitSetBy?: 'default' | 'policy' } {
  if (typeof policyKey !== 'string' || said !== undefined) return {};
  const from = origin[policyKey];
  return from === undefined ? {} : { limitSetBy: from === 'default' ? 'default' : 'policy' };
}
