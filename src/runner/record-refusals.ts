import { basename } from 'node:path';
import { isAppError } from '../core/errors.ts';
import type { Json } from '../trust/audit/canonical-json.ts';
import { REFUSALS } from '../trust/guard/refusals.ts';
import { openInstallation } from './persons/installation.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * Does a run. Where moderation, a list or the policy refuses it, the audit log says so before anybody else learns of it.
 * @throws what the run throws; OUTPUT_FAILED or AUDIT_BROKEN where the refusal cannot be recorded, with it as its cause
 */
export async function recordRefusals<T>(
  { options, installed }: Pick<PreparedRun, 'options' | 'installed'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isAppError(error) || !REFUSALS.includes(error.code)) throw error;
    const { audit } = await openInstallation();
    await audit.append({
      kind: 'run.refused',
      facts: {
        code: error.code,
        policy: installed.hash,
        processors: [...options.processors],
        // Scores, ids and places; never pictures or embeddings.
        ...(error.details ? { details: JSON.parse(JSON.stringify(error.details)) as Json } : {}),
      },
      personal: { target: basename(options.targetPath) },
    });
    throw error;
  }
}
