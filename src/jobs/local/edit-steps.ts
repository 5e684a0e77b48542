/** Changes of a list of steps, in which later steps may go on with the outputs of earlier ones. */
import { AppError } from '../../core/errors.ts';
import type { JobStep } from '../job.ts';

/**
 * The step that an index means. As in FaceFusion a negative one means the last.
 * @throws OPTION_INVALID
 */
export function stepIndex(steps: readonly JobStep[], index: number): number {
  const last = steps.length - 1;
  if (Number.isInteger(index) && index <= last && last >= 0) return index < 0 ? last : index;
  const expected = last < 0 ? 'a job with steps' : `an index of 0..${last}`;
  throw new AppError('OPTION_INVALID', `Expected ${expected}, received the step ${index}.`, {
    hint: 'Steps are counted from 0; a negative index means the last.',
    details: { option: 'stepIndex' },
  });
}

/** Puts a step before another. @throws OPTION_INVALID where there is no such other */
export function insertBefore(steps: readonly JobStep[], index: number, step: JobStep): JobStep[] {
  const place = stepIndex(steps, index);
  const moved = renumber(steps, (earlier) => (earlier >= place ? earlier + 1 : earlier));
  return [...moved.slice(0, place), step, ...moved.slice(place)];
}

/** @throws OPTION_INVALID where there is no such step; JOB_STATE where another goes on with its output */
export function removeAt(steps: readonly JobStep[], index: number): JobStep[] {
  const place = stepIndex(steps, index);
  const user = steps.findIndex(({ target }) => target.kind === 'step' && target.index === place);
  if (user >= 0) {
    throw new AppError('JOB_STATE', `Step ${user} goes on with the output of step ${place}.`, {
      hint: `Remove step ${user} first.`,
      details: { step: place, neededBy: user },
    });
  }
  const moved = renumber(steps, (earlier) => (earlier > place ? earlier - 1 : earlier));
  return moved.filter((_, at) => at !== place);
}

const renumber = (steps: readonly JobStep[], to: (earlier: number) => number): JobStep[] =>
  steps.map((step) =>
    step.target.kind === 'step' ? { ...step, target: { kind: 'step', index: to(step.target.index) } } : step,
  );
