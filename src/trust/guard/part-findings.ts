/** What was found in one chunk of a video. It is kept with the chunk, since another run, elsewhere, may join it. */
import { AppError } from '../../core/errors.ts';
import type { HighestScores, Role, RunFindings, RunGuard } from './run-guard.ts';

/** Of the policy's limit, what is left where a face may be too young. */
export const STRICTER = 0.7;

export interface PartFindings {
  /** Pictures that were looked at for content. */
  readonly looks: number;
  readonly scores: HighestScores;
  readonly sawYoungFace: boolean;
}

/** Notes a look at a picture, in the run and in its part. */
export function noteLook(found: RunFindings, role: Role, score: number): void {
  for (const one of [found, found.part]) {
    one.looks++;
    one.scores[role] = Math.max(one.scores[role] ?? 0, score);
  }
}

/** Notes a face that may be too young, in the run and in its part. */
export function noteYoungFace(found: RunFindings): void {
  found.sawYoungFace = true;
  found.part.sawYoungFace = true;
}

/** Ends a part. @returns what was found in it */
export function closePart(found: RunFindings): PartFindings {
  const { part } = found;
  found.part = { looks: 0, scores: {}, sawYoungFace: false };
  return part;
}

/** Takes up what an earlier run, perhaps on another machine, has found in a part. */
export function addPart(found: RunFindings, part: PartFindings): void {
  found.looks += part.looks;
  for (const [role, score] of Object.entries(part.scores) as [Role, number][]) {
    found.scores[role] = Math.max(found.scores[role] ?? 0, score);
  }
  found.sawYoungFace ||= part.sawYoungFace;
}

/**
 * The limit is lower behind a face that may be too young, which a run that made a later part alone did not know of.
 * @param parts in the order of the video
 * @throws CONTENT_BLOCKED as the run of the whole video would
 */
export function judgeParts(parts: readonly PartFindings[], { installed }: Pick<RunGuard, 'installed'>): void {
  const limit = installed.policy.moderation.threshold * STRICTER;
  let sawYoungFace = false;
  for (const [index, part] of parts.entries()) {
    const roles = (['target', 'result'] as const).filter((role) => (part.scores[role] ?? 0) >= limit);
    if (sawYoungFace && roles.length > 0) {
      throw new AppError('CONTENT_BLOCKED', `The ${roles[0]} shows sexual content in chunk ${index}.`, {
        hint: 'A face in an earlier one may be that of a minor, so that the limit is lower. Nothing of the output was kept.',
        details: {
          ...{ category: 'sexual-content', role: roles[0], policyKey: 'moderation.threshold', chunk: index },
          ...{ score: part.scores[roles[0]!], limit, isLowered: true, scores: part.scores },
        },
      });
    }
    sawYoungFace ||= part.sawYoungFace;
  }
}
