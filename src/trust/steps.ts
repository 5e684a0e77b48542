/**
 * What happens to every output, whoever asks for it. The frame loops of this folder are the only ones, and they call
 * these steps in the order of `TRUST_STEPS`; no option leaves one out. Another duty is one more file and one more line.
 */
import { toAppError } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import type { Picture } from '../engine/frames/picture.ts';
import type { TargetFace } from '../engine/processors/processor.ts';
import { auditRecord } from './guard/audit-record.ts';
import { contentCheck } from './guard/content-check.ts';
import { contentCredentials } from './guard/content-credentials.ts';
import { invisibleMark } from './guard/invisible-mark.ts';
import { latestFrame } from './guard/latest-frame.ts';
import { personCheck } from './guard/person-check.ts';
import { namingRun } from './guard/refusals.ts';
import { visibleLabel } from './guard/visible-label.ts';
import { provenance } from './provenance.ts';
import type { LiveEnd, MadeChunk, PicturePlace, PublishingRun, TrustedRun, TrustStep } from './trust-step.ts';

/** The steps, in order: the mark comes after the last look at the pixels, the record after everything else. */
const TRUST_STEPS: readonly TrustStep[] = [
  personCheck,
  contentCheck,
  visibleLabel,
  latestFrame,
  invisibleMark,
  provenance,
  contentCredentials,
  auditRecord,
];

/**
 * Does the work of a run between its first and its last step.
 * @throws what a step throws before the first frame, which refuses the run; what the work throws, after the steps have
 *   been told
 */
export async function whileWatched<T>(run: TrustedRun, work: () => Promise<T>): Promise<T> {
  return namingRun(run.guard.payload.job, async () => {
    for (const step of TRUST_STEPS) await step.beforeFirstFrame?.(run);
    try {
      return await work();
    } catch (error) {
      for (const step of TRUST_STEPS) await step.afterFailure?.(toAppError(error), run);
      throw error;
    }
  });
}

export async function onOriginal(
  picture: Picture,
  faces: readonly TargetFace[],
  place: PicturePlace,
  run: TrustedRun,
): Promise<void> {
  for (const step of TRUST_STEPS) {
    if (!step.onOriginal) continue;
    run.clock.enter(step.stage ?? 'moderate');
    await step.onOriginal(picture, faces, place, run);
  }
}

export async function afterEachFrame(
  picture: I420Frame | RgbImage,
  place: PicturePlace,
  run: TrustedRun,
): Promise<void> {
  for (const step of TRUST_STEPS) {
    if (!step.afterEachFrame) continue;
    run.clock.enter(step.stage ?? 'moderate');
    await step.afterEachFrame(picture, place, run);
  }
}

export async function afterChunk(chunk: MadeChunk, run: TrustedRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.afterChunk?.(chunk, run);
}

export async function beforePublish(run: PublishingRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.beforePublish?.(run);
}

export async function afterLive(end: LiveEnd, run: TrustedRun): Promise<void> {
  for (const step of TRUST_STEPS) await step.afterLive?.(end, run);
}
