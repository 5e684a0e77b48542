/** Why a job has no output, in words for whoever started it. */
import { type TextKey, t } from '../../i18n/i18n.ts';
import type { Job } from '../../state/jobs.ts';

const TITLES: Readonly<Record<string, TextKey>> = {
  CONTENT_BLOCKED: 'outcome.blocked',
  POLICY_FORBIDS: 'outcome.policy',
  POLICY_INVALID: 'outcome.policy',
  LICENSE_FORBIDS_COMMERCIAL_USE: 'outcome.policy',
  TARGET_NO_FACE: 'outcome.noFaceTarget',
  SOURCE_NO_FACE: 'outcome.noFaceSource',
  FACE_DEGENERATE: 'outcome.noFaceTarget',
  MEMORY_LIMIT: 'outcome.memory',
  MODEL_NOT_FOUND: 'outcome.model',
  MODEL_CORRUPT: 'outcome.model',
  DOWNLOAD_FAILED: 'outcome.model',
  INPUT_NOT_FOUND: 'outcome.input',
  INPUT_UNREADABLE: 'outcome.input',
  INPUT_UNSUPPORTED: 'outcome.input',
  INPUT_TOO_LARGE: 'outcome.input',
  VIDEO_TRUNCATED: 'outcome.input',
  OUTPUT_FAILED: 'outcome.output',
  STORAGE_FAILED: 'outcome.output',
  PROVIDER_UNAVAILABLE: 'outcome.provider',
  INFERENCE_FAILED: 'outcome.provider',
  CREDENTIALS_FAILED: 'outcome.credentials',
};

export const titleOf = ({ state, error }: Job): string =>
  state === 'cancelled' ? t('outcome.cancelled') : t(TITLES[error?.code ?? ''] ?? 'outcome.failed');

/** Codes by which the policy ended a job: nothing goes round it. */
export const isByPolicy = ({ error }: Job): boolean =>
  ['CONTENT_BLOCKED', 'POLICY_FORBIDS', 'POLICY_INVALID', 'LICENSE_FORBIDS_COMMERCIAL_USE'].includes(error?.code ?? '');

export type NextStep = 'retry' | 'target' | 'source' | 'change' | 'system';

const STEPS: Readonly<Record<string, NextStep>> = {
  CONTENT_BLOCKED: 'target',
  TARGET_NO_FACE: 'target',
  FACE_DEGENERATE: 'target',
  SOURCE_NO_FACE: 'source',
  INPUT_NOT_FOUND: 'target',
  INPUT_UNREADABLE: 'target',
  INPUT_UNSUPPORTED: 'target',
  INPUT_TOO_LARGE: 'target',
  VIDEO_TRUNCATED: 'target',
  MODEL_NOT_FOUND: 'system',
  MODEL_CORRUPT: 'system',
  PROVIDER_UNAVAILABLE: 'system',
};

/** The one thing to do next; the first is offered as the button. */
export function nextSteps(job: Job): readonly NextStep[] {
  const first = STEPS[job.error?.code ?? ''];
  if (job.state === 'cancelled' || job.error?.retryable) return ['retry', 'change'];
  if (first) return [first, 'change'];
  return isByPolicy(job) ? ['change'] : ['retry', 'change'];
}
