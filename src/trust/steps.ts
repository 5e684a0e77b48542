/**
 * What happens to every output, whoever asks for it. The frame loops of this folder are the only ones, and they call
 * these steps in the order of `TRUST_STEPS`; no option leaves one out. Content moderation, consent, a watermark or an
 * audit record is one more file here and one more line in the list.
 */
import type { I420Frame, RgbImage } from '../core/image.ts';
import { provenance } from './provenance.ts';
import type { TrustedRun, TrustStep } from './trust-step.ts';

/** The steps, in order. */
const TRUST_STEPS: readonly TrustStep[] = [provenance];

export async function beforeFirstFrame(run: TrustedRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.beforeFirstFrame?.(run);
}

export async function afterEachFrame(picture: I420Frame | RgbImage, run: TrustedRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.afterEachFrame?.(picture, run);
}

export async function beforePublish(run: TrustedRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.beforePublish?.(run);
}
