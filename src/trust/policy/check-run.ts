import { AppError } from '../../core/errors.ts';
import type { Policy } from './policy-schema.ts';

/** What a run asks for, as far as a policy has a say in it. */
export interface RunRequest {
  readonly processors: readonly string[];
  readonly licensePolicy: 'commercial' | 'any';
  /** Why Content Credentials cannot be made here; undefined where they can, or where that is not known yet. */
  readonly credentialsMissing?: string | undefined;
}

/**
 * Holds a run against the policy, before anything of it is read.
 * @throws POLICY_FORBIDS with what is allowed
 */
export function checkRun(policy: Policy, { processors, licensePolicy, credentialsMissing }: RunRequest): void {
  const allowed: readonly string[] = policy.processors;
  const refused = processors.filter((id) => !allowed.includes(id));
  if (refused.length > 0) {
    throw forbidden(`The policy of this installation does not allow ${refused.join(', ')}.`, {
      hint: `It allows: ${allowed.join(', ')}.`,
      details: { category: 'not-allowed', policyKey: 'processors', refused, allowed },
    });
  }
  if (policy.licensePolicy === 'commercial' && licensePolicy !== 'commercial') {
    throw forbidden('The policy of this installation allows only models whose licence lets you sell what they make.', {
      hint: 'Leave --license-policy out, or write: --license-policy commercial',
      details: { category: 'not-allowed', policyKey: 'licensePolicy', allowed: ['commercial'] },
    });
  }
  if (policy.credentials === 'required' && credentialsMissing !== undefined) {
    throw forbidden(`The policy asks for Content Credentials, and none can be made: ${credentialsMissing}`, {
      hint: 'Put that right, or ask whoever keeps the policy for credentials: preferred.',
      details: { category: 'not-allowed', policyKey: 'credentials' },
    });
  }
}

const forbidden = (message: string, options: ConstructorParameters<typeof AppError>[2]): AppError =>
  new AppError('POLICY_FORBIDS', message, options);
