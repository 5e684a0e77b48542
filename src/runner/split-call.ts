import type { RunContext } from './run-context.ts';

/**
 * Takes the one object of a library call apart: what belongs to the run's surroundings, and the options, which are
 * parsed later and may still be wrong.
 */
export function splitCall(call: unknown): { readonly options: unknown; readonly context: RunContext } {
  if (typeof call !== 'object' || call === null) return { options: call, context: {} };
  const { signal, onProgress, logger, modelDirectory, ...options } = call as RunContext;
  return { options, context: { signal, onProgress, logger, modelDirectory } };
}
