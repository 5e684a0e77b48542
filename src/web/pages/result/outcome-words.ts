/** Why a job has no output, in words for whoever started it. */
import { t } from '../../i18n/i18n.ts';
import { errorWords } from '../../state/error-words.ts';
import type { Job } from '../../state/jobs.ts';

export const titleOf = ({ state, error }: Job): string =>
  state === 'cancelled' ? t('outcome.cancelled') : error ? errorWords(error).title : t('outcome.failed');

/** Codes by which the policy ends something: nothing goes round it. */
export const isPolicyCode = (code: string | undefined): boolean =>
  ['CONTENT_BLOCKED', 'POLICY_FORBIDS', 'POLICY_INVALID', 'LICENSE_FORBIDS_COMMERCIAL_USE'].includes(code ?? '');
export const isByPolicy = ({ error }: Job): boolean => isPolicyCode(error?.code);

export type NextStep = 'retry' | 'target' | 'source' | 'change' | 'system' | 'endBefore';

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
  OUTPUT_FAILED: 'system',
  STORAGE_FAILED: 'system',
};

/** The one thing to do next; the first is offered as the button. */
export function nextSteps(job: Job): readonly NextStep[] {
  const { role, frame = 0 } = job.error?.facts ?? {};
  if (job.state === 'cancelled' || job.error?.retryable) return ['retry', 'change'];
  if (isByPolicy(job)) {
    if (role === 'source') return ['source', 'change'];
    // What comes before the frame may be worked on.
    if (role !== undefined) return frame > 0 ? ['endBefore', 'target'] : ['target', 'change'];
  }
  const first = STEPS[job.error?.code ?? ''];
  if (first) return [first, 'change'];
  return isByPolicy(job) ? ['change'] : ['retry', 'change'];
}
