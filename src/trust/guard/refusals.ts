import type { ErrorCode } from '../../core/errors.ts';

/** Codes with which moderation, a list or the policy ends a run: nothing of such a run is kept. */
export const REFUSALS: readonly ErrorCode[] = ['CONTENT_BLOCKED', 'POLICY_FORBIDS'];
