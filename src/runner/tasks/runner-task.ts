import type { z } from 'zod';
import type { RunContext } from '../run-context.ts';

/** One kind of work that a runner does. Parameters and results are JSON. */
export interface RunnerTask<Name extends string, Parameters, Result> {
  readonly name: Name;
  /** Parsed by the runner. */
  readonly parameters: z.ZodType<Parameters>;
  /** Parsed by its client. What it does not name passes unread: both sides are of one version. */
  readonly result: z.ZodType<Result>;
  /**
   * Imports what does the work itself and late: the client reads this file, too, and a cancellation is to be heard while
   * ONNX Runtime and sharp are loading.
   */
  run(parameters: Parameters, context: RunContext): Promise<Result>;
}

export const defineTask = <const Name extends string, Parameters, Result>(
  task: RunnerTask<Name, Parameters, Result>,
): RunnerTask<Name, Parameters, Result> => task;
