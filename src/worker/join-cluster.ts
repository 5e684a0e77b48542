/**
 * All workers of a cluster mark, sign and record as one installation: a mark is only found by who has its key, and chunks
 * of one video must carry the same. The first worker registers the installation; others are compared with it.
 */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { Store } from '../jobs/store/store.ts';
import { productVersion } from '../runner/product-version.ts';
import { openInstallationKeys } from '../trust/keys/installation-keys.ts';
import { readPolicy } from '../trust/policy/read-policy.ts';

const KIND = 'installation';
const ID = 'cluster';

const registeredSchema = z.object({ installation: z.string(), policy: z.string(), version: z.string() }).strict();

/** Who works here, and by which rules. */
export interface ClusterMember {
  readonly installation: string;
  /** Hash of the policy. */
  readonly policy: string;
  readonly version: string;
}

/** Keys and policy of this machine. Keys are made where there are none. @throws KEYS_UNUSABLE, POLICY_INVALID */
export async function describeMember(): Promise<ClusterMember> {
  const [keys, policy] = [await openInstallationKeys(), await readPolicy()];
  return { installation: keys.id, policy: policy.hash, version: productVersion() };
}

/**
 * Registers the first, compares the others. A new version or policy of the same installation takes the place of the old
 * one, so that a cluster can be brought up to date worker by worker.
 * @returns whether the policy or the version is another than that of the cluster until now
 * @throws KEYS_UNUSABLE for another installation; STORE_FAILED
 */
export async function joinCluster(store: Store, member: ClusterMember): Promise<{ readonly isChanged: boolean }> {
  const value = { ...member };
  if (await store.create(KIND, { id: ID, tenant: 'system', state: 'registered', value })) return { isChanged: false };
  let before: ClusterMember | undefined;
  await store.update(KIND, ID, (document) => {
    before = registeredSchema.parse(document.value);
    if (before.installation !== member.installation) return undefined;
    return { state: 'registered', value };
  });
  if (before && before.installation !== member.installation) {
    throw new AppError(
      'KEYS_UNUSABLE',
      `Expected the keys of installation ${before.installation}, which this cluster works with, received ${member.installation}.`,
      {
        hint: 'Give every worker the same keys: mount one folder read-only and name it with FACEFUSION_KEYS. See `facefusion keys show` and docs/cluster.md.',
        details: { expected: before.installation, received: member.installation },
      },
    );
  }
  return { isChanged: before !== undefined && (before.policy !== member.policy || before.version !== member.version) };
}
