import type { OpenedModel } from '../engine/inference/session.ts';
import type { Note } from '../engine/processors/processor.ts';
import type { FrameCounts } from '../trust/frame-counts.ts';
import type { RunGuard } from '../trust/guard/run-guard.ts';
import type { RunTiming } from '../trust/stage-clock.ts';

/** A source photo as the run used it. */
export interface UsedSource {
  readonly path: string;
  /** Faces found in it; the largest was used. */
  readonly faces: number;
  /** How sure the detector was of the face that was used, 0..1. */
  readonly score: number;
}

/** A model file that took part in a run. */
export type UsedModel = OpenedModel;

/** What the audit log calls an output. */
export interface AuditedOutput {
  /** As the invisible mark says it: the beginning of the key of the job. */
  readonly job: string;
  /** Number of its entry. */
  readonly entry: number;
}

/** What a run did. */
export interface ProcessResult {
  /** `copied`: no face qualified and `onNoFace` was `copy`; the output has the target's bytes. */
  readonly outcome: 'completed' | 'copied' | 'chunk';
  readonly kind: 'image' | 'video';
  readonly outputPath: string;
  /** Pixels of the output as it is displayed. */
  readonly width: number;
  readonly height: number;
  readonly frames: FrameCounts;
  /** What the user should know although the run ended well. */
  readonly notes: readonly Note[];
  readonly sources: readonly UsedSource[];
  readonly models: readonly UsedModel[];
  /** Execution providers that the models ran on, in order of preference; what none takes runs on the processor. */
  readonly providers: readonly string[];
  readonly timing: RunTiming;
  /** Absent where nothing was published but a copy of the target. */
  readonly audit?: AuditedOutput;
}

/** @returns what a result says of the output that a guard has let pass; nothing before */
export const auditOf = ({ found, payload }: Pick<RunGuard, 'found' | 'payload'>): Pick<ProcessResult, 'audit'> =>
  found.entry === undefined ? {} : { audit: { job: payload.job, entry: found.entry } };
